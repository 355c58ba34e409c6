"""Connections to servers whose IP address is checked, so that a name does not lead around the scope.

A name does not tell where it leads: its owner can let it resolve to 127.0.0.1, and to something else a second
later (DNS rebinding). A connection is therefore made to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

__all__ = ["Network"]

_NEXT = 0.25  # s after which the next address is tried beside the one before; https://www.rfc-editor.org/rfc/rfc8305

# Raises for an IP address that the request of this task may not reach.
_CHECK: ContextVar[Callable[[str], None]] = ContextVar("check")


class _Made:
    """A connection that exists as long as a stream refers to it."""

    __slots__ = ("__weakref__", "host", "ip", "port")

    def __init__(self, host: str, port: int, ip: str) -> None:
        self.host, self.port, self.ip = host, port, ip


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that keeps its `_Made`."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, made: _Made) -> None:
        self._stream, self._made = stream, made

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's interface
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._made)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Network(httpcore.AsyncNetworkBackend):
    """Resolves names, and connects to addresses that the request may reach.

    Args:
        network: Makes the connections.
    """

    def __init__(self, network: httpcore.AsyncNetworkBackend) -> None:
        self._network = network
        self._open: WeakSet[_Made] = WeakSet()

    @contextmanager
    def checking(self, host: str, port: int, check: Callable[[str], None]) -> Iterator[None]:
        """Check the address of every connection that this task makes, and of those that it could use again.

        Args:
            host: The host of the request, as httpx sends it to the network.
            port: The port.
            check: Raises for an IP address that the request may not reach.
        """
        for made in list(self._open):
            if (made.host, made.port) == (host, port):
                check(made.ip)
        token = _CHECK.set(check)
        try:
            yield
        finally:
            _CHECK.reset(token)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve a name, check every address, and connect to the first that answers.

        Raises:
            ConnectTimeout: No address answered in time.
            ConnectError: The name does not resolve, or no address answered.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = await _resolve(host, port)
                check = _CHECK.get()
                for ip in addresses:
                    check(ip)
                options = None if socket_options is None else list(socket_options)

                async def connect(ip: str) -> httpcore.AsyncNetworkStream:
                    stream = await self._network.connect_tcp(ip, port, None, local_address, options)
                    made = _Made(host, port, ip)
                    self._open.add(made)
                    return _Stream(stream, made)

                return await _first(addresses, connect)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} did not answer in time") from None

    async def sleep(self, seconds: float) -> None:
        """Wait before another attempt."""
        await self._network.sleep(seconds)


async def _resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, those of the two families in turn."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from None
    addresses = list(dict.fromkeys((family, str(at[0])) for family, _, _, _, at in found))
    first = [ip for family, ip in addresses if family == addresses[0][0]]
    others = [ip for family, ip in addresses if family != addresses[0][0]]
    return [ip for ip in chain.from_iterable(zip_longest(first, others)) if ip is not None]


async def _first(addresses: Sequence[str], connect: Callable[[str], Any]) -> httpcore.AsyncNetworkStream:
    """Connect to one address after the other, the next when one failed or is slow, and keep the first connection."""
    failure: BaseException = httpcore.ConnectError("the name has no address")
    waiting: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    left = list(addresses)
    try:
        while left or waiting:
            if left:
                waiting.add(asyncio.ensure_future(connect(left.pop(0))))
            done, waiting = await asyncio.wait(
                waiting, timeout=_NEXT if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                if (error := task.exception()) is None:
                    done.discard(task)
                    waiting |= done
                    return task.result()
                failure = error
        raise failure
    finally:
        for task in waiting:
            task.cancel()
            task.add_done_callback(_discard)


def _discard(task: asyncio.Task[httpcore.AsyncNetworkStream]) -> None:
    """Close a connection that came too late."""
    if not task.cancelled() and task.exception() is None:
        closing = asyncio.ensure_future(task.result().aclose())
        closing.add_done_callback(lambda done: done.cancelled() or done.exception())
