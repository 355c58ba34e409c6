"""An application with menus, for `test_webkitgtk_menu.py`: `python -m tests.menu.menu_application FOLDER`.

It prints what happens, a JSON value a line, and does what it reads: lines of Python with `app` and `window`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transom import (
    AppHandle,
    Builder,
    CheckMenuItem,
    Context,
    Menu,
    MenuEvent,
    MenuItem,
    MenuItemBuilder,
    PredefinedMenuItem,
    Submenu,
    SubmenuBuilder,
    TransomError,
    Window,
    command,
    generate_handler,
)
from transom.config import AppConfig, BuildConfig, Config, WindowConfig


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def make_menu(app: AppHandle) -> Menu:
    file = (
        SubmenuBuilder(app, "&File")
        .item(MenuItemBuilder.with_id("open", "&Open").accelerator("CmdOrCtrl+O").build(app))
        .item(MenuItemBuilder.with_id("off", "O&ff").enabled(False).accelerator("CmdOrCtrl+J").build(app))
        .separator()
        .close_window()
        .build()
    )
    edit = Submenu.with_items(
        app,
        "&Edit",
        True,
        [PredefinedMenuItem.select_all(app), PredefinedMenuItem.copy(app), PredefinedMenuItem.cut(app)],
    )
    view = Submenu.with_items(
        app, "&View", True, [CheckMenuItem.with_id(app, "wrap", "&Wrap"), PredefinedMenuItem.fullscreen(app)]
    )
    return Menu.with_items(app, [file, edit, view])


@command
def report(value: Any = None) -> None:
    say({"page": value})


def refused(use: Callable[[], object]) -> str:
    try:
        use()
    except TransomError as error:
        return str(error)
    return ""


def listen(app: AppHandle, scope: dict[str, Any]) -> None:
    for line in sys.stdin:
        exec(line, scope)
    app.exit()


def setup(app: AppHandle) -> None:
    window = app.get_window("main")
    assert window is not None
    window.on_menu_event(on_window_menu_event)
    scope = {
        "app": app,
        "window": window,
        "say": say,
        "refused": refused,
        "MenuItem": MenuItem,
        "Menu": Menu,
        "Submenu": Submenu,
    }
    threading.Thread(target=listen, args=(app, scope), daemon=True).start()


def on_window_menu_event(window: Window, event: MenuEvent) -> None:
    say({"window": window.label, "id": event.id})


async def on_menu_event(app: AppHandle, event: MenuEvent) -> None:
    menu = app.menu()
    assert menu is not None
    wrap = menu.items()[2].get("wrap") if len(menu.items()) == 3 else None  # a page sets another one
    say({"app": event.id, "wrap": wrap.is_checked() if wrap else None})


def main() -> int:
    config = Config(
        folder=Path(sys.argv[1]),
        file="tauri.conf.json",
        identifier="org.example.menus",
        product_name="menus",
        app=AppConfig(windows=(WindowConfig(label="main", title="menus", width=400, height=300),)),
        build=BuildConfig(frontend_dist="."),
    )
    return (
        Builder()
        .menu(make_menu)
        .on_menu_event(on_menu_event)
        .invoke_handler(generate_handler(report))
        .setup(setup)
        .run(Context(config=config), "webkitgtk")
    )


if __name__ == "__main__":
    sys.exit(main())
