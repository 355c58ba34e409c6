"""The stores of an application, by their files."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ...acl import User
from ...commands import CommandItem
from ...errors import CommandError, InvalidResource, TransomError
from ...handles import AppHandle, BaseDirectory, Manager, PerUser, Webview, user_folder
from ._files import Deserialize, Serialize, from_json, to_json
from ._store import Store

__all__ = ["AUTO_SAVE", "Stores", "StoresOfUsers", "get_store", "load"]

_log = logging.getLogger("transom")

CHANGED: Final = "store://change"
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
    """Every store of a user that is loaded. One file has one store, however many pages load it.

    A user of a server has stores of their own, in a folder of their own.

    Args:
        app: The application.
        user: The user.
        anywhere: Whether pages may name files outside of the application's folders.
        serializers: Functions that pages may name.
        deserializers: Functions that pages may name.
    """

    def __init__(
        self,
        app: AppHandle,
        user: User,
        anywhere: bool,
        serializers: dict[str, Serialize],
        deserializers: dict[str, Deserialize],
    ) -> None:
        self._app = app
        self._user = user
        self._folder = user_folder(app, user)
        self._anywhere = anywhere
        self._serializers = serializers
        self._deserializers = deserializers
        self._by_path: dict[Path, Store] = {}
        self._old_pages: set[str] = set()
        self._lock = threading.RLock()

    @classmethod
    def from_command(cls, item: CommandItem) -> Stores:
        """Return those of the user whose page calls; see `CommandArg`."""
        return stores_of(item.message.webview)

    def file(self, path: str | os.PathLike[str]) -> Path:
        """Return the file of a store: paths are relative to the user's folder, which is the application's data."""
        return Path(os.path.normpath(self._app.path().resolve(self._folder / path, BaseDirectory.APP_DATA)))

    def path(self, path: str) -> Path:
        """Return the file of a page's store.

        Raises:
            CommandError: It is outside of the application's folders.
        """
        if "\0" in path or not path:
            raise CommandError("a store's path is not empty, and has no NUL in it")
        found = self.file(path)
        if not self._anywhere and not self._is_own(Path(os.path.realpath(found))):
            if self._user is not User.LOCAL:
                raise CommandError(f"the store {path} is outside of the user's folder; use a relative path")
            raise CommandError(
                f"the store {path} is outside of the application's folders; choose a path in appDataDir(), or let "
                "pages keep stores anywhere with `store.init(anywhere=True)`"
            )
        return found

    def _is_own(self, real: Path) -> bool:
        if self._user is not User.LOCAL:
            return Path(os.path.realpath(self._folder)) in real.parents
        folders = (os.path.realpath(self._app.path().resolve("", base)) for base in _OWN)
        return any(Path(folder) in real.parents for folder in folders)

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
            store = Store(self._app, path, codec, defaults, auto_save, self._forget, self._tell)
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
        store = self._app.resources_table().get(rid, Store)
        if self._by_path.get(store.path) is not store:  # another user's
            raise InvalidResource(rid)
        return store

    def lend(self, page: Webview, store: Store) -> int:
        """Return the number of a store for a page, which can close it in its own session."""
        table = page.app_handle().resources_table()
        if self._user is not User.LOCAL and not table.has(store.rid):
            table.replace(store.rid, _Lent())
        return store.rid

    def save_all(self) -> None:
        """Save what is not saved yet of every store."""
        with self._lock:
            stores = list(self._by_path.values())
        for store in stores:
            store.save_changes()

    def end(self) -> None:
        """Save what is not saved yet, and forget the stores: the application ends, or the user has left."""
        self.save_all()
        if self._user is not User.LOCAL:
            for store in list(self._by_path.values()):
                store.close_resource()

    def _tell(self, change: dict[str, Any]) -> None:
        if self._user is User.LOCAL:
            self._app.emit(CHANGED, change)
        else:
            self._app.emit_to(None, CHANGED, change, user=self._user.id)

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


class _Lent:
    """The store of a user in one session: other sessions have it too, and the last of them ends it."""

    def close(self) -> None:
        """See `Resource`."""


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
        path: The file, relative to the application's data folder, or to that of the user of a server; it need not exist.
        defaults: What a key is worth until it is set.
        auto_save: Seconds without a change after which it saves itself; `None` for only when the application ends.
        create_new: Begin with the defaults even when the file, or the store, is there.
        override_defaults: Forget defaults when the file is there.

    Raises:
        StateError: The plugin was not added.
    """
    stores = stores_of(manager)
    return stores.load(
        stores.file(path),
        defaults=defaults,
        auto_save=auto_save,
        create_new=create_new,
        override_defaults=override_defaults,
    )


def get_store(manager: Manager, path: str | os.PathLike[str]) -> Store | None:
    """Return the store of a file when it is loaded, else `None`.

    Args:
        manager: Any handle of the application, which has the plugin.
        path: The file, relative to the application's data folder.

    Raises:
        StateError: The plugin was not added.
    """
    stores = stores_of(manager)
    return stores.find(stores.file(path))


class StoresOfUsers(PerUser[Stores]):
    """The stores of every user; a desktop application has one."""


def stores_of(manager: Manager) -> Stores:
    """Return the stores of the user that a handle belongs to.

    Raises:
        StateError: The plugin was not added.
        WindowError: The session of the handle has ended.
    """
    return manager.state(StoresOfUsers).of(manager)
