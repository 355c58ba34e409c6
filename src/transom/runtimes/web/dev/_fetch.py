"""One request to a development server, whose answer is read as it comes: it may be a stream without an end."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Sequence
from typing import Any, NamedTuple
from urllib.parse import SplitResult

import h11

__all__ = ["Answer", "fetch", "tls_of"]

_READ_BYTES = 64 * 1024
_CONNECT = 10.0  # seconds


class Answer(NamedTuple):
    """The response of a server.

    Attributes:
        status: The status.
        headers: The header fields, names in lower case.
        pieces: The body, which has to be read to its end or closed.
    """

    status: int
    headers: list[tuple[str, str]]
    pieces: AsyncGenerator[bytes]


def tls_of(server: SplitResult) -> ssl.SSLContext | None:
    """Return how to connect to a server; `None` without TLS. Certificates that people make for their own machine are accepted."""
    if server.scheme != "https":
        return None
    context = ssl.create_default_context()
    if server.hostname in ("localhost", "127.0.0.1", "::1"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def fetch(
    server: SplitResult, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes
) -> Answer:
    """Send a request over a connection of its own and return the answer as soon as its header is there.

    Raises:
        OSError: The server does not answer.
    """
    port = server.port or (443 if server.scheme == "https" else 80)
    async with asyncio.timeout(_CONNECT):
        reader, writer = await asyncio.open_connection(server.hostname, port, ssl=tls_of(server))
    connection = h11.Connection(h11.CLIENT)
    try:
        fields = [*headers, ("host", server.netloc), ("connection", "close"), ("content-length", str(len(body)))]
        for event in (
            h11.Request(method=method, target=target, headers=fields),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            writer.write(connection.send(event) or b"")
        response = await _next(connection, reader)
        while isinstance(response, h11.InformationalResponse):
            response = await _next(connection, reader)
    except h11.ProtocolError as error:
        writer.close()
        raise ConnectionError(f"it does not speak HTTP: {error}") from None
    except BaseException:
        writer.close()
        raise
    if not isinstance(response, h11.Response):
        writer.close()
        raise ConnectionError("it ended the connection without an answer")
    found = [(name.decode("ascii"), value.decode("latin-1")) for name, value in response.headers]
    return Answer(response.status_code, found, _body(connection, reader, writer))


async def _next(connection: h11.Connection, reader: asyncio.StreamReader) -> Any:
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(await reader.read(_READ_BYTES))
    return event


async def _body(
    connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> AsyncGenerator[bytes]:
    try:
        while isinstance(event := await _next(connection, reader), h11.Data):
            yield bytes(event.data)
    finally:
        writer.close()
