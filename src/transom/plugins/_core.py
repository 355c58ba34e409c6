"""The plugins that every application has."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..calls import Invoke
from ..commands import CommandSpec
from ..core import Plugin, PluginBuilder
from ._declared import DECLARED, Commands
from .event import event_plugin
from .resources import resources_plugin
from .stream import stream_plugin

__all__ = ["core_plugins", "load_plugin"]


class _Later:
    """The commands of a plugin whose module is imported at the first call of one.

    Menus, trays and windows have many commands, of which most pages call a few and none before its first document.
    """

    def __init__(self, plugin: str, commands: Commands) -> None:
        self.names = [*commands.default, *commands.others]
        self._plugin = plugin
        self._handler: Any = None

    def __call__(self, invoke: Invoke) -> bool:
        answered: bool = self._load()(invoke)
        return answered

    @property
    def specs(self) -> list[CommandSpec]:
        """The commands; this imports the module."""
        specs: list[CommandSpec] = self._load().specs
        return specs

    def _load(self) -> Any:
        if self._handler is None:  # two threads may do it at once, and get equal handlers
            self._handler = load_plugin(self._plugin).handler
        return self._handler


def load_plugin(name: str) -> Plugin:
    """Import the module of a declared core plugin and return the plugin with its commands."""
    plugin: Plugin = getattr(import_module(f".{name}", __package__), f"{name}_plugin")()
    return plugin


def _declared(name: str, commands: Commands) -> Plugin:
    default = [f"allow-{command.replace('_', '-')}" for command in commands.default]
    return PluginBuilder(name).invoke_handler(_Later(name, commands)).permissions(default=default).build()


def core_plugins() -> tuple[Plugin, ...]:
    """Return the plugins that every application has."""
    declared = [_declared(name, commands) for name, commands in DECLARED.items()]
    return (event_plugin(), resources_plugin(), stream_plugin(), *declared)
