"""Bounds for connections that have not shown a session, or at least a request: anybody on the machine can open them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from weakref import WeakSet

from uvicorn.protocols.http.auto import AutoHTTPProtocol

__all__ = ["PROVEN", "Connections", "ServedProtocol", "http_protocol_class"]

PROVEN = "transom.proven"
# Add a bound here and in the table of docs/security.md.
MAX_UNPROVEN = 128
DEADLINE = 10.0  # seconds until a connection must have shown a session
_CLOSE_SECONDS = 0.2  # that connections have to take what was sent to them, at the end of the application
_AWAITED = "transom_awaited"
_logger = logging.getLogger("transom")


class Connections:
    """The connections to our own server; those that have not shown a session are bounded. It lives on the server's loop.

    Args:
        maximum: How many there may be; the oldest is closed for a new one.
        deadline: After how many seconds one is closed.
    """

    def __init__(self, maximum: int = MAX_UNPROVEN, deadline: float = DEADLINE) -> None:
        self._maximum = maximum
        self._deadline = deadline
        self._unproven: dict[asyncio.Transport, asyncio.TimerHandle] = {}
        self._open: WeakSet[asyncio.Transport] = WeakSet()
        self._closed = False
        self._warned = False

    def __len__(self) -> int:
        """Return how many have not shown a session."""
        return len(self._unproven)

    def add(self, transport: asyncio.Transport) -> None:
        """Note a new connection."""
        if self._closed:
            transport.abort()
            return
        self._open.add(transport)
        while len(self._unproven) >= self._maximum:
            if not self._warned:
                self._warned = True
                _logger.warning(
                    "more than %d connections have shown no session of this application; the oldest are closed",
                    self._maximum,
                )
            self._drop(next(iter(self._unproven)))
        self._unproven[transport] = asyncio.get_running_loop().call_later(self._deadline, self._drop, transport)

    def proven(self, transport: asyncio.Transport) -> None:
        """Leave a connection alone from now on: it has shown a session, or has ended."""
        timer = self._unproven.pop(transport, None)
        if timer is not None:
            timer.cancel()

    async def close(self) -> None:
        """Close every connection, and each that still comes: a browser must not keep one for the next application here."""
        self._closed = True
        for transport in tuple(self._open):
            transport.close()
        if any(transport.get_write_buffer_size() for transport in tuple(self._open)):
            await asyncio.sleep(_CLOSE_SECONDS)
        for transport in tuple(self._open):  # those that do not read what was sent to them
            transport.abort()
        await asyncio.sleep(0)  # transports close their sockets in the loop's next turn

    def _drop(self, transport: asyncio.Transport) -> None:
        self._unproven.pop(transport).cancel()
        transport.abort()  # `close` would wait until what is queued has been read


def http_protocol_class(connections: Connections) -> type[asyncio.Protocol]:
    """Return the class for uvicorn's setting `http` that keeps to the bounds.

    Requests have `PROVEN` in their scope: a function to call when they have shown a session.
    """

    class BoundedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # one of two, as they are installed
        app: Any
        transport: Any

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            connections.add(transport)
            application = self.app

            async def noted(scope: Any, receive: Any, send: Any) -> None:
                try:
                    if _is_ambiguous(scope):
                        await _refuse(send)
                        return
                    await application({**scope, PROVEN: lambda: connections.proven(transport)}, receive, send)
                except asyncio.CancelledError:
                    if not transport.is_closing():  # else the application has ended, and nobody waits for an answer
                        raise

            self.app = noted

        def connection_lost(self, exc: Exception | None) -> None:
            connections.proven(self.transport)
            super().connection_lost(exc)

    return BoundedProtocol


class ServedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # one of two, as they are installed
    """The class for uvicorn's setting `http` of `transom serve`: connections whose request is awaited are bounded.

    A request must have arrived within the deadline. Of more connections than half of the descriptors that the process may
    have, the oldest are closed. uvicorn itself waits for ever.
    """

    app: Any
    server_state: Any
    transport: Any

    def connection_made(self, transport: Any) -> None:
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._awaited = _awaited_of(self.server_state)
        self._awaited.add(transport)
        application = self.app

        async def noted(scope: Any, receive: Any, send: Any) -> None:
            self._awaited.proven(transport)
            await (_refuse(send) if _is_ambiguous(scope) else application(scope, receive, send))

        self.app = noted

    def handle_websocket_upgrade(self, *event: Any) -> None:
        """Leave a connection to the class for WebSockets."""
        self._awaited.proven(self.transport)
        super().handle_websocket_upgrade(*event)  # pyright: ignore[reportAttributeAccessIssue]

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()  # pyright: ignore[reportAttributeAccessIssue]
        if not self.transport.is_closing() and self.transport.get_protocol() is self:
            self._awaited.proven(self.transport)
            self._awaited.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._awaited.proven(self.transport)
        super().connection_lost(exc)


def _awaited_of(server: Any) -> Connections:
    """Return the connections of one of uvicorn's servers whose requests are awaited."""
    state = vars(server)
    if _AWAITED not in state:
        state[_AWAITED] = Connections(_half_of_the_descriptors())
    found: Connections = state[_AWAITED]
    return found


def _half_of_the_descriptors() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 4096
    return max(MAX_UNPROVEN, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20) // 2)


def _is_ambiguous(scope: Any) -> bool:
    """Tell whether a request has two lengths, so that a proxy may have read another one (RFC 9112, 6.1)."""
    names = {name for name, _ in scope["headers"]} if scope["type"] == "http" else set()
    return b"transfer-encoding" in names and b"content-length" in names


async def _refuse(send: Any) -> None:
    headers = [(b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
