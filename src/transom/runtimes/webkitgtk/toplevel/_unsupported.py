"""The operations on windows that GTK 3 or Wayland does not support, or supports in part."""

from __future__ import annotations

from typing import Any, Final

from ... import ops

__all__ = ["PARTIAL", "UNSUPPORTED", "WAYLAND"]

_MACOS = "only macOS has it"
UNSUPPORTED: Final[dict[type[ops.Op[Any]], str]] = {
    ops.ActivityName: "only windows on Android have one",
    ops.SceneIdentifier: "only windows on iOS have one",
    ops.SetBadgeLabel: "launchers on Linux show a number, not a text; use setBadgeCount",
    ops.SetContentProtected: "neither X11 nor Wayland can keep a window out of screenshots",
    ops.SetEffects: "GTK has no effects for the background of a window",
    ops.SetOverlayIcon: "only the taskbar of Windows has overlay icons",
    ops.SetShadow: "the window manager draws the shadow, and no protocol turns it off",
    ops.SetTitleBarStyle: _MACOS,
}
_HINT = "a hint to the window manager, which may ignore it"
PARTIAL: Final[dict[type[ops.Op[Any]], str]] = {
    ops.CenterWindow: "not on Wayland",
    ops.CursorPosition: "on Wayland it counts from the window",
    ops.InnerPosition: "always 0, 0 on Wayland",
    ops.OuterPosition: "always 0, 0 on Wayland",
    ops.PrimaryMonitor: "null on Wayland",
    ops.RequestUserAttention: "both kinds are the same; not on Wayland",
    ops.SetAlwaysOnBottom: "not on Wayland",
    ops.SetAlwaysOnTop: "not on Wayland",
    ops.SetBackgroundColor: "seen where the page is transparent",
    ops.SetBadgeCount: "one for the application, in launchers that know `com.canonical.Unity.LauncherEntry`",
    ops.SetCursorGrab: "while the window has the keyboard; not on Wayland",
    ops.SetCursorIcon: "where the page sets no cursor",
    ops.SetCursorPosition: "not on Wayland",
    ops.SetCursorVisible: "where the page sets no cursor",
    ops.SetMaximizable: _HINT,
    ops.SetMinimizable: _HINT,
    ops.SetPosition: "not on Wayland",
    ops.SetProgressBar: "as the badge; paused and error look like normal, indeterminate is not shown",
    ops.SetSimpleFullscreen: "the same as setFullscreen",
    ops.SetSkipTaskbar: "not on Wayland",
    ops.SetTheme: "for all windows of the application",
    ops.SetVisibleOnAllWorkspaces: "not on Wayland",
}
_PLACE = "Wayland does not let an application place its windows"
_STACKING = "Wayland does not let an application stack its windows"
# What is refused while the display is one of Wayland.
WAYLAND: Final[dict[type[ops.Op[Any]], str]] = {
    ops.CenterWindow: _PLACE,
    ops.RequestUserAttention: "GTK 3 cannot ask for attention on Wayland",
    ops.SetAlwaysOnBottom: _STACKING,
    ops.SetAlwaysOnTop: _STACKING,
    ops.SetCursorGrab: "GTK 3 cannot keep the pointer inside a window on Wayland",
    ops.SetCursorPosition: "Wayland does not let an application move the pointer",
    ops.SetPosition: _PLACE,
    ops.SetSkipTaskbar: "Wayland has no taskbar hint",
    ops.SetVisibleOnAllWorkspaces: "Wayland does not tell applications about workspaces",
}
