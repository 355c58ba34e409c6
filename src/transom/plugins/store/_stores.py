"""The stores of an application, by their files."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ...errors import CommandError, TransomError
from ...handles import AppHandle, BaseDirectory, Manager
from ._files import Deserialize, Serialize, from_json, to_json
from ._store import Store

__all__ = ["AUTO_SAVE", "Stores", "get_store", "load"]

_log = logging.getLogger("transom")

AUTO_SAVE: Final = 0.1
"""Seconds without a change after which a store saves itself."""

_OWN = (
    BaseDirectory.APP_DATA,
    BaseDirectory.APP_LOCAL_DATA,
    BaseDirectory.APP_CONFIG,
    BaseDirectory.APP_CACHE,
    BaseDirectory.APP_LOG,
)


class Stores:
    """Every store that is loaded. One file has one store, however many pages load it.

    Args:
        app: The application.
        anywhere: Whether pages may name files outside of the application's folders.
        serializers: Functions that pages may name.
        deserializers: Functions that pages may name.
    """

    def __init__(
        self,
        app: AppHandle,
        anywhere: bool,
        serializers: dict[str, Serialize],
        deserializers: dict[str, Deserialize],
    ) -> None:
        self._app = app
        self._anywhere = anywhere
        self._serializers = serializers
        self._deserializers = deserializers
        self._by_path: dict[Path, Store] = {}
        self._old_pages: set[str] = set()
        self._lock = threading.RLock()

    def path(self, path: str) -> Path:
        """Return the file of a page's store: paths are relative to the application's data folder.

        Raises:
            CommandError: It is outside of the application's folders.
        """
        if "\0" in path or not path:
            raise CommandError("a store's path is not empty, and has no NUL in it")
        found = Path(os.path.normpath(self._app.path().resolve(path, BaseDirectory.APP_DATA)))
        if not self._anywhere:
            real = Path(os.path.realpath(found))
            folders = (os.path.realpath(self._app.path().resolve("", base)) for base in _OWN)
            if not any(Path(folder) in real.parents for folder in folders):
                raise CommandError(
                    f"the store {path} is outside of the application's folders; choose a path in appDataDir(), or let "
                    "pages keep stores anywhere with `store.init(anywhere=True)`"
                )
        return found

    def codec(self, serializer: str | None, deserializer: str | None) -> tuple[Serialize, Deserialize]:
        """Return the functions of these names.

        Raises:
            CommandError: There is none of the name.
        """
        if serializer is not None and serializer not in self._serializers:
            raise CommandError(
                f"no serialize function is called {serializer}; register it with store.init(serializers=...)"
            )
        if deserializer is not None and deserializer not in self._deserializers:
            raise CommandError(
                f"no deserialize function is called {deserializer}; register it with store.init(deserializers=...)"
            )
        return (
            to_json if serializer is None else self._serializers[serializer],
            from_json if deserializer is None else self._deserializers[deserializer],
        )

    def speak(self, webview: str, version: str) -> None:
        """Note which version of the npm package the page of a webview has: `2.0`, or `2.x` for all later ones."""
        (self._old_pages.add if version == "2.0" else self._old_pages.discard)(webview)

    def speaks_2_0(self, webview: str) -> bool:
        """Tell whether the page of a webview has version 2.0 of the npm package."""
        return webview in self._old_pages

    def find(self, path: Path) -> Store | None:
        """Return the store of a file, `None` when it is not loaded."""
        return self._by_path.get(path)

    def load(
        self,
        path: Path,
        codec: tuple[Serialize, Deserialize] = (to_json, from_json),
        *,
        defaults: Mapping[str, Any] | None = None,
        auto_save: float | None = AUTO_SAVE,
        create_new: bool = False,
        override_defaults: bool = False,
    ) -> Store:
        """Return the store of a file; see the function `load`."""
        with self._lock:
            present = self._by_path.get(path)
            if present is not None and not create_new:
                return present
            if present is not None:
                present.close_resource()
            store = Store(self._app, path, codec, defaults, auto_save, self._forget)
            if not create_new:
                _read(store, ignore_defaults=override_defaults)
            store.rid = self._app.resources_table().add(store)
            self._by_path[path] = store
            return store

    def of_rid(self, rid: int) -> Store:
        """Return the store that a page knows by a number.

        Raises:
            InvalidResource: There is none.
        """
        return self._app.resources_table().get(rid, Store)

    def save_all(self) -> None:
        """Save what is not saved yet of every store."""
        with self._lock:
            stores = list(self._by_path.values())
        for store in stores:
            store.save_changes()

    def _forget(self, store: Store) -> None:
        with self._lock:
            if self._by_path.get(store.path) is store and not self._app_has_ended():
                del self._by_path[store.path]

    def _app_has_ended(self) -> bool:
        """Tell whether the application ends: then its stores stay here, and are saved whatever they do by themselves."""
        table = self._app.resources_table()
        try:
            table.take(table.add(_Nothing()), _Nothing)
        except TransomError:
            return True
        return False


class _Nothing:
    def close(self) -> None:
        """See `Resource`."""


def _read(store: Store, *, ignore_defaults: bool) -> None:
    try:
        store.reload(ignore_defaults=ignore_defaults)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        # Tauri: the store begins with its defaults. Here the file that cannot be read is not lost at the next save.
        broken = store.path.with_name(f"{store.path.name}.broken")
        _log.warning("the store %s cannot be read (%s); it is kept as %s", store.path.name, error, broken.name)
        try:
            store.path.replace(broken)
        except OSError as failure:
            _log.warning("%s could not be kept: %s", store.path.name, failure)


def load(
    manager: Manager,
    path: str | os.PathLike[str],
    *,
    defaults: Mapping[str, Any] | None = None,
    auto_save: float | None = AUTO_SAVE,
    create_new: bool = False,
    override_defaults: bool = False,
) -> Store:
    """Load a store, or return the one of this file that is loaded already. Reads the file: not on the event loop's thread.

    Args:
        manager: Any handle of the application, which has the plugin.
        path: The file, relative to the application's data folder; it need not exist.
        defaults: What a key is worth until it is set.
        auto_save: Seconds without a change after which it saves itself; `None` for only when the application ends.
        create_new: Begin with the defaults even when the file, or the store, is there.
        override_defaults: Forget defaults when the file is there.

    Raises:
        StateError: The plugin was not added.
    """
    file = Path(os.path.normpath(manager.path().resolve(path, BaseDirectory.APP_DATA)))
    stores = manager.state(Stores)
    return stores.load(
        file, defaults=defaults, auto_save=auto_save, create_new=create_new, override_defaults=override_defaults
    )


def get_store(manager: Manager, path: str | os.PathLike[str]) -> Store | None:
    """Return the store of a file when it is loaded, else `None`.

    Args:
        manager: Any handle of the application, which has the plugin.
        path: The file, relative to the application's data folder.

    Raises:
        StateError: The plugin was not added.
    """
    file = Path(os.path.normpath(manager.path().resolve(path, BaseDirectory.APP_DATA)))
    return manager.state(Stores).find(file)
