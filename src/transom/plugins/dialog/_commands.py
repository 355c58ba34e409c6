"""The commands of the plugin, as `@tauri-apps/plugin-dialog` calls them."""

from __future__ import annotations

from typing import Any

import msgspec

from ...commands import command
from ...handles import State, Webview, Window
from ._files import Choice, choose
from ._messages import Kind, Message, buttons_of, show
from ._page import PageDialogs

__all__ = ["COMMANDS"]

_AT_ONCE = 8  # dialogs of each kind that are open; the others wait for their turn


class Filter(msgspec.Struct):
    """A kind of files."""

    name: str
    extensions: list[str]


class OpenOptions(msgspec.Struct, rename="camel"):
    """How to choose what to open. `picker_mode` and `file_access_mode` are for phones."""

    title: str | None = None
    filters: list[Filter] | None = None
    default_path: str | None = None
    multiple: bool | None = None
    directory: bool | None = None
    recursive: bool | None = None
    can_create_directories: bool | None = None


class SaveOptions(msgspec.Struct, rename="camel"):
    """How to choose where to save."""

    title: str | None = None
    filters: list[Filter] | None = None
    default_path: str | None = None
    can_create_directories: bool | None = None


def _filters(filters: list[Filter] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((kind.name, tuple(kind.extensions)) for kind in filters or ())


@command(name="open", concurrency=_AT_ONCE)
async def open_(window: Window, options: OpenOptions) -> str | list[str] | None:
    """Let people choose files or folders; a list when several can be chosen, `None` when the dialog is closed."""
    choice = Choice(
        "folder" if options.directory else "open",
        options.title,
        bool(options.multiple),
        _filters(options.filters),
        options.default_path,
        bool(options.recursive),
        options.can_create_directories is not False,
    )
    found = [str(path) for path in await choose(window, choice)]
    if not found:
        return None
    return found if options.multiple else found[0]


@command(concurrency=_AT_ONCE)
async def save(window: Window, options: SaveOptions) -> str | None:
    """Let people choose where to save; `None` when the dialog is closed."""
    choice = Choice(
        "save",
        options.title,
        filters=_filters(options.filters),
        default_path=options.default_path,
        create_folders=options.can_create_directories is not False,
    )
    found = await choose(window, choice)
    return str(found[0]) if found else None


@command(concurrency=_AT_ONCE)
async def message(
    window: Window,
    webview: Webview,
    message: str,
    title: str | None = None,
    kind: Kind | None = None,
    buttons: Any = None,
    ok_button_label: str | None = None,
) -> str:
    """Show a message and return the label of the pressed button. Version 2.0.0 of the package sends `okButtonLabel`."""
    labels = buttons_of(buttons) if ok_button_label is None else (ok_button_label,)
    return await show(window, webview, Message(message, title, kind or "info", labels))


@command(concurrency=_AT_ONCE)
async def ask(
    window: Window,
    webview: Webview,
    message: str,
    title: str | None = None,
    kind: Kind | None = None,
    ok_button_label: str | None = None,
    cancel_button_label: str | None = None,
    yes_button_label: str | None = None,
    no_button_label: str | None = None,
) -> bool:
    """Ask a question and tell whether the answer is yes; older versions of the package call it."""
    yes = ok_button_label or yes_button_label or "Yes"
    labels = (yes, cancel_button_label or no_button_label or "No")
    return await show(window, webview, Message(message, title, kind or "info", labels)) == yes


@command(concurrency=_AT_ONCE)
async def confirm(
    window: Window,
    webview: Webview,
    message: str,
    title: str | None = None,
    kind: Kind | None = None,
    ok_button_label: str | None = None,
    cancel_button_label: str | None = None,
) -> bool:
    """Ask for leave and tell whether it was given; older versions of the package call it."""
    ok = ok_button_label or "Ok"
    labels = (ok, cancel_button_label or "Cancel")
    return await show(window, webview, Message(message, title, kind or "info", labels)) == ok


@command
async def answered(dialogs: State[PageDialogs], id: str, index: int | None = None) -> None:  # noqa: A002
    """Take the answer to a message that the page shows itself."""
    dialogs.answered(id, index)


COMMANDS = (open_, save, message, ask, confirm, answered)
