"""The plugin of windows, from the tables of its commands."""

from __future__ import annotations

from ...commands import generate_handler
from ...core import Plugin, PluginBuilder
from . import _commands
from ._tables import ACTIONS, GETTERS, SETTERS

__all__ = ["window_plugin"]

# Commands of `GETTERS` that Tauri leaves out of its default permission.
_NOT_BY_DEFAULT = frozenset({"activity_name", "scene_identifier"})


def window_plugin() -> Plugin:
    """Return the plugin of windows."""
    names = [function.__name__ for function in GETTERS if function.__name__ not in _NOT_BY_DEFAULT]
    names += ["get_all_windows", "monitor_from_point", "internal_toggle_maximize"]
    return (
        PluginBuilder("window")
        .invoke_handler(generate_handler(*GETTERS, *ACTIONS, *SETTERS, _commands, lazy=True))
        .permissions(default=[f"allow-{name.replace('_', '-')}" for name in names])
        .build()
    )
