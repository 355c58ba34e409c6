"""`plugin:websocket|*`."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_connection
from websockets.exceptions import ConnectionClosed, InvalidURI, WebSocketException

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import ChannelError, CommandError, RequestError
from ...handles import AppHandle, Webview
from ...values import Channel

__all__ = ["init"]

_MAX_MESSAGE = 64 << 20  # bytes; Tauri: the default of its library
_SECONDS = 10  # that a server gets to answer the goodbye of the page
_GOODBYE = 0.3  # the same, when the page is gone: shorter than an application waits for its tasks
_NO_FIELD = re.compile(r"[^\x20-\x7e\x80-\xff\t]")


class ConnectionConfig(msgspec.Struct, frozen=True, rename="camel"):
    """What a page may set; the sizes of buffers have no counterpart here.

    Attributes:
        max_message_size: The most bytes of a message; `None` for no limit.
        headers: Pairs of name and value.
    """

    max_message_size: int | None = _MAX_MESSAGE
    headers: tuple[tuple[str, str], ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A message of the page.

    Attributes:
        type: `Text`, `Binary`, `Ping`, `Pong` or `Close`.
        data: A text, bytes, or for `Close` a code and a reason.
    """

    type: str
    data: Any = None


class Connection:
    """A connection: a resource of the page, which ends with it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._loop = asyncio.get_running_loop()
        self._ending: asyncio.Task[None] | None = None

    def close(self) -> None:
        """End it. Any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ending = asyncio.ensure_future(self.leave())

    async def leave(self) -> None:
        """Say goodbye, but wait only shortly for the server's."""
        try:
            await asyncio.wait_for(self.socket.close(), _GOODBYE)
        except TimeoutError:
            pass
        finally:
            self.socket.transport.abort()


@command
async def connect(
    app: AppHandle, webview: Webview, url: str, on_message: Channel[Any], config: ConnectionConfig | None = None
) -> int:
    """Connect to a server and return the connection's id; what it sends goes to the channel."""
    how = config or ConnectionConfig()
    if any(_NO_FIELD.search(text) for pair in how.headers for text in pair):
        raise CommandError("websocket|connect: a header has a character that HTTP does not allow")
    try:
        socket = await open_connection(
            url,
            additional_headers=how.headers,
            max_size=how.max_message_size,
            compression=None,
            user_agent_header=None,
            close_timeout=_SECONDS,
        )
    except (InvalidURI, ValueError) as error:
        raise CommandError(f"websocket|connect: this is not an address of a WebSocket: {error}") from None
    except (OSError, WebSocketException) as error:
        raise CommandError(f"websocket|connect: the server cannot be reached: {error}") from None
    connection = Connection(socket)
    rid = webview.resources_table().add(connection)
    app.spawn(_receive(webview, rid, connection, on_message))
    return rid


async def _receive(webview: Webview, rid: int, connection: Connection, messages: Channel[Any]) -> None:
    """Hand on what the server sends, then the end. A page that falls behind makes the server wait."""
    socket = connection.socket
    try:
        with suppress(ConnectionClosed):  # it ended without a goodbye
            async for data in socket:
                message = (
                    {"type": "Text", "data": data} if isinstance(data, str) else {"type": "Binary", "data": list(data)}
                )
                await messages.send_async(message)
        await messages.send_async(_goodbye(socket))
    except ChannelError:  # the page is gone
        pass
    finally:
        await connection.leave()
        table = webview.resources_table()
        if table.has(rid):
            table.take(rid, Connection)
        messages.close()


def _goodbye(socket: ClientConnection) -> dict[str, Any]:
    if socket.close_code in (None, 1005, 1006):  # it came without a code, or not at all
        return {"type": "Close", "data": None}
    return {"type": "Close", "data": {"code": socket.close_code, "reason": socket.close_reason or ""}}


@command
async def send(webview: Webview, id: int, message: Message) -> None:  # noqa: A002 - the argument's name
    """Send a message."""
    try:
        socket = webview.resources_table().get(id, Connection).socket
    except RequestError:
        raise CommandError(f"connection not found for the given id: {id}") from None  # Tauri: the sentence
    try:
        if message.type == "Close":
            code, reason = _code(message.data)
            await socket.close(code, reason)
        elif message.type == "Text" and isinstance(message.data, str):
            await socket.send(message.data)
        elif message.type == "Binary":
            await socket.send(_bytes(message.data))
        elif message.type == "Ping":
            await socket.ping(_bytes(message.data))
        elif message.type == "Pong":
            await socket.pong(_bytes(message.data))
        else:
            raise CommandError(f"websocket|send: there is no message of the type {message.type} with this data")
    except ConnectionClosed:
        raise CommandError("websocket|send: the connection is closed; connect again") from None
    except (ValueError, TypeError, WebSocketException) as error:
        raise CommandError(f"websocket|send: this cannot be sent: {error}") from None


def _bytes(data: Any) -> bytes:
    if not isinstance(data, list | bytes | bytearray | memoryview):
        raise TypeError("the data is not an array of bytes")
    return bytes(data)


def _code(data: Any) -> tuple[int, str]:
    if data is None:
        return 1000, ""
    code, reason = (data.get("code"), data.get("reason", "")) if isinstance(data, dict) else (None, None)
    if type(code) is not int or not isinstance(reason, str):
        raise TypeError("a Close has `{code, reason}` or null")
    return code, reason


def init() -> Plugin:
    """Return the plugin; `websocket:default` allows both commands, to any server, as in Tauri."""
    return (
        PluginBuilder("websocket")
        .invoke_handler(generate_handler(connect, send))
        .permissions(default=("allow-connect", "allow-send"))
        .build()
    )
