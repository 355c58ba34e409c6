"""The operations that change a window. Each asks for what its first line says."""

from __future__ import annotations

from ...values import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize, Position, Size
from ..image import Image
from ._op import WindowOp
from ._types import (
    Color,
    ProgressBarState,
    Theme,
    TitleBarStyle,
    UserAttentionType,
    WindowEffectsConfig,
    WindowSizeConstraints,
)

__all__ = [
    "CenterWindow",
    "RequestUserAttention",
    "SetAlwaysOnBottom",
    "SetAlwaysOnTop",
    "SetBackgroundColor",
    "SetBadgeCount",
    "SetBadgeLabel",
    "SetClosable",
    "SetContentProtected",
    "SetDecorations",
    "SetEffects",
    "SetEnabled",
    "SetFocus",
    "SetFocusable",
    "SetFullscreen",
    "SetFullscreenOnMonitor",
    "SetIcon",
    "SetMaxSize",
    "SetMaximizable",
    "SetMaximized",
    "SetMinSize",
    "SetMinimizable",
    "SetMinimized",
    "SetOverlayIcon",
    "SetPosition",
    "SetProgressBar",
    "SetResizable",
    "SetShadow",
    "SetSimpleFullscreen",
    "SetSize",
    "SetSizeConstraints",
    "SetSkipTaskbar",
    "SetTheme",
    "SetTitle",
    "SetTitleBarStyle",
    "SetVisible",
    "SetVisibleOnAllWorkspaces",
    "ToggleMaximize",
]


class SetTitle(WindowOp[None], frozen=True):
    """Set the window's title."""

    title: str


class SetVisible(WindowOp[None], frozen=True):
    """Show or hide the window."""

    visible: bool


class SetFocus(WindowOp[None], frozen=True):
    """Bring the window to the front and give it the keyboard."""


class SetMaximized(WindowOp[None], frozen=True):
    """Let the window fill the screen, or give it its former size back."""

    maximized: bool


class ToggleMaximize(WindowOp[None], frozen=True):
    """Maximize the window, or undo that."""


class SetMinimized(WindowOp[None], frozen=True):
    """Minimize the window, or show it again."""

    minimized: bool


class SetFullscreen(WindowOp[None], frozen=True):
    """Let the window cover the whole screen, or give it its former size back."""

    fullscreen: bool


class SetFullscreenOnMonitor(WindowOp[None], frozen=True):
    """Let the window cover the monitor that has this point."""

    position: PhysicalPosition


class SetSimpleFullscreen(WindowOp[None], frozen=True):
    """Cover the screen without a desktop of its own, as older macOS does."""

    fullscreen: bool


class SetSize(WindowOp[None], frozen=True):
    """Set the size of the window's content."""

    size: Size | PhysicalSize | LogicalSize


class SetMinSize(WindowOp[None], frozen=True):
    """Set the least size of the window's content; `None` removes it."""

    size: Size | PhysicalSize | LogicalSize | None


class SetMaxSize(WindowOp[None], frozen=True):
    """Set the largest size of the window's content; `None` removes it."""

    size: Size | PhysicalSize | LogicalSize | None


class SetSizeConstraints(WindowOp[None], frozen=True):
    """Set the least and the largest size of the window's content."""

    constraints: WindowSizeConstraints


class SetPosition(WindowOp[None], frozen=True):
    """Move the window's outer top left corner."""

    position: Position | PhysicalPosition | LogicalPosition


class CenterWindow(WindowOp[None], frozen=True):
    """Move the window into the middle of its monitor."""


class SetResizable(WindowOp[None], frozen=True):
    """Let people change the window's size, or not."""

    resizable: bool


class SetMaximizable(WindowOp[None], frozen=True):
    """Let people maximize the window, or not."""

    maximizable: bool


class SetMinimizable(WindowOp[None], frozen=True):
    """Let people minimize the window, or not."""

    minimizable: bool


class SetClosable(WindowOp[None], frozen=True):
    """Give the window a working close button, or not."""

    closable: bool


class SetEnabled(WindowOp[None], frozen=True):
    """Let people use the window, or not."""

    enabled: bool


class SetDecorations(WindowOp[None], frozen=True):
    """Give the window borders and a title bar, or not."""

    decorations: bool


class SetShadow(WindowOp[None], frozen=True):
    """Give the window a shadow, or not."""

    shadow: bool


class SetEffects(WindowOp[None], frozen=True):
    """Set the effects of the window's background; `None` removes them."""

    effects: WindowEffectsConfig | None


class SetAlwaysOnTop(WindowOp[None], frozen=True):
    """Keep the window above others, or not."""

    always_on_top: bool


class SetAlwaysOnBottom(WindowOp[None], frozen=True):
    """Keep the window below others, or not."""

    always_on_bottom: bool


class SetVisibleOnAllWorkspaces(WindowOp[None], frozen=True):
    """Show the window on every workspace, or on one."""

    visible: bool


class SetContentProtected(WindowOp[None], frozen=True):
    """Keep the window out of screenshots, or not."""

    protected: bool


class SetFocusable(WindowOp[None], frozen=True):
    """Let the window take the keyboard, or not."""

    focusable: bool


class SetSkipTaskbar(WindowOp[None], frozen=True):
    """Keep the window out of the taskbar, or not."""

    skip: bool


class RequestUserAttention(WindowOp[None], frozen=True):
    """Let the window ask for attention; `None` ends that."""

    kind: UserAttentionType | None


class SetIcon(WindowOp[None], frozen=True):
    """Set the window's icon."""

    icon: Image


class SetOverlayIcon(WindowOp[None], frozen=True):
    """Set the small icon over the taskbar's; `None` removes it."""

    icon: Image | None


class SetBadgeCount(WindowOp[None], frozen=True):
    """Set the number at the application's icon; `None` removes it."""

    count: int | None


class SetBadgeLabel(WindowOp[None], frozen=True):
    """Set the text at the application's icon; `None` removes it."""

    text: str | None


class SetProgressBar(WindowOp[None], frozen=True):
    """Show a progress bar at the application's icon."""

    state: ProgressBarState


class SetTitleBarStyle(WindowOp[None], frozen=True):
    """Set the look of the title bar."""

    style: TitleBarStyle


class SetBackgroundColor(WindowOp[None], frozen=True):
    """Set the color behind the page; `None` for the system's."""

    color: Color | None


class SetTheme(WindowOp[None], frozen=True):
    """Choose the light or the dark look; `None` leaves it to the system."""

    theme: Theme | None
