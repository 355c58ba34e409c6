"""Event names, targets and the table that says which listener hears which emit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec

from ..errors import RequestError

__all__ = [
    "EventTarget",
    "TargetKind",
    "check_event_name",
    "check_label",
    "decides_for",
    "heard_by",
    "heard_by_webview",
    "heard_by_window",
    "hears",
]

TargetKind: TypeAlias = Literal["Any", "App", "AnyLabel", "Window", "Webview", "WebviewWindow"]
_NAME = re.compile(r"[\w\-/:]*")
_LABELLED: tuple[TargetKind, ...] = ("AnyLabel", "Window", "Webview", "WebviewWindow")

# Listener kind -> emit kinds that reach it when the labels are equal. Tauri 2.1 and later (`filter_target`); the label
# does not matter for Any and App. Add here to introduce a kind of target.
_HEARS: dict[TargetKind, frozenset[TargetKind]] = {
    "Any": frozenset(("Any", "App", *_LABELLED)),
    "App": frozenset(("Any", "App")),
    "AnyLabel": frozenset(("Any", *_LABELLED)),
    "Window": frozenset(("Any", "AnyLabel", "Window")),
    "Webview": frozenset(("Any", "AnyLabel", "Webview")),
    "WebviewWindow": frozenset(("Any", "AnyLabel", "WebviewWindow")),
}
# Kinds of listeners that hear the events of a window with their label. Tauri: `AnyLabel` listeners do not, by accident.
_OF_WINDOW = frozenset(("AnyLabel", "Window", "WebviewWindow"))
# The same for webviews that do not fill their window.
_OF_WEBVIEW = frozenset(("AnyLabel", "Webview", "WebviewWindow"))
# Those of a window's that decide about closing it, when they are in a page.
_DECIDES = frozenset(("Window", "WebviewWindow"))


class EventTarget(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom an event is for, or whom a listener listens as.

    Attributes:
        kind: `Any`, `App`, `AnyLabel`, `Window`, `Webview` or `WebviewWindow`.
        label: The window's or webview's label; `None` for `Any` and `App`.

    Raises:
        ValueError: A labelled kind has no label.
    """

    kind: TargetKind
    label: str | None = None

    def __post_init__(self) -> None:
        if self.kind in _LABELLED and self.label is None:
            raise ValueError(f"an event target of kind {self.kind} needs a label")

    @classmethod
    def of(cls, target: EventTarget | str) -> EventTarget:
        """Return the target itself, or any kind of thing labelled with the text (Tauri: `AnyLabel`)."""
        return target if isinstance(target, EventTarget) else cls("AnyLabel", target)


def hears(listener: EventTarget, emitted: EventTarget) -> bool:
    """Tell whether a listener with the first target receives what is emitted to the second."""
    if emitted.kind not in _HEARS[listener.kind]:
        return False
    return listener.kind in ("Any", "App") or emitted.kind == "Any" or listener.label == emitted.label


def heard_by(target: EventTarget | str) -> Callable[[EventTarget], bool] | None:
    """Return what tells whether a listener hears an event emitted to `target`; `None` when every listener does."""
    wanted = EventTarget.of(target)
    return None if wanted.kind == "Any" else lambda listener: hears(listener, wanted)


def heard_by_window(label: str) -> Callable[[EventTarget], bool]:
    """Return what tells whether a listener hears the events of a window: as that window, or as the window with its webview."""
    return lambda listener: (listener.label == label and listener.kind in _OF_WINDOW) or listener.kind == "Any"


def heard_by_webview(label: str) -> Callable[[EventTarget], bool]:
    """Return what tells whether a listener hears the events of a webview that is a part of a window."""
    return lambda listener: (listener.label == label and listener.kind in _OF_WEBVIEW) or listener.kind == "Any"


def decides_for(label: str) -> Callable[[EventTarget], bool]:
    """Return what tells whether a page's listener for `close-requested` decides about closing the window."""
    # Tauri: `Any` listeners hear the event, and do not decide.
    return lambda listener: listener.label == label and listener.kind in _DECIDES


def check_event_name(name: str) -> str:
    """Return the name of an event.

    Raises:
        RequestError: It holds a character that no event name may hold.
    """
    if not _NAME.fullmatch(name):
        raise RequestError(
            f"Event name must include only alphanumeric characters, `-`, `/`, `:` and `_`; got {name!r}."
        )
    return name


def check_label(label: str, what: str = "Window") -> str:
    """Return the label of a window or webview.

    Raises:
        RequestError: It is empty or holds a character that no label may hold.
    """
    if not label or not _NAME.fullmatch(label):
        raise RequestError(
            f"{what} labels must only include alphanumeric characters, `-`, `/`, `:` and `_`; got {label!r}."
        )
    return label
