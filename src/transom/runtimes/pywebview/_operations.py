"""The operations on windows, performed with pywebview on the thread for its calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...errors import WindowError
from ...values import LogicalPosition, LogicalSize, PhysicalPosition
from .. import ops
from ..ops import Monitor
from ._library import PYWEBVIEW
from ._window import NativeWindow

__all__ = ["READS", "SETTERS", "center_in", "check"]

_MAX_SIDE = 16384  # logical pixels; X11 counts to 32767 physical ones
_MAX_PLACE = 32767


def _set_title(window: NativeWindow, op: Any) -> None:
    window.title = op.title
    window.native.set_title(op.title)


def _set_visible(window: NativeWindow, op: Any) -> None:
    window.visible = op.visible
    if op.visible:
        window.native.show()
    else:
        window.native.hide()


def _focus(window: NativeWindow, _: Any = None) -> None:
    native = window.native
    if window.backend == "gtk":
        native.restore()  # which presents the window
        return
    native.show()
    if window.backend == "qt" and window.invoke is not None:
        window.invoke(lambda: (native.native.raise_(), native.native.activateWindow()))


def check(window: NativeWindow, op: Any) -> None:
    """Check an operation before it is queued.

    Raises:
        WindowError: No window has this size.
    """
    if isinstance(op, ops.SetSize):
        size = op.size.to_logical(window.scale_factor)
        width, height = round(size.width), round(size.height)
        if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            raise WindowError(
                f"a window is 1 to {_MAX_SIDE} logical pixels wide and high, not {size.width:g} x {size.height:g}"
            )


def _set_size(window: NativeWindow, op: Any) -> None:
    size = op.size.to_logical(window.scale_factor)
    window.native.resize(round(size.width + window.frame.width), round(size.height + window.frame.height))


def move_to(window: NativeWindow, position: LogicalPosition) -> None:
    """Move a window; the instance's own method is the page's."""
    x, y = (max(min(round(length), _MAX_PLACE), -_MAX_PLACE) for length in (position.x, position.y))
    PYWEBVIEW.Window.move(window.native, x, y)


def center_in(window: NativeWindow, monitor: Monitor) -> None:
    """Move a window into the middle of a monitor."""
    window.refresh()
    area = monitor.position.to_logical(monitor.scale_factor), monitor.size.to_logical(monitor.scale_factor)
    x = area[0].x + (area[1].width - window.size.width) / 2
    y = area[0].y + (area[1].height - window.size.height) / 2
    move_to(window, LogicalPosition(x, y))


def _set_maximized(window: NativeWindow, maximized: bool) -> None:
    if maximized == window.maximized:
        return
    window.maximized = maximized
    native = window.native
    if maximized:
        window.refresh()
        window.place_before = window.position, window.size
        native.maximize()
    elif window.backend == "gtk" and window.invoke is not None:
        window.invoke(native.native.unmaximize)  # `restore` undoes only that it is minimized
    elif window.backend == "cocoa":
        position, size = window.place_before or (window.position, LogicalSize(800, 600))
        native.resize(round(size.width), round(size.height))
        move_to(window, position)
    else:
        native.restore()


def _set_minimized(window: NativeWindow, op: Any) -> None:
    window.minimized = op.minimized
    if op.minimized:
        window.native.minimize()
    else:
        window.native.restore()


def _set_fullscreen(window: NativeWindow, op: Any) -> None:
    if op.fullscreen != window.fullscreen:
        window.fullscreen = op.fullscreen
        window.native.toggle_fullscreen()


def _set_on_top(window: NativeWindow, op: Any) -> None:
    window.on_top = op.always_on_top
    window.native.on_top = op.always_on_top


# Operation -> what it does. Add here what pywebview can change.
SETTERS: Final[dict[type[ops.Op[Any]], Callable[[NativeWindow, Any], object]]] = {
    ops.SetTitle: _set_title,
    ops.SetVisible: _set_visible,
    ops.SetFocus: _focus,
    ops.FocusWebview: _focus,
    ops.SetSize: _set_size,
    ops.SetPosition: lambda window, op: move_to(window, op.position.to_logical(window.scale_factor)),
    ops.SetMaximized: lambda window, op: _set_maximized(window, op.maximized),
    ops.ToggleMaximize: lambda window, _: _set_maximized(window, not window.maximized),
    ops.SetMinimized: _set_minimized,
    ops.SetFullscreen: _set_fullscreen,
    ops.SetSimpleFullscreen: _set_fullscreen,
    ops.SetAlwaysOnTop: _set_on_top,
    ops.ClearBrowsingData: lambda window, _: window.native.clear_cookies(),
}
# Operation -> what it returns, from what was last seen. Add here what is known of a window.
READS: Final[dict[type[ops.Op[Any]], Callable[[NativeWindow], Any]]] = {
    ops.GetTitle: lambda window: window.title,
    ops.GetTheme: lambda window: ops.Theme.LIGHT if window.state is None else window.state.theme,
    ops.InnerPosition: lambda window: window.outer_position,
    ops.OuterPosition: lambda window: window.outer_position,
    ops.InnerSize: lambda window: window.inner_size,
    ops.OuterSize: lambda window: window.outer_size,
    ops.IsAlwaysOnTop: lambda window: window.on_top,
    ops.IsDecorated: lambda window: window.options.decorations,
    ops.IsFullscreen: lambda window: window.fullscreen,
    ops.IsMaximized: lambda window: window.maximized,
    ops.IsMinimized: lambda window: window.minimized,
    ops.IsResizable: lambda window: window.options.resizable,
    ops.IsVisible: lambda window: window.visible,
    ops.ScaleFactor: lambda window: window.scale_factor,
    ops.WebviewPosition: lambda _: PhysicalPosition(0, 0),  # it fills its window
    ops.WebviewSize: lambda window: window.inner_size,
}
