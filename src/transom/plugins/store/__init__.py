"""`plugin:store|*`: key-value stores in JSON files, for pages and for Python (Tauri: `tauri_plugin_store`).

A page uses `@tauri-apps/plugin-store`. Python uses the same stores:

    from transom.plugins import store

    settings = store.load(app, "settings.json", defaults={"theme": "light"})
    settings.set("theme", "dark")
"""

from __future__ import annotations

from collections.abc import Mapping

from ...commands import generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...handles import AppHandle
from ._commands import COMMANDS
from ._files import Deserialize, Serialize
from ._store import Store
from ._stores import AUTO_SAVE, Stores, get_store, load

__all__ = ["AUTO_SAVE", "Deserialize", "Serialize", "Store", "Stores", "get_store", "init", "load"]


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
        app.manage(Stores(app, anywhere, dict(serializers or {}), dict(deserializers or {})))

    return (
        PluginBuilder("store")
        .invoke_handler(generate_handler(*COMMANDS))
        .permissions(default=[f"allow-{function.__name__.replace('_', '-')}" for function in COMMANDS])
        .setup(setup)
        .on_drop(lambda app: app.state(Stores).save_all())
        .build()
    )
