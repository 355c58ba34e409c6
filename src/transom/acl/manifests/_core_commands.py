"""Every command of Tauri's core plugins, to tell a permission that transom does not have yet from a misspelt one."""

from __future__ import annotations

__all__ = ["CORE_COMMANDS"]

# Spelt as in permissions. Pages address transom's own plugins by these names; an application cannot add such a plugin.
CORE_COMMANDS = {
    "app": frozenset(
        (
            "app-hide app-show bundle-type default-window-icon exit fetch-data-store-identifiers identifier name "
            "register-listener remove-data-store remove-listener set-app-theme set-dock-visibility "
            "supports-multiple-windows tauri-version version"
        ).split()
    ),
    "event": frozenset("emit emit-to listen unlisten".split()),
    "image": frozenset("from-bytes from-path new rgba size".split()),
    "menu": frozenset(
        (
            "append create-default get insert is-checked is-enabled items new popup prepend remove remove-at "
            "set-accelerator set-as-app-menu set-as-help-menu-for-nsapp set-as-window-menu "
            "set-as-windows-menu-for-nsapp set-checked set-enabled set-icon set-text text"
        ).split()
    ),
    "path": frozenset("basename dirname extname is-absolute join normalize resolve resolve-directory".split()),
    "resources": frozenset("close".split()),
    "tray": frozenset(
        (
            "get-by-id new remove-by-id set-icon set-icon-as-template set-icon-with-as-template set-menu "
            "set-show-menu-on-left-click set-temp-dir-path set-title set-tooltip set-visible"
        ).split()
    ),
    "webview": frozenset(
        (
            "clear-all-browsing-data close create-webview create-webview-window get-all-webviews "
            "internal-toggle-devtools print reparent set-webview-auto-resize set-webview-background-color "
            "set-webview-focus set-webview-position set-webview-size set-webview-zoom webview-close webview-hide "
            "webview-position webview-show webview-size"
        ).split()
    ),
    "window": frozenset(
        (
            "activity-name available-monitors center close create current-monitor cursor-position destroy "
            "get-all-windows hide inner-position inner-size internal-on-mousedown internal-on-mousemove "
            "internal-toggle-maximize is-always-on-top is-closable is-decorated is-enabled is-focused "
            "is-fullscreen is-maximizable is-maximized is-minimizable is-minimized is-resizable is-visible "
            "maximize minimize monitor-from-point outer-position outer-size primary-monitor "
            "request-user-attention scale-factor scene-identifier set-always-on-bottom set-always-on-top "
            "set-background-color set-badge-count set-badge-label set-closable set-content-protected "
            "set-cursor-grab set-cursor-icon set-cursor-position set-cursor-visible set-decorations set-effects "
            "set-enabled set-focus set-focusable set-fullscreen set-fullscreen-on-monitor set-icon "
            "set-ignore-cursor-events set-max-size set-maximizable set-min-size set-minimizable set-overlay-icon "
            "set-position set-progress-bar set-resizable set-shadow set-simple-fullscreen set-size "
            "set-size-constraints set-skip-taskbar set-theme set-title set-title-bar-style "
            "set-visible-on-all-workspaces show start-dragging start-resize-dragging theme title toggle-maximize "
            "unmaximize unminimize"
        ).split()
    ),
}
