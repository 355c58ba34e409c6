"""Messages with buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from ...errors import CommandError
from ...handles import Manager, Webview
from ._page import PageDialogs
from ._window import outcome, window_of

__all__ = [
    "Buttons",
    "Kind",
    "Message",
    "ask",
    "ask_async",
    "buttons_of",
    "confirm",
    "confirm_async",
    "message",
    "message_async",
    "show",
]

Kind: TypeAlias = Literal["info", "warning", "error"]
Buttons: TypeAlias = Literal["Ok", "OkCancel", "YesNo", "YesNoCancel"]

# Name on the wire -> the labels. The names with `Custom` bring their own.
_LABELS = {
    "Ok": ("Ok",),
    "OkCancel": ("Ok", "Cancel"),
    "YesNo": ("Yes", "No"),
    "YesNoCancel": ("Yes", "No", "Cancel"),
}
_CUSTOM = {"OkCustom": 1, "OkCancelCustom": 2, "YesNoCancelCustom": 3}


class Message(NamedTuple):
    """A message, as a window or a page shows it."""

    text: str
    title: str | None = None
    kind: Kind = "info"
    buttons: tuple[str, ...] = ("Ok",)


def buttons_of(buttons: Any) -> tuple[str, ...]:
    """Return the labels of what a page sends as `buttons`.

    Raises:
        CommandError: It is nothing that the npm package sends.
    """
    if buttons is None:
        return _LABELS["Ok"]
    if isinstance(buttons, str) and buttons in _LABELS:
        return _LABELS[buttons]
    if isinstance(buttons, dict) and len(buttons) == 1:
        [(name, labels)] = buttons.items()
        labels = [labels] if isinstance(labels, str) else labels
        if (
            isinstance(labels, list)
            and len(labels) == _CUSTOM.get(name)
            and all(isinstance(one, str) for one in labels)
        ):
            return tuple(labels)
    raise CommandError(
        f"invalid args `buttons` for command `message`: {str(buttons)[:100]} are not the buttons of a dialog"
    )


async def show(manager: Manager, page: Webview | None, given: Message) -> str:
    """Show a message in front of a window, or in a page where windows are pages; return the label of the pressed button.

    Args:
        manager: A window, or any handle.
        page: The page; `None` for any of the window.
        given: The message.

    Raises:
        CommandError: It cannot be shown.
    """
    window = window_of(manager)
    if window.runtime_name() in ("web", "pywebview"):
        page = page or window.get_webview(window.label)
        if page is None:
            raise CommandError("a dialog opens in a page, and the window has none")
        number = await manager.state(PageDialogs).show(page, given.text, given.title, given.kind, given.buttons)
    else:
        number = await outcome(
            lambda: window.show_message(given.text, title=given.title, kind=given.kind, buttons=given.buttons)
        )
    # Tauri: a dialog that is closed was cancelled, whatever its buttons are.
    return given.buttons[number] if number is not None and 0 <= number < len(given.buttons) else "Cancel"


async def message_async(
    manager: Manager,
    text: str,
    *,
    title: str | None = None,
    kind: Kind = "info",
    buttons: Buttons | Sequence[str] = "Ok",
) -> str:
    """Show a message and return the label of the button that was pressed; `Cancel` when it was closed.

    Args:
        manager: The window in front of which it opens, or any handle of the application, which has the plugin.
        text: The message.
        title: A heading; `None` for none.
        kind: What the message is, which its icon shows.
        buttons: Which buttons there are, or their labels; the first is the one that Return presses.

    Raises:
        CommandError: The application has no window.
    """
    labels = _LABELS[buttons] if isinstance(buttons, str) else tuple(buttons)
    return await show(manager, None, Message(text, title, kind, labels))


def message(
    manager: Manager,
    text: str,
    *,
    title: str | None = None,
    kind: Kind = "info",
    buttons: Buttons | Sequence[str] = "Ok",
) -> str:
    """Show a message and wait for its answer, as `message_async` does. Not on the window's thread, nor on the loop's."""
    coroutine = message_async(manager, text, title=title, kind=kind, buttons=buttons)
    return manager.app_handle().spawn(coroutine).result()


async def ask_async(manager: Manager, text: str, *, title: str | None = None, kind: Kind = "info") -> bool:
    """Ask a question with the buttons Yes and No, and tell whether Yes was pressed. See `message_async`."""
    return await message_async(manager, text, title=title, kind=kind, buttons="YesNo") == "Yes"


def ask(manager: Manager, text: str, *, title: str | None = None, kind: Kind = "info") -> bool:
    """Ask a question with the buttons Yes and No, and tell whether Yes was pressed. See `message`."""
    return message(manager, text, title=title, kind=kind, buttons="YesNo") == "Yes"


async def confirm_async(manager: Manager, text: str, *, title: str | None = None, kind: Kind = "info") -> bool:
    """Ask for leave with the buttons Ok and Cancel, and tell whether Ok was pressed. See `message_async`."""
    return await message_async(manager, text, title=title, kind=kind, buttons="OkCancel") == "Ok"


def confirm(manager: Manager, text: str, *, title: str | None = None, kind: Kind = "info") -> bool:
    """Ask for leave with the buttons Ok and Cancel, and tell whether Ok was pressed. See `message`."""
    return message(manager, text, title=title, kind=kind, buttons="OkCancel") == "Ok"
