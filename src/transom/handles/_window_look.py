"""The methods about how a window looks and what people can do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..runtimes import ops

if TYPE_CHECKING:
    from ..runtimes import Image
from ._window_base import WindowHandle

__all__ = ["WindowLook"]


class WindowLook(WindowHandle):
    """Changes how a window looks and what people can do with it."""

    __slots__ = ()

    def set_title(self, title: str) -> None:
        """Set the window's title."""
        self._perform(ops.SetTitle(self.label, title))

    def set_resizable(self, resizable: bool) -> None:
        """Let people change the window's size, or not."""
        self._perform(ops.SetResizable(self.label, resizable))

    def set_maximizable(self, maximizable: bool) -> None:
        """Let people maximize the window, or not."""
        self._perform(ops.SetMaximizable(self.label, maximizable))

    def set_minimizable(self, minimizable: bool) -> None:
        """Let people minimize the window, or not."""
        self._perform(ops.SetMinimizable(self.label, minimizable))

    def set_closable(self, closable: bool) -> None:
        """Give the window a working close button, or not."""
        self._perform(ops.SetClosable(self.label, closable))

    def set_enabled(self, enabled: bool) -> None:
        """Let people use the window, or not."""
        self._perform(ops.SetEnabled(self.label, enabled))

    def set_decorations(self, decorations: bool) -> None:
        """Give the window borders and a title bar, or not."""
        self._perform(ops.SetDecorations(self.label, decorations))

    def set_shadow(self, enable: bool) -> None:
        """Give the window a shadow, or not."""
        self._perform(ops.SetShadow(self.label, enable))

    def set_effects(self, effects: ops.WindowEffectsConfig | None) -> None:
        """Set the effects of the window's background; `None` removes them."""
        self._perform(ops.SetEffects(self.label, effects))

    def set_always_on_top(self, always_on_top: bool) -> None:
        """Keep the window above others, or not."""
        self._perform(ops.SetAlwaysOnTop(self.label, always_on_top))

    def set_always_on_bottom(self, always_on_bottom: bool) -> None:
        """Keep the window below others, or not."""
        self._perform(ops.SetAlwaysOnBottom(self.label, always_on_bottom))

    def set_visible_on_all_workspaces(self, visible: bool) -> None:
        """Show the window on every workspace, or on one."""
        self._perform(ops.SetVisibleOnAllWorkspaces(self.label, visible))

    def set_content_protected(self, protected: bool) -> None:
        """Keep the window out of screenshots, or not."""
        self._perform(ops.SetContentProtected(self.label, protected))

    def set_focusable(self, focusable: bool) -> None:
        """Let the window take the keyboard, or not."""
        self._perform(ops.SetFocusable(self.label, focusable))

    def set_skip_taskbar(self, skip: bool) -> None:
        """Keep the window out of the taskbar, or not."""
        self._perform(ops.SetSkipTaskbar(self.label, skip))

    def request_user_attention(self, request_type: ops.UserAttentionType | None) -> None:
        """Let the window ask for attention; `None` ends that."""
        self._perform(ops.RequestUserAttention(self.label, request_type))

    def set_icon(self, icon: Image) -> None:
        """Set the window's icon.

        Raises:
            WindowError: The picture cannot be read.
        """
        self._perform(ops.SetIcon(self.label, icon))

    def set_overlay_icon(self, icon: Image | None) -> None:
        """Set the small icon over the taskbar's; `None` removes it."""
        self._perform(ops.SetOverlayIcon(self.label, icon))

    def set_badge_count(self, count: int | None) -> None:
        """Set the number at the application's icon; `None` removes it."""
        self._perform(ops.SetBadgeCount(self.label, count))

    def set_badge_label(self, label: str | None) -> None:
        """Set the text at the application's icon; `None` removes it."""
        self._perform(ops.SetBadgeLabel(self.label, label))

    def set_progress_bar(self, state: ops.ProgressBarState) -> None:
        """Show a progress bar at the application's icon."""
        self._perform(ops.SetProgressBar(self.label, state))

    def set_title_bar_style(self, style: ops.TitleBarStyle) -> None:
        """Set the look of the title bar."""
        self._perform(ops.SetTitleBarStyle(self.label, style))

    def set_background_color(self, color: ops.Color | None) -> None:
        """Set the color behind the page; `None` for the system's."""
        self._perform(ops.SetBackgroundColor(self.label, color))

    def set_theme(self, theme: ops.Theme | None) -> None:
        """Choose the light or the dark look; `None` leaves it to the system."""
        self._perform(ops.SetTheme(self.label, theme))
