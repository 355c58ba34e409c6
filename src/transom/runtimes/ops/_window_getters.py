"""The operations that tell the state of a window. Each asks for what its first line says."""

from __future__ import annotations

from ...values import PhysicalPosition, PhysicalSize
from ._op import WindowOp
from ._types import Monitor, Theme

__all__ = [
    "ActivityName",
    "CurrentMonitor",
    "GetTheme",
    "GetTitle",
    "InnerPosition",
    "InnerSize",
    "IsAlwaysOnTop",
    "IsClosable",
    "IsDecorated",
    "IsEnabled",
    "IsFocused",
    "IsFullscreen",
    "IsMaximizable",
    "IsMaximized",
    "IsMinimizable",
    "IsMinimized",
    "IsResizable",
    "IsVisible",
    "OuterPosition",
    "OuterSize",
    "ScaleFactor",
    "SceneIdentifier",
]


class ScaleFactor(WindowOp[float], frozen=True):
    """Return the physical pixels for each logical one."""


class InnerPosition(WindowOp[PhysicalPosition], frozen=True):
    """Return the place of the window's content on the desktop."""


class OuterPosition(WindowOp[PhysicalPosition], frozen=True):
    """Return the place of the window, borders included, on the desktop."""


class InnerSize(WindowOp[PhysicalSize], frozen=True):
    """Return the size of the window's content."""


class OuterSize(WindowOp[PhysicalSize], frozen=True):
    """Return the size of the window, borders included."""


class IsFullscreen(WindowOp[bool], frozen=True):
    """Tell whether the window covers the whole screen."""


class IsMinimized(WindowOp[bool], frozen=True):
    """Tell whether the window is minimized."""


class IsMaximized(WindowOp[bool], frozen=True):
    """Tell whether the window is maximized."""


class IsFocused(WindowOp[bool], frozen=True):
    """Tell whether the window has the keyboard."""


class IsDecorated(WindowOp[bool], frozen=True):
    """Tell whether the window has borders and a title bar."""


class IsResizable(WindowOp[bool], frozen=True):
    """Tell whether people may change the window's size."""


class IsMaximizable(WindowOp[bool], frozen=True):
    """Tell whether people may maximize the window."""


class IsMinimizable(WindowOp[bool], frozen=True):
    """Tell whether people may minimize the window."""


class IsClosable(WindowOp[bool], frozen=True):
    """Tell whether the window has a working close button."""


class IsVisible(WindowOp[bool], frozen=True):
    """Tell whether the window is shown."""


class IsEnabled(WindowOp[bool], frozen=True):
    """Tell whether people may use the window."""


class IsAlwaysOnTop(WindowOp[bool], frozen=True):
    """Tell whether the window stays above others."""


class GetTitle(WindowOp[str], frozen=True):
    """Return the window's title."""


class GetTheme(WindowOp[Theme], frozen=True):
    """Return the look that the window has."""


class ActivityName(WindowOp[str], frozen=True):
    """Return the name of the window's activity on Android."""


class SceneIdentifier(WindowOp[str], frozen=True):
    """Return the identifier of the window's scene on iOS."""


class CurrentMonitor(WindowOp[Monitor | None], frozen=True):
    """Return the monitor that has the window; `None` when there is none."""
