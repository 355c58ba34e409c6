"""Finds a bus by the scheme of its address."""

from __future__ import annotations

from ...errors import ConfigError
from ...events import Bus, MemoryBus

__all__ = ["find_bus"]


def find_bus(address: str, name: str) -> Bus:
    """Return the bus at an address; only now is its library imported.

    Args:
        address: `memory`, `redis://host:port/database` or `nats://host:port`.
        name: The application's name in the engine; the processes of one application have the same.

    Raises:
        ConfigError: No bus has this scheme.
        RuntimeUnavailable: A package is not installed.
    """
    scheme = address.partition(":")[0]
    if scheme == "memory":
        return MemoryBus()
    if scheme in ("redis", "rediss"):
        from ._redis import RedisBus

        return RedisBus(address, name)
    if scheme in ("nats", "tls"):
        from ._nats import NatsBus

        return NatsBus(address, name)
    raise ConfigError(
        f"Builder.server(bus=...): no bus is called {scheme!r}; there are memory, redis://host:port and nats://host:port"
    )
