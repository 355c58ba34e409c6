"""What happens to windows and webviews, as hooks hear of it (Tauri: `WindowEvent`, `WebviewEvent`, `DragDropEvent`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec

from ..values import PhysicalPosition, PhysicalSize

__all__ = [
    "CloseRequestApi",
    "DragDropEvent",
    "WebviewEvent",
    "WindowEvent",
    "name_kinds",
    "webview_event",
    "window_event",
]


class CloseRequestApi:
    """Lets a hook keep a window open that is asked to close."""

    def __init__(self) -> None:
        self._prevented = False

    @property
    def prevented(self) -> bool:
        """Whether a hook has prevented the close."""
        return self._prevented

    def prevent_close(self) -> None:
        """Keep the window open. A page that listens to `close-requested` may still destroy it, as in Tauri."""
        self._prevented = True


class DragDropEvent(msgspec.Struct, frozen=True):
    """Files that are dragged over a webview: `Enter`, `Over`, `Drop` or `Leave`."""

    Enter: ClassVar[type[_Enter]]
    Over: ClassVar[type[_Over]]
    Drop: ClassVar[type[_Drop]]
    Leave: ClassVar[type[_Leave]]


class _Enter(DragDropEvent, frozen=True):
    """The pointer has come over the webview.

    Attributes:
        paths: The files.
        position: Where it is, in physical pixels from the upper left corner of the webview.
    """

    paths: tuple[Path, ...]
    position: PhysicalPosition


class _Over(DragDropEvent, frozen=True):
    """The pointer has moved."""

    position: PhysicalPosition


class _Drop(DragDropEvent, frozen=True):
    """The files were dropped; see `Enter`."""

    paths: tuple[Path, ...]
    position: PhysicalPosition


class _Leave(DragDropEvent, frozen=True):
    """The pointer has left the webview, or the drag was cancelled."""


class WindowEvent(msgspec.Struct, frozen=True):
    """Something that has happened to a window. Its kinds are classes with Tauri's names, such as `WindowEvent.Resized`.

    `match event: case WindowEvent.CloseRequested(api=api): api.prevent_close()` tells them apart.
    """

    CloseRequested: ClassVar[type[_CloseRequested]]
    Destroyed: ClassVar[type[_Destroyed]]
    Resized: ClassVar[type[_Resized]]
    Moved: ClassVar[type[_Moved]]
    Focused: ClassVar[type[_Focused]]
    ScaleFactorChanged: ClassVar[type[_ScaleFactorChanged]]
    ThemeChanged: ClassVar[type[_ThemeChanged]]
    DragDrop: ClassVar[type[_WindowDragDrop]]


class _CloseRequested(WindowEvent, frozen=True):
    """The window is asked to close.

    Attributes:
        api: Prevents that.
    """

    api: CloseRequestApi


class _Destroyed(WindowEvent, frozen=True):
    """The window is gone."""


class _Resized(WindowEvent, frozen=True):
    """The content has another size."""

    size: PhysicalSize


class _Moved(WindowEvent, frozen=True):
    """The window is somewhere else."""

    position: PhysicalPosition


class _Focused(WindowEvent, frozen=True):
    """The window has got or lost the keyboard."""

    focused: bool


class _ScaleFactorChanged(WindowEvent, frozen=True):
    """The window is on a screen of another density.

    Attributes:
        scale_factor: Physical pixels per logical one.
        new_inner_size: The size of the content now.
    """

    scale_factor: float
    new_inner_size: PhysicalSize


class _ThemeChanged(WindowEvent, frozen=True):
    """The system, or the application, has changed the theme."""

    theme: Literal["light", "dark"]


class _WindowDragDrop(WindowEvent, frozen=True):
    """Files are dragged over the webview that fills the window."""

    event: DragDropEvent


class WebviewEvent(msgspec.Struct, frozen=True):
    """Something that has happened to a webview; so far only `WebviewEvent.DragDrop`."""

    DragDrop: ClassVar[type[_WebviewDragDrop]]


class _WebviewDragDrop(WebviewEvent, frozen=True):
    """Files are dragged over the webview."""

    event: DragDropEvent


DragDropEvent.Enter, DragDropEvent.Over = _Enter, _Over
DragDropEvent.Drop, DragDropEvent.Leave = _Drop, _Leave
WindowEvent.CloseRequested, WindowEvent.Destroyed = _CloseRequested, _Destroyed
WindowEvent.Resized, WindowEvent.Moved, WindowEvent.Focused = _Resized, _Moved, _Focused
WindowEvent.ScaleFactorChanged, WindowEvent.ThemeChanged = _ScaleFactorChanged, _ThemeChanged
WindowEvent.DragDrop, WebviewEvent.DragDrop = _WindowDragDrop, _WebviewDragDrop


def name_kinds(base: type) -> None:
    """Let the kinds of an event show the names under which they are reached."""
    for name, kind in vars(base).items():
        if isinstance(kind, type):
            kind.__name__, kind.__qualname__ = name, f"{base.__name__}.{name}"
            kind.__repr__ = _show  # type: ignore[assignment]  # a Struct shows its bare name


def _show(event: msgspec.Struct) -> str:
    fields = ", ".join(f"{name}={getattr(event, name)!r}" for name in event.__struct_fields__)
    return f"{type(event).__qualname__}({fields})"


for _base in (DragDropEvent, WindowEvent, WebviewEvent):
    name_kinds(_base)


class _Scale(msgspec.Struct, rename="camel"):
    scale_factor: float
    size: PhysicalSize


class _Drag(msgspec.Struct):
    position: PhysicalPosition
    paths: tuple[str, ...] = ()


def _scale(payload: Any) -> WindowEvent:
    scale = msgspec.convert(payload, _Scale)
    return _ScaleFactorChanged(scale.scale_factor, scale.size)


def _drag(name: str, payload: Any) -> DragDropEvent:
    if name == "drag-leave":
        return _Leave()
    drag = msgspec.convert(payload, _Drag)
    if name == "drag-over":
        return _Over(drag.position)
    kind = _Enter if name == "drag-enter" else _Drop
    return kind(tuple(map(Path, drag.paths)), drag.position)


_DRAGS = frozenset(("drag-enter", "drag-over", "drag-drop", "drag-leave"))
# Name of an event without `tauri://`, and what its payload makes. Add here a kind of event of windows.
_KINDS: dict[str, Callable[[Any], WindowEvent]] = {
    "close-requested": lambda _: _CloseRequested(CloseRequestApi()),
    "destroyed": lambda _: _Destroyed(),
    "resize": lambda payload: _Resized(msgspec.convert(payload, PhysicalSize)),
    "move": lambda payload: _Moved(msgspec.convert(payload, PhysicalPosition)),
    "focus": lambda _: _Focused(True),
    "blur": lambda _: _Focused(False),
    "scale-change": _scale,
    "theme-changed": _ThemeChanged,
}


def window_event(name: str, payload: Any) -> WindowEvent | None:
    """Return the event of a window that a runtime names, `None` for one that hooks do not hear of.

    Args:
        name: Its name without `tauri://`.
        payload: What pages get with it.
    """
    if name in _DRAGS:
        return _WindowDragDrop(_drag(name, payload))
    make = _KINDS.get(name)
    return make(payload) if make else None


def webview_event(name: str, payload: Any) -> WebviewEvent | None:
    """Return the event of a webview that a runtime names, `None` for one that hooks do not hear of."""
    return _WebviewDragDrop(_drag(name, payload)) if name in _DRAGS else None
