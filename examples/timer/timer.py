"""A timer that lives in the tray: `python timer.py [minutes]`. Closing its window hides it; Quit in the tray ends it.

`python timer.py --check` shows the window, uses everything once, and ends with status 0 if all of it worked.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from functools import partial

from transom import (
    AppHandle,
    Builder,
    CheckMenuItem,
    Image,
    MenuBuilder,
    MenuEvent,
    State,
    TrayIcon,
    TrayIconBuilder,
    TrayIconEvent,
    Window,
    WindowEvent,
    command,
    generate_context,
    generate_handler,
)


@dataclass
class Timer:
    """The time that is left, in seconds. Only the event loop changes it."""

    length: int
    left: int = field(init=False)
    paused: bool = False

    def __post_init__(self) -> None:
        self.left = self.length


def clock(seconds: int) -> str:
    """Return a time as people write it."""
    return f"{seconds // 60}:{seconds % 60:02}"


def draw(part: float) -> Image:
    """Return a pie of 32 pixels of which this part is left."""
    size, pixels = 32, bytearray()
    for y in range(size):
        for x in range(size):
            inside = (x - 15.5) ** 2 + (y - 15.5) ** 2 < 230
            pixels += (
                bytes((224, 80, 48, 255)) if inside and y >= size * (1 - part) else bytes((90, 90, 90, 255 * inside))
            )
    return Image(pixels, size, size)


def show(app: AppHandle) -> None:
    """Show what the timer says, in the page and in the tray."""
    timer = app.state(Timer)
    app.emit("tick", {"left": timer.left, "paused": timer.paused})
    tray = app.tray_by_id("timer")
    if tray is not None:
        tray.set_tooltip(f"{clock(timer.left)} left{', paused' if timer.paused else ''}")
        tray.set_icon(draw(timer.left / timer.length))


async def run(app: AppHandle) -> None:
    """Count the seconds down."""
    timer = app.state(Timer)
    while True:
        await asyncio.to_thread(show, app)
        await asyncio.sleep(1)
        timer.left -= int(timer.left > 0 and not timer.paused)


@command
async def pause(timer: State[Timer], app: AppHandle, paused: bool) -> None:
    """Stop the timer for a while, or let it go on."""
    timer.paused = paused
    await asyncio.to_thread(app.state(CheckMenuItem).set_checked, paused)
    await asyncio.to_thread(show, app)


@command
async def restart(timer: State[Timer], app: AppHandle) -> None:
    """Begin again."""
    timer.left = timer.length
    await asyncio.to_thread(show, app)


@command
def checked(app: AppHandle, failures: list[str]) -> None:
    """End the check."""
    if not app.state(CheckMenuItem).is_checked():
        failures.append("the item of the tray's menu has no mark")
    sys.stdout.write("\n".join(failures or ["timer: ok"]) + "\n")
    app.exit(1 if failures else 0)


async def on_menu(app: AppHandle, event: MenuEvent) -> None:
    """Do what was chosen in the tray's menu."""
    timer = app.state(Timer)
    if event.id == "show":
        await asyncio.to_thread(open_window, app)
    elif event.id == "restart":
        timer.left = timer.length
    elif event.id == "pause":
        timer.paused = app.state(CheckMenuItem).is_checked()
    await asyncio.to_thread(show, app)


def on_click(tray: TrayIcon, event: TrayIconEvent) -> None:
    """Show the window at a click on the icon."""
    match event:
        case TrayIconEvent.Click(button="Left", button_state="Up"):
            open_window(tray.app_handle())


def open_window(app: AppHandle) -> None:
    """Show the window and bring it to the front."""
    window = app.get_window("main")
    if window is not None:
        window.show()
        window.set_focus()


def on_window_event(window: Window, event: WindowEvent) -> None:
    """Hide the window when it is asked to close."""
    match event:
        case WindowEvent.CloseRequested(api=api):
            api.prevent_close()
            window.hide()


def setup(app: AppHandle, *, check: bool) -> None:
    """Make the tray icon, and let the timer run."""
    item = CheckMenuItem.with_id(app, "pause", "&Paused")
    app.manage(item)
    menu = MenuBuilder(app).text("show", "&Show").item(item).text("restart", "Begin &again").separator().quit().build()
    (
        TrayIconBuilder.with_id("timer")
        .icon(draw(1))
        .menu(menu)
        .show_menu_on_left_click(False)
        .on_tray_icon_event(on_click)
        .build(app)
    )
    app.spawn(run(app))
    if check:
        open_window(app)
        app.get_webview_window("main").eval("check()")  # type: ignore[union-attr]  # the configuration has it


def main() -> int:
    """Run the timer."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    minutes = float(arguments[0]) if arguments else 25.0
    return (
        Builder()
        .manage(Timer(max(1, round(minutes * 60))))
        .invoke_handler(generate_handler(pause, restart, checked))
        .on_menu_event(on_menu)
        .on_window_event(on_window_event)
        .setup(partial(setup, check="--check" in sys.argv))
        .run(generate_context())
    )


if __name__ == "__main__":
    sys.exit(main())
