"""State of a session that moves with it to other processes: as MessagePack, decoded by its class and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from ...errors import ConfigError
from ...handles import StateManager

__all__ = ["load_shared", "name_of", "shared_class", "store_shared"]

_log = logging.getLogger("transom")


def name_of(kind: type) -> str:
    """Return the name under which the objects of a class are stored."""
    return f"{kind.__module__}.{kind.__qualname__}"


def shared_class(factory: Any, scope: str) -> type:
    """Return the class of a factory's objects.

    Raises:
        ConfigError: It is not known, or its objects cannot be stored.
    """
    if scope != "session":
        raise ConfigError(f"Builder.manage: shared=True is for scope='session', and this has scope={scope!r}")
    kind = factory if isinstance(factory, type) else get_type_hints(factory).get("return")
    if not isinstance(kind, type):
        raise ConfigError(
            "Builder.manage: with shared=True it takes a class, or a function whose return type is annotated with one"
        )
    about = msgspec.inspect.type_info(kind)
    if not isinstance(about, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
        raise ConfigError(
            f"Builder.manage: {kind.__qualname__} cannot be shared=True, as it is stored by its fields; make it a dataclass, an "
            "attrs class or a msgspec.Struct"
        )
    try:
        msgspec.msgpack.Decoder(kind)
    except TypeError as error:
        raise ConfigError(f"Builder.manage: {kind.__qualname__} cannot be shared=True: {error}") from None
    return kind


def load_shared(kind: type, stored: Mapping[str, bytes]) -> Any:
    """Return the object of a class that was stored; `None` if none was, or if it does not fit the class any more."""
    data = stored.get(name_of(kind))
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        _log.warning(
            "the stored %s does not fit its class, such as of another version: %s; it is made anew",
            name_of(kind),
            error,
        )
        return None


def store_shared(kinds: list[type], state: StateManager, max_bytes: int) -> dict[str, bytes]:
    """Return the shared objects of a session, by the names of their classes.

    Args:
        kinds: Their classes.
        state: The session's state.
        max_bytes: The most bytes of all of them. Nothing is stored above.
    """
    stored: dict[str, bytes] = {}
    for kind in kinds:
        try:
            stored[name_of(kind)] = msgspec.msgpack.encode(state.get(kind))
        except Exception as error:  # noqa: BLE001 - the session goes on; this object does not move
            _log.error("the %s of a session cannot be stored: %s: %s", name_of(kind), type(error).__name__, error)
    size = sum(map(len, stored.values()))
    if size <= max_bytes:
        return stored
    _log.error(
        "the shared state of a session has %d bytes, more than Builder.server(max_shared_bytes=%d); it is not stored, and "
        "begins anew in another process",
        size,
        max_bytes,
    )
    return {}
