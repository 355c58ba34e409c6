"""One window of the mock runtime: what was set is what its getters return."""

from __future__ import annotations

from typing import Any

from ..config import WindowConfig
from ..errors import WindowError
from ..values import PhysicalPosition, PhysicalSize
from . import ops

__all__ = ["MOCK_MONITOR", "MockWindow"]

MOCK_MONITOR = ops.Monitor(
    name="mock",
    size=PhysicalSize(1920, 1080),
    position=PhysicalPosition(0, 0),
    scale_factor=1.0,
    work_area=ops.PhysicalRect(PhysicalPosition(0, 0), PhysicalSize(1920, 1080)),
)
# Operation -> the part of the state that it sets to its own value.
_SETS: dict[type[ops.Op[Any]], str] = {
    ops.SetAlwaysOnTop: "always_on_top",
    ops.SetClosable: "closable",
    ops.SetDecorations: "decorations",
    ops.SetEnabled: "enabled",
    ops.SetFullscreen: "fullscreen",
    ops.SetMaximizable: "maximizable",
    ops.SetMaximized: "maximized",
    ops.SetMinimizable: "minimizable",
    ops.SetMinimized: "minimized",
    ops.SetResizable: "resizable",
    ops.SetSimpleFullscreen: "fullscreen",
    ops.SetTheme: "theme",
    ops.SetTitle: "title",
    ops.SetVisible: "visible",
}
# Operation -> the part of the state that it returns.
_GETS: dict[type[ops.Op[Any]], str] = {
    ops.GetTitle: "title",
    ops.InnerPosition: "position",
    ops.InnerSize: "size",
    ops.IsAlwaysOnTop: "always_on_top",
    ops.IsClosable: "closable",
    ops.IsDecorated: "decorations",
    ops.IsEnabled: "enabled",
    ops.IsFocused: "focused",
    ops.IsFullscreen: "fullscreen",
    ops.IsMaximizable: "maximizable",
    ops.IsMaximized: "maximized",
    ops.IsMinimizable: "minimizable",
    ops.IsMinimized: "minimized",
    ops.IsResizable: "resizable",
    ops.IsVisible: "visible",
    ops.OuterPosition: "position",
    ops.OuterSize: "size",
}


class MockWindow:
    """A window without borders, on the one monitor of the mock runtime.

    Args:
        options: Its options.
    """

    def __init__(self, options: WindowConfig) -> None:
        names = (*_SETS.values(), "always_on_top")
        self._state: dict[str, Any] = {name: getattr(options, name, False) for name in names}
        self._state |= {
            "enabled": True,
            "focused": False,
            "minimized": False,
            "position": PhysicalPosition(round(options.x or 0), round(options.y or 0)),
            "size": PhysicalSize(round(options.width), round(options.height)),
            "theme": None if options.theme is None else ops.Theme(options.theme.lower()),
        }

    def perform(self, op: Any) -> Any:
        """Do what a table can show of an operation; what is only noted returns `None`."""
        state = self._state
        match op:
            case ops.GetTheme():
                return state["theme"] or ops.Theme.LIGHT
            case ops.ScaleFactor():
                return MOCK_MONITOR.scale_factor
            case ops.CurrentMonitor():
                return MOCK_MONITOR
            case ops.SetSize():
                size = op.size.to_physical(MOCK_MONITOR.scale_factor)
                if not (size.width and size.height):
                    raise WindowError("a window's size is at least 1 pixel in each direction")
                state["size"] = size
            case ops.SetPosition():
                state["position"] = op.position.to_physical(MOCK_MONITOR.scale_factor)
            case ops.ToggleMaximize():
                state["maximized"] = not state["maximized"]
            case ops.CenterWindow():
                screen, size = MOCK_MONITOR.size, state["size"]
                state["position"] = PhysicalPosition(
                    (screen.width - size.width) // 2, (screen.height - size.height) // 2
                )
        if (name := _SETS.get(type(op))) is not None:
            state[name] = getattr(op, op.__struct_fields__[1])
        return state[_GETS[type(op)]] if type(op) in _GETS else None
