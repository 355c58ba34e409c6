"""The official plugins of Tauri: which of them transom has, and what to write to add one."""

from __future__ import annotations

__all__ = ["OFFICIAL_PLUGINS", "WITHOUT_PACKAGE", "how_to_add"]

# Name -> the extra that brings what it needs; `None` when a plain installation has everything. `transom.plugins` has a
# folder for each. Add here to introduce an official plugin.
OFFICIAL_PLUGINS: dict[str, str | None] = {
    "autostart": None,
    "cli": None,
    "clipboard-manager": "gtk",
    "deep-link": None,
    "dialog": None,
    "fs": None,
    "global-shortcut": None,
    "http": "http",
    "log": None,
    "notification": "gtk",
    "opener": None,
    "os": None,
    "positioner": None,
    "process": None,
    "shell": None,
    "single-instance": None,
    "sql": None,
    "store": None,
    "stronghold": "stronghold",
    "updater": None,
    "upload": "http",
    "websocket": None,
    "window-state": None,
}

# Official plugins that pages do not call, so that there is no npm package of them.
WITHOUT_PACKAGE = frozenset({"single-instance"})

_MOBILE = frozenset("barcode-scanner biometric geolocation haptics nfc".split())


def how_to_add(plugin: str) -> str | None:
    """Return what to do about an official plugin that was not added; `None` if Tauri has no plugin of this name.

    Args:
        plugin: Its name in a command.
    """
    if plugin in OFFICIAL_PLUGINS:
        extra = OFFICIAL_PLUGINS[plugin]
        first = "" if extra is None else f"`pip install 'transom[{extra}]'` and "
        line = f"Builder().plugin(transom.plugins.{plugin.replace('-', '_')}.init())"
        return f"it was not added to this application; add it with {first}`{line}`"
    if plugin in _MOBILE:
        return "this official plugin of Tauri is for phones only; transom runs on desktops and in browsers"
    return None
