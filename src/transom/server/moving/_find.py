"""Finds the store of sessions by the address of the bus."""

from __future__ import annotations

from ._store import SessionStore

__all__ = ["find_store"]


def find_store(address: str, name: str, process: str) -> SessionStore | None:
    """Return where sessions are kept; `None` where there is one process.

    Args:
        address: The address of the bus.
        name: The application's name in the engine.
        process: The id of this process.
    """
    scheme = address.partition(":")[0]
    if scheme in ("redis", "rediss"):
        from ._redis import RedisStore

        return RedisStore(address, name, process)
    if scheme in ("nats", "tls"):
        from ._nats import NatsStore

        return NatsStore(address, name, process)
    return None
