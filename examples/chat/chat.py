"""A chat of several windows of one application: `python chat.py`. Each window is a guest, and opens the next one.

`python chat.py --check` lets two guests talk, closes the second, and ends with status 0 if all of that worked.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TypedDict

from transom import (
    AppHandle,
    Builder,
    State,
    WebviewWindow,
    Window,
    WindowEvent,
    command,
    generate_context,
    generate_handler,
)


class Message(TypedDict):
    """What was said: `whisper` is the guest that alone is to hear it, `None` for everybody; a `notice` is of the room's own."""

    guest: str
    text: str
    whisper: str | None
    notice: bool


@dataclass
class Room:
    """Everything that was said to everybody."""

    said: list[Message] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


@command
def enter(window: WebviewWindow, room: State[Room]) -> list[Message]:
    """Tell the others that a guest is here, and return what was said before."""
    with room.lock:
        before = list(room.said)
    notice(window, "has come")
    return before


@command
def say(window: WebviewWindow, text: str, whisper: str | None = None) -> None:
    """Tell everybody something, or one guest alone."""
    message: Message = {"guest": window.label, "text": text, "whisper": whisper, "notice": False}
    if whisper is None:
        tell(window.app_handle(), message)
    else:
        for label in (whisper, window.label):
            window.emit_to(label, "message", message)


@command
def guests(app: AppHandle) -> list[str]:
    """Return who is here."""
    return list(app.webview_windows())


def tell(app: AppHandle, message: Message) -> None:
    """Let every window hear a message, and keep it for those that come."""
    room = app.state(Room)
    with room.lock:
        room.said.append(message)
    app.emit("message", message)


def notice(window: Window | WebviewWindow, text: str) -> None:
    """Tell everybody that a guest comes or goes."""
    tell(window.app_handle(), {"guest": window.label, "text": text, "whisper": None, "notice": True})


def on_window_event(window: Window, event: WindowEvent) -> None:
    """Say that a guest has gone."""
    if isinstance(event, WindowEvent.Destroyed):
        notice(window, "has gone")


@command
def checked(app: AppHandle, failures: list[str]) -> None:
    """End the check."""
    sys.stdout.write("\n".join(failures or ["chat: ok"]) + "\n")
    app.exit(1 if failures else 0)


def setup(app: AppHandle, *, check: bool) -> None:
    """Begin the check."""
    if check:
        window = app.get_webview_window("guest-1")
        assert window is not None
        window.eval("check()")


def main() -> int:
    """Run the chat."""
    return (
        Builder()
        .manage(Room())
        .on_window_event(on_window_event)
        .invoke_handler(generate_handler(enter, say, guests, checked))
        .setup(partial(setup, check="--check" in sys.argv))
        .run(generate_context())
    )


if __name__ == "__main__":
    sys.exit(main())
