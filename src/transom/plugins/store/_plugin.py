"""The plugin, as it is added to an application."""

from __future__ import annotations

from collections.abc import Mapping

from ...acl import User
from ...commands import generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...handles import AppHandle
from ._commands import COMMANDS
from ._files import Deserialize, Serialize
from ._stores import Stores, StoresOfUsers

__all__ = ["init"]


def init(
    *,
    anywhere: bool = False,
    serializers: Mapping[str, Serialize] | None = None,
    deserializers: Mapping[str, Deserialize] | None = None,
) -> Plugin:
    """Return the plugin of stores.

    Args:
        anywhere: Let pages keep stores in any folder, as Tauri does. By default a store is in one of the application's own
            folders, so that a page that runs foreign code cannot overwrite files of other programs.
        serializers: Functions by which pages may let a store be written, by name (`serializeFnName`).
        deserializers: Functions by which pages may let a store be read (`deserializeFnName`).
    """

    def setup(app: AppHandle, _: PluginApi) -> None:
        def make(user: User) -> Stores:
            return Stores(app, user, anywhere, dict(serializers or {}), dict(deserializers or {}))

        app.manage(StoresOfUsers(make, Stores.end))

    return (
        PluginBuilder("store")
        .invoke_handler(generate_handler(*COMMANDS))
        .permissions(default=[f"allow-{function.__name__.replace('_', '-')}" for function in COMMANDS])
        .setup(setup)
        .on_drop(lambda app: app.state(StoresOfUsers).end())
        .build()
    )
