"""What a project of Tauri 1 allows its pages beside its allowlist."""

from __future__ import annotations

from collections.abc import Sequence

from ..acl import Capability
from ._plugin import Plugin

__all__ = ["capability_of_plugins"]

# Plugins of 2.x for what the allowlist decides about, and those with scopes that 1.x does not have.
_OF_ALLOWLIST = frozenset(
    {
        "cli",
        "clipboard-manager",
        "dialog",
        "fs",
        "global-shortcut",
        "http",
        "notification",
        "opener",
        "os",
        "process",
        "shell",
        "updater",
    }
)


def capability_of_plugins(plugins: Sequence[Plugin]) -> Capability:
    """Return the capability for every command of the plugins that the author has added and the allowlist does not name."""
    # Tauri 1: plugins have no permissions.
    permissions = [
        f"{plugin.name}:allow-{command.replace('_', '-')}"
        for plugin in plugins
        if plugin.name not in _OF_ALLOWLIST
        for command in plugin.commands or ()
    ]
    return Capability(identifier="tauri-1-plugins", windows=("*",), permissions=tuple(permissions))
