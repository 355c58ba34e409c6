"""The commands of the plugin, as `@tauri-apps/plugin-store` calls them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from ...commands import command
from ...errors import CommandError
from ...handles import Webview
from ._stores import AUTO_SAVE, Stores

__all__ = ["COMMANDS"]


class LoadOptions(msgspec.Struct, rename="camel"):
    """How to load a store; see the function `load`. `auto_save` is milliseconds, or whether it saves itself at all."""

    defaults: dict[str, Any] | None = None
    auto_save: bool | float | None = None
    serialize_fn_name: str | None = None
    deserialize_fn_name: str | None = None
    create_new: bool | None = None
    override_defaults: bool | None = None


# In workers: these three read or write a file.
@command
def load(
    stores: Stores,
    webview: Webview,
    path: str | None = None,
    rid: int | None = None,
    options: LoadOptions | None = None,
    auto_save: bool | float | None = None,
    serialize_fn_name: str | None = None,
    deserialize_fn_name: str | None = None,
    create_new: bool | None = None,
) -> int | None:
    """Load a store, or find the loaded one, and return its number. Version 2.0.0 of the package reads its `rid` anew."""
    if path is None:
        if rid is None:
            raise CommandError("store|load: the path of the store is missing")
        with suppress(FileNotFoundError):
            _reload(stores, rid)
        return None
    stores.speak(webview.label, "2.x")
    given = options or LoadOptions(
        auto_save=auto_save,
        serialize_fn_name=serialize_fn_name,
        deserialize_fn_name=deserialize_fn_name,
        create_new=create_new,
    )
    store = stores.load(
        stores.path(path),
        stores.codec(given.serialize_fn_name, given.deserialize_fn_name),
        defaults=None if given.defaults is None else _plain(given.defaults),
        auto_save=_seconds(given.auto_save),
        create_new=bool(given.create_new),
        override_defaults=bool(given.override_defaults),
    )
    return stores.lend(webview, store)


@command
def create_store(
    stores: Stores,
    webview: Webview,
    path: str,
    auto_save: bool | float | None = None,
    serialize_fn_name: str | None = None,
    deserialize_fn_name: str | None = None,
) -> int:
    """Load a store and return its number; version 2.0.0 of the package calls it, and gets values without more."""
    codec = stores.codec(serialize_fn_name, deserialize_fn_name)
    store = stores.load(stores.path(path), codec, auto_save=_seconds(auto_save))
    store.told_path = path
    stores.speak(webview.label, "2.0")
    return stores.lend(webview, store)


@command
def reload(stores: Stores, rid: int, ignore_defaults: bool = False) -> None:
    """Take in what the file holds now."""
    try:
        _reload(stores, rid, ignore_defaults)
    except FileNotFoundError as error:
        raise CommandError(_sentence(error)) from None


def _reload(stores: Stores, rid: int, ignore_defaults: bool = False) -> None:
    try:
        stores.of_rid(rid).reload(ignore_defaults=ignore_defaults)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise CommandError(_sentence(error)) from None


@command
def save(stores: Stores, rid: int) -> None:
    """Write the file now."""
    try:
        stores.of_rid(rid).save()
    except OSError as error:
        raise CommandError(_sentence(error)) from None


@command
async def get_store(stores: Stores, webview: Webview, path: str) -> int | None:
    """Return the number of a store that is loaded."""
    store = stores.find(stores.path(path))
    return None if store is None else stores.lend(webview, store)


@command
async def set(stores: Stores, rid: int, key: str, value: Any) -> None:  # noqa: A001 - the command's name
    """Give a key a value."""
    stores.of_rid(rid).set(key, _plain(value))


@command
async def get(stores: Stores, webview: Webview, rid: int, key: str) -> Any:
    """Return the value of a key, and whether it has one; the value alone for version 2.0.0 of the package."""
    store = stores.of_rid(rid)
    return store.get(key) if stores.speaks_2_0(webview.label) else (store.get(key), store.has(key))


@command
async def has(stores: Stores, rid: int, key: str) -> bool:
    """Tell whether a key has a value."""
    return stores.of_rid(rid).has(key)


@command
async def delete(stores: Stores, rid: int, key: str) -> bool:
    """Remove a key, and tell whether it was there."""
    return stores.of_rid(rid).delete(key)


@command
async def clear(stores: Stores, rid: int) -> None:
    """Remove every key."""
    stores.of_rid(rid).clear()


@command
async def reset(stores: Stores, rid: int) -> None:
    """Go back to the defaults."""
    stores.of_rid(rid).reset()


@command
async def keys(stores: Stores, rid: int) -> list[str]:
    """Return all keys."""
    return stores.of_rid(rid).keys()


@command
async def values(stores: Stores, rid: int) -> list[Any]:
    """Return all values."""
    return stores.of_rid(rid).values()


@command
async def entries(stores: Stores, rid: int) -> list[tuple[str, Any]]:
    """Return all keys with their values."""
    return stores.of_rid(rid).entries()


@command
async def length(stores: Stores, rid: int) -> int:
    """Return the number of keys."""
    return stores.of_rid(rid).length()


COMMANDS = (
    load,
    create_store,
    get_store,
    set,
    get,
    has,
    delete,
    clear,
    reset,
    keys,
    values,
    entries,
    length,
    reload,
    save,
)


def _seconds(auto_save: bool | float | None) -> float | None:
    if auto_save is None or auto_save is True:
        return AUTO_SAVE
    # Tauri: `false` and 0 turn it off.
    return min(auto_save / 1000, 86_400.0) if auto_save and auto_save > 0 else None


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it: buffers become lists of numbers, as in Tauri."""
    if isinstance(value, memoryview | bytes | bytearray):
        return list(bytes(value))
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _sentence(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror} (os error {error.errno})"
    return f"the file of the store cannot be read: {error}"
