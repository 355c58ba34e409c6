"""The options of a window, for the builders that make one (Tauri: the same names)."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from ...runtimes import ops
from ._webview import BuilderOptions

__all__ = ["WindowOptions"]


class LabelledHandle(Protocol):
    """A window."""

    @property
    def label(self) -> str:
        """Its label."""
        ...


class WindowOptions(BuilderOptions):
    """The options of a window; every method returns the builder."""

    _kind: ClassVar[str] = "Window"

    def title(self, title: str) -> Self:
        """Set the title."""
        return self._set(title=title)

    def inner_size(self, width: float, height: float) -> Self:
        """Set the size of the content, in logical pixels."""
        return self._set(width=width, height=height)

    def min_inner_size(self, width: float, height: float) -> Self:
        """Set the least size of the content, in logical pixels."""
        return self._set(min_width=width, min_height=height)

    def max_inner_size(self, width: float, height: float) -> Self:
        """Set the largest size of the content, in logical pixels."""
        return self._set(max_width=width, max_height=height)

    def inner_size_constraints(self, constraints: ops.WindowSizeConstraints) -> Self:
        """Set the least and the largest size of the content; what is `None` is not limited. Physical pixels count as logical ones."""
        sides = ("min_width", "min_height", "max_width", "max_height")
        given = ((side, getattr(constraints, side)) for side in sides)
        return self._set(**{side: None if unit is None else unit.to_logical(1) for side, unit in given})

    def position(self, x: float, y: float) -> Self:
        """Set the place of the window on the desktop, in logical pixels."""
        return self._set(x=x, y=y)

    def center(self) -> Self:
        """Put the window into the middle of the screen."""
        return self._set(center=True)

    def prevent_overflow(self) -> Self:
        """Make the window no larger than the work area of its monitor."""
        return self._set(prevent_overflow=True)

    def prevent_overflow_with_margin(self, width: int, height: int) -> Self:
        """Make the window smaller than the work area of its monitor by a margin, in physical pixels."""
        return self._set(prevent_overflow={"width": width, "height": height})

    def resizable(self, resizable: bool) -> Self:
        """Let people change the size, or not."""
        return self._set(resizable=resizable)

    def maximizable(self, maximizable: bool) -> Self:
        """Let people maximize the window, or not."""
        return self._set(maximizable=maximizable)

    def minimizable(self, minimizable: bool) -> Self:
        """Let people minimize the window, or not."""
        return self._set(minimizable=minimizable)

    def closable(self, closable: bool) -> Self:
        """Give the window a close button, or not."""
        return self._set(closable=closable)

    def maximized(self, maximized: bool) -> Self:
        """Fill the screen at once, or not."""
        return self._set(maximized=maximized)

    def fullscreen(self, fullscreen: bool) -> Self:
        """Cover the whole screen, panels too, or not."""
        return self._set(fullscreen=fullscreen)

    def visible(self, visible: bool) -> Self:
        """Show the window at once, or not before `show`."""
        return self._set(visible=visible)

    def focusable(self, focusable: bool) -> Self:
        """Let the window take the keyboard, or not."""
        return self._set(focusable=focusable)

    def decorations(self, decorations: bool) -> Self:
        """Give the window borders and a title bar, or not."""
        return self._set(decorations=decorations)

    def shadow(self, enable: bool) -> Self:
        """Give the window a shadow, or not."""
        return self._set(shadow=enable)

    def always_on_top(self, always_on_top: bool) -> Self:
        """Keep the window above others, or not."""
        return self._set(always_on_top=always_on_top)

    def always_on_bottom(self, always_on_bottom: bool) -> Self:
        """Keep the window below others, or not."""
        return self._set(always_on_bottom=always_on_bottom)

    def visible_on_all_workspaces(self, visible: bool) -> Self:
        """Show the window on every workspace, or on one."""
        return self._set(visible_on_all_workspaces=visible)

    def content_protected(self, protected: bool) -> Self:
        """Keep the window out of screenshots, or not."""
        return self._set(content_protected=protected)

    def skip_taskbar(self, skip: bool) -> Self:
        """Keep the window out of the taskbar, or not."""
        return self._set(skip_taskbar=skip)

    def theme(self, theme: ops.Theme | None) -> Self:
        """Choose the light or the dark look; `None` leaves it to the system."""
        return self._set(theme=None if theme is None else theme.capitalize())

    def parent(self, parent: LabelledHandle) -> Self:
        """Keep the window above another one, with which it is minimized and destroyed."""
        return self._set(parent=parent.label)

    def window_classname(self, name: str) -> Self:
        """Set the name of the window's class on Windows."""
        return self._set(window_classname=name)

    def title_bar_style(self, style: ops.TitleBarStyle) -> Self:
        """Set the look of the title bar on macOS."""
        return self._set(title_bar_style=style.capitalize())

    def hidden_title(self, hidden: bool) -> Self:
        """Hide the title in the title bar on macOS, or not."""
        return self._set(hidden_title=hidden)

    def tabbing_identifier(self, identifier: str) -> Self:
        """Let windows of one identifier become tabs of each other on macOS."""
        return self._set(tabbing_identifier=identifier)
