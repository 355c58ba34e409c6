"""Channels: ordered streams of messages from a command to one callback of the page that called it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import ClassVar, Generic, TypeVar

from ..errors import ChannelClosed
from ._channel_id import JavaScriptChannelId
from ._payload import InvokeResponseBody, encode_body

__all__ = ["Channel"]

T = TypeVar("T")


class Channel(Generic[T]):
    """An ordered stream of messages. A command gets one whose other end is the npm `Channel` object of the page.

    One made in Python (Tauri: `Channel::new`) hands every message to a function instead, in the thread that sends. Inside
    a result, a message or a payload a channel is the text `__CHANNEL__:<id>`.

    Args:
        handler: Called with the encoded body of every message; what it raises leaves `send`.

    Attributes:
        id: Number of the callback in the page; for a channel made in Python, a separate counter.
    """

    _ids: ClassVar[Iterator[int]] = count()

    def __init__(self, handler: Callable[[InvokeResponseBody], object]) -> None:
        self.id = next(self._ids)
        self._handler = handler
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing sent can arrive any more: it was closed here, dropped by the page, or the page is gone."""
        return self._closed

    def send(self, message: T) -> None:
        """Send a message; never waits. Any thread, but no `__del__`: that may run while its thread is sending.

        Raises:
            ChannelClosed: The channel was closed, or its page is gone.
            ChannelFull: The page does not keep up; `send_async` and `send_blocking` wait instead.
            TypeError: The message cannot cross the wire.
        """
        self._put(encode_body(message))

    async def send_async(self, message: T) -> None:
        """Send a message when the page has room for it.

        Raises:
            ChannelClosed: The channel was closed, or its page is gone.
            TypeError: The message cannot cross the wire.
        """
        self._put(encode_body(message))

    async def send_all(self, messages: Iterable[T]) -> None:
        """Send messages one after the other, each when the page has room for it.

        The page gets what it would get by `send_async` for each. Together they take a fraction of the time, as they cross
        to the page in few frames: use it where many small messages are at hand, such as the lines of a program's output.

        Args:
            messages: What to send, of any length; those before one that cannot cross the wire are sent.

        Raises:
            ChannelClosed: The channel was closed, or its page is gone.
            TypeError: A message cannot cross the wire.
            Exception: What `messages` raises; those before are sent.
        """
        for message in messages:
            await self.send_async(message)

    def send_blocking(self, message: T, timeout: float | None = None) -> None:
        """Send a message when the page has room for it, and hold the calling thread until then.

        For `def` commands and threads of your own (tokio: `Sender::blocking_send`).

        Args:
            message: What to send.
            timeout: Seconds to wait at most; `None` for as long as it takes.

        Raises:
            ChannelClosed: The channel was closed, or its page is gone.
            ChannelFull: There was no room within `timeout`.
            RuntimeError: This is the event loop's or the window system's thread, which carry the messages away.
            TypeError: The message cannot cross the wire.
        """
        self._put(encode_body(message))

    def _put(self, body: InvokeResponseBody) -> None:
        if self._closed:
            raise ChannelClosed("this channel was closed")
        self._handler(body)

    def close(self) -> None:
        """Send the end marker; later sends raise. Closing twice is fine."""
        self._closed = True

    def __to_ipc__(self) -> str:
        return JavaScriptChannelId(self.id).__to_ipc__()

    def __repr__(self) -> str:
        return f"<Channel {self.id}{', closed' if self._closed else ''}>"
