"""The methods that tell the state of a window."""

from __future__ import annotations

from ..runtimes import (
    ActivityName,
    CurrentMonitor,
    GetTheme,
    GetTitle,
    InnerPosition,
    InnerSize,
    IsAlwaysOnTop,
    IsClosable,
    IsDecorated,
    IsEnabled,
    IsFocused,
    IsFullscreen,
    IsMaximizable,
    IsMaximized,
    IsMinimizable,
    IsMinimized,
    IsResizable,
    IsVisible,
    Monitor,
    OuterPosition,
    OuterSize,
    ScaleFactor,
    SceneIdentifier,
    Theme,
)
from ..values import PhysicalPosition, PhysicalSize
from ._desktop import DesktopMethods
from ._window_base import WindowHandle

__all__ = ["WindowState"]


class WindowState(WindowHandle, DesktopMethods):
    """Tells the state of a window."""

    __slots__ = ()

    def scale_factor(self) -> float:
        """Return the physical pixels for each logical one."""
        return self._perform(ScaleFactor(self.label))

    def inner_position(self) -> PhysicalPosition:
        """Return the place of the window's content on the desktop."""
        return self._perform(InnerPosition(self.label))

    def outer_position(self) -> PhysicalPosition:
        """Return the place of the window, borders included, on the desktop."""
        return self._perform(OuterPosition(self.label))

    def inner_size(self) -> PhysicalSize:
        """Return the size of the window's content."""
        return self._perform(InnerSize(self.label))

    def outer_size(self) -> PhysicalSize:
        """Return the size of the window, borders included."""
        return self._perform(OuterSize(self.label))

    def title(self) -> str:
        """Return the window's title."""
        return self._perform(GetTitle(self.label))

    def theme(self) -> Theme:
        """Return the look that the window has."""
        return self._perform(GetTheme(self.label))

    def current_monitor(self) -> Monitor | None:
        """Return the monitor that has the window; `None` when there is none."""
        return self._perform(CurrentMonitor(self.label))

    def is_fullscreen(self) -> bool:
        """Tell whether the window covers the whole screen."""
        return self._perform(IsFullscreen(self.label))

    def is_minimized(self) -> bool:
        """Tell whether the window is minimized."""
        return self._perform(IsMinimized(self.label))

    def is_maximized(self) -> bool:
        """Tell whether the window is maximized."""
        return self._perform(IsMaximized(self.label))

    def is_focused(self) -> bool:
        """Tell whether the window has the keyboard."""
        return self._perform(IsFocused(self.label))

    def is_decorated(self) -> bool:
        """Tell whether the window has borders and a title bar."""
        return self._perform(IsDecorated(self.label))

    def is_resizable(self) -> bool:
        """Tell whether people may change the window's size."""
        return self._perform(IsResizable(self.label))

    def is_maximizable(self) -> bool:
        """Tell whether people may maximize the window."""
        return self._perform(IsMaximizable(self.label))

    def is_minimizable(self) -> bool:
        """Tell whether people may minimize the window."""
        return self._perform(IsMinimizable(self.label))

    def is_closable(self) -> bool:
        """Tell whether the window has a working close button."""
        return self._perform(IsClosable(self.label))

    def is_visible(self) -> bool:
        """Tell whether the window is shown."""
        return self._perform(IsVisible(self.label))

    def is_enabled(self) -> bool:
        """Tell whether people may use the window."""
        return self._perform(IsEnabled(self.label))

    def is_always_on_top(self) -> bool:
        """Tell whether the window stays above others."""
        return self._perform(IsAlwaysOnTop(self.label))

    def activity_name(self) -> str:
        """Return the name of the window's activity on Android."""
        return self._perform(ActivityName(self.label))

    def scene_identifier(self) -> str:
        """Return the identifier of the window's scene on iOS."""
        return self._perform(SceneIdentifier(self.label))
