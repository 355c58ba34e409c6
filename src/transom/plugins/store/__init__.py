"""`plugin:store|*`: key-value stores in JSON files, for pages and for Python (Tauri: `tauri_plugin_store`).

A page uses `@tauri-apps/plugin-store`. Python uses the same stores:

    from transom.plugins import store

    settings = store.load(app, "settings.json", defaults={"theme": "light"})
    settings.set("theme", "dark")
"""

from ._files import Deserialize, Serialize
from ._files import replace as replace_file
from ._plugin import init
from ._store import Store
from ._stores import AUTO_SAVE, Stores, get_store, load

__all__ = ["AUTO_SAVE", "Deserialize", "Serialize", "Store", "Stores", "get_store", "init", "load", "replace_file"]
