"""The methods that tell the state of a window."""

from __future__ import annotations

from ..runtimes import ops
from ..values import PhysicalPosition, PhysicalSize
from ._desktop import DesktopMethods
from ._window_base import WindowHandle

__all__ = ["WindowState"]


class WindowState(WindowHandle, DesktopMethods):
    """Tells the state of a window."""

    __slots__ = ()

    def scale_factor(self) -> float:
        """Return the physical pixels for each logical one."""
        return self._perform(ops.ScaleFactor(self.label))

    def inner_position(self) -> PhysicalPosition:
        """Return the place of the window's content on the desktop."""
        return self._perform(ops.InnerPosition(self.label))

    def outer_position(self) -> PhysicalPosition:
        """Return the place of the window, borders included, on the desktop."""
        return self._perform(ops.OuterPosition(self.label))

    def inner_size(self) -> PhysicalSize:
        """Return the size of the window's content."""
        return self._perform(ops.InnerSize(self.label))

    def outer_size(self) -> PhysicalSize:
        """Return the size of the window, borders included."""
        return self._perform(ops.OuterSize(self.label))

    def title(self) -> str:
        """Return the window's title."""
        return self._perform(ops.GetTitle(self.label))

    def theme(self) -> ops.Theme:
        """Return the look that the window has."""
        return self._perform(ops.GetTheme(self.label))

    def current_monitor(self) -> ops.Monitor | None:
        """Return the monitor that has the window; `None` when there is none."""
        return self._perform(ops.CurrentMonitor(self.label))

    def is_fullscreen(self) -> bool:
        """Tell whether the window covers the whole screen."""
        return self._perform(ops.IsFullscreen(self.label))

    def is_minimized(self) -> bool:
        """Tell whether the window is minimized."""
        return self._perform(ops.IsMinimized(self.label))

    def is_maximized(self) -> bool:
        """Tell whether the window is maximized."""
        return self._perform(ops.IsMaximized(self.label))

    def is_focused(self) -> bool:
        """Tell whether the window has the keyboard."""
        return self._perform(ops.IsFocused(self.label))

    def is_decorated(self) -> bool:
        """Tell whether the window has borders and a title bar."""
        return self._perform(ops.IsDecorated(self.label))

    def is_resizable(self) -> bool:
        """Tell whether people may change the window's size."""
        return self._perform(ops.IsResizable(self.label))

    def is_maximizable(self) -> bool:
        """Tell whether people may maximize the window."""
        return self._perform(ops.IsMaximizable(self.label))

    def is_minimizable(self) -> bool:
        """Tell whether people may minimize the window."""
        return self._perform(ops.IsMinimizable(self.label))

    def is_closable(self) -> bool:
        """Tell whether the window has a working close button."""
        return self._perform(ops.IsClosable(self.label))

    def is_visible(self) -> bool:
        """Tell whether the window is shown."""
        return self._perform(ops.IsVisible(self.label))

    def is_enabled(self) -> bool:
        """Tell whether people may use the window."""
        return self._perform(ops.IsEnabled(self.label))

    def is_always_on_top(self) -> bool:
        """Tell whether the window stays above others."""
        return self._perform(ops.IsAlwaysOnTop(self.label))

    def activity_name(self) -> str:
        """Return the name of the window's activity on Android."""
        return self._perform(ops.ActivityName(self.label))

    def scene_identifier(self) -> str:
        """Return the identifier of the window's scene on iOS."""
        return self._perform(ops.SceneIdentifier(self.label))
