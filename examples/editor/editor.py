"""A text editor with a native menu, which closes no window with text that is not saved: `python editor.py [file]`.

`python editor.py --check file` writes to the file, tries to close the window too early, and ends with status 0 if all of
that worked.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from transom import (
    AboutMetadata,
    AppHandle,
    Builder,
    CheckMenuItemBuilder,
    Menu,
    MenuEvent,
    MenuItemBuilder,
    PredefinedMenuItem,
    State,
    SubmenuBuilder,
    Window,
    WindowEvent,
    command,
    generate_context,
    generate_handler,
)


@dataclass
class Document:
    """The file that is edited."""

    path: Path
    dirty: bool = False


def make_menu(app: AppHandle) -> Menu:
    """Return the menu bar."""
    file = (
        SubmenuBuilder(app, "&File")
        .item(MenuItemBuilder("&Save").id("save").accelerator("CmdOrCtrl+S").build(app))
        .item(MenuItemBuilder("&Revert").id("revert").build(app))
        .separator()
        .close_window()
        .quit()
        .build()
    )
    edit = SubmenuBuilder(app, "&Edit").undo().redo().separator().cut().copy().paste().select_all().build()
    view = (
        SubmenuBuilder(app, "&View")
        .item(CheckMenuItemBuilder("&Wrap lines").id("wrap").checked(True).accelerator("Alt+Z").build(app))
        .separator()
        .item(MenuItemBuilder("Text &larger").id("larger").accelerator("CmdOrCtrl+Equal").build(app))
        .item(MenuItemBuilder("Text s&maller").id("smaller").accelerator("CmdOrCtrl+Minus").build(app))
        .separator()
        .fullscreen()
        .build()
    )
    about = AboutMetadata(name="Editor", version="0.1.0", comments="An example of transom")
    help_menu = SubmenuBuilder(app, "&Help").item(PredefinedMenuItem.about(app, None, about)).build()
    return Menu.with_items(app, [file, edit, view, help_menu])


def on_menu(app: AppHandle, event: MenuEvent) -> None:
    """Tell the page what was chosen: it has the text."""
    app.emit("menu", event.id)


def on_window_event(window: Window, event: WindowEvent) -> None:
    """Keep the window open while there is text that is not saved, and let the page ask what to do."""
    match event:
        case WindowEvent.CloseRequested(api=api) if window.state(Document).dirty:
            api.prevent_close()
            window.emit("ask")


@command
def load(document: State[Document], window: Window) -> str:
    """Return the file's text; of a file that is not there yet an empty one."""
    mark(document, window, False)
    return document.path.read_text("utf-8") if document.path.exists() else ""


@command
def save(document: State[Document], window: Window, text: str) -> None:
    """Write the file."""
    document.path.write_text(text, "utf-8")
    mark(document, window, False)


@command
def changed(document: State[Document], window: Window) -> None:
    """Note that there is text that is not saved."""
    mark(document, window, True)


def mark(document: Document, window: Window, dirty: bool) -> None:
    """Say in the title whether there is text that is not saved."""
    document.dirty = dirty
    window.set_title(f"{'• ' if dirty else ''}{document.path.name} - Editor")


@command
def discard(window: Window) -> None:
    """Close the window without saving."""
    window.destroy()


@command
def checked(app: AppHandle, document: State[Document], failures: list[str]) -> None:
    """End the check."""
    if document.path.read_text("utf-8") != "checked":
        failures.append("the file was not written")
    sys.stdout.write("\n".join(failures or ["editor: ok"]) + "\n")
    app.exit(1 if failures else 0)


def setup(app: AppHandle, *, check: bool) -> None:
    """Show the file's name, and begin the check."""
    window = app.get_webview_window("main")
    assert window is not None
    mark(app.state(Document), window, False)
    if check:
        window.eval("check()")


def main() -> int:
    """Run the editor."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    return (
        Builder()
        .manage(Document(Path(arguments[0] if arguments else "untitled.txt")))
        .menu(make_menu)
        .on_menu_event(on_menu)
        .on_window_event(on_window_event)
        .invoke_handler(generate_handler(load, save, changed, discard, checked))
        .setup(partial(setup, check="--check" in sys.argv))
        .run(generate_context())
    )


if __name__ == "__main__":
    sys.exit(main())
