"""The far end: runs the function in the process of an executor."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from ...errors import ChannelClosed, CommandCancelled
from ...pages import CancellationToken
from ...values import Channel, InvokeResponseBody, encode_body
from ._frames import LENGTH, ChannelFrame, encode_frame

__all__ = ["CallOfExecutor", "Place", "run_there"]

_SECONDS = 10.0


class Place(NamedTuple):
    """Stands for an argument that is made in the other process.

    Attributes:
        channel: The number of the channel; `None` for the token.
    """

    channel: int | None


class CallOfExecutor(NamedTuple):
    """What an executor calls in place of a function with channels or a token.

    Attributes:
        host: Where the application listens for this call.
        port: Its port.
        secret: Shows that the call is this one.
        function: The function.
    """

    host: str
    port: int
    secret: bytes
    function: Callable[..., Any]


def run_there(call: CallOfExecutor, positional: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """Call a function, and return its result when the application has everything that its channels have sent.

    Args:
        call: The call.
        positional: Its arguments by position, with a `Place` for each channel and token.
        keywords: Its arguments by name.

    Raises:
        CommandCancelled: The application waits for this call no more.
        Exception: What the function raises.
    """
    try:
        connection = socket.create_connection((call.host, call.port), _SECONDS)
    except OSError as error:
        raise CommandCancelled(f"the application does not wait for this call any more ({error})") from None
    connection.settimeout(None)
    line = _Line(connection, call.secret)
    try:
        made = [line.put(value) for value in positional]
        named = {name: line.put(value) for name, value in keywords.items()}
        return call.function(*made, **named)
    finally:
        line.close()


class _Line:
    """The connection to the application."""

    def __init__(self, connection: socket.socket, secret: bytes) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._channels: dict[int, _FarChannel] = {}
        self._token = CancellationToken()
        self._everything = threading.Event()
        connection.sendall(secret)
        threading.Thread(target=self._listen, daemon=True, name="transom-executor-call").start()

    def put(self, value: Any) -> Any:
        """Return an argument: a channel or the token in its place, or what it is."""
        if not isinstance(value, Place):
            return value
        if value.channel is None:
            return self._token
        return self._channels.setdefault(value.channel, _FarChannel(self, value.channel))

    def send(self, frame: ChannelFrame | None) -> None:
        """Send a frame; waits while the page does not keep up.

        Raises:
            ChannelClosed: The application waits for this call no more.
        """
        data = encode_frame(frame)
        try:
            with self._sending:
                self._connection.sendall(data)
        except OSError:
            raise ChannelClosed("the call of this command was cancelled, or the application has ended") from None

    def _listen(self) -> None:
        """Take what the application says, until it closes the connection."""
        try:
            while len(head := self._connection.recv(LENGTH, socket.MSG_WAITALL)) == LENGTH:
                number = int.from_bytes(head, "big", signed=True)
                if number < 0:
                    self._everything.set()
                elif (channel := self._channels.get(number)) is not None:
                    channel.end()
        except OSError:
            pass
        for channel in list(self._channels.values()):
            channel.end()
        if not self._everything.is_set():
            self._token.cancel()
        self._everything.set()

    def close(self) -> None:
        """Wait until the application has everything, or has closed the connection."""
        with suppress(ChannelClosed):
            self.send(None)
            self._everything.wait()
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


class _FarChannel(Channel[Any]):
    """A channel whose messages cross to the application. Sending waits while the page does not keep up."""

    def __init__(self, line: _Line, number: int) -> None:
        self.id = number
        self._line = line
        self._closed = False

    def _put(self, body: InvokeResponseBody) -> None:
        if self._closed:
            raise ChannelClosed("this channel was closed, or its page dropped it or is gone")
        buffers = [(buffer.path, buffer.kind, bytes(buffer.data)) for buffer in body.buffers]
        self._line.send(ChannelFrame(self.id, bytes(body.json), buffers))

    def send(self, message: Any) -> None:
        """See `Channel`; unlike others it waits while the page does not keep up."""
        self._put(encode_body(message))

    def end(self) -> None:
        """Note that the page takes no more."""
        self._closed = True

    def close(self) -> None:
        """See `Channel`."""
        if not self._closed:
            self._closed = True
            with suppress(ChannelClosed):
                self._line.send(ChannelFrame(self.id, None))
