"""Channels: ordered streams of messages from a command to one callback of the page that called it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Generic, TypeAlias, TypeVar

from ..errors import ChannelClosed, ChannelFull
from ..wire import InvokeResponseBody, JavaScriptChannelId, channel_end, encode_body, encode_parts

if TYPE_CHECKING:
    from ._app import AppCore
    from ._page import PageSession

__all__ = ["Channel", "PageChannel"]

T = TypeVar("T")
# Takes the index and the body of a message; `True` means that it has taken care of it.
Intercept: TypeAlias = Callable[[int, InvokeResponseBody], bool]


class Channel(Generic[T]):
    """An ordered stream of messages. A command gets one whose other end is the npm `Channel` object of the page.

    One made in Python (Tauri: `Channel::new`) hands every message to a function instead, in the thread that sends. Inside
    a result, a message or a payload a channel is the text `__CHANNEL__:<id>`.

    Args:
        handler: Called with the encoded body of every message; what it raises leaves `send`.

    Attributes:
        id: Number of the callback in the page; for a channel made in Python, from a counter of its own.
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


class PageChannel(Channel[T]):
    """A channel to a callback of a page. The end marker goes out with `close()`, or when the last reference is dropped.

    Attributes:
        sent: The number of messages sent, which is the index of the next one.
        ended: Whether no message may follow: it was closed, or the page dropped the callback.
    """

    def __init__(self, app: AppCore, session: PageSession, callback: int, intercept: Intercept | None = None) -> None:
        self.id = int(callback)
        self._app = app
        self._session = session
        self._intercept = intercept
        self._intercepting = threading.RLock()
        self.sent = 0
        self.ended = False

    @property
    def closed(self) -> bool:
        """See `Channel`."""
        return self.ended or self._session.closed

    def send(self, message: T) -> None:
        """See `Channel`."""
        if self._intercept is None:
            json, buffers = encode_parts(message)
            self._session.send(self, json, buffers)
        else:
            self._put(encode_body(message))

    async def send_async(self, message: T) -> None:
        """See `Channel`."""
        body = encode_body(message)
        while True:
            try:
                return self._put(body)
            except ChannelFull:
                await self._session.room()

    def send_blocking(self, message: T, timeout: float | None = None) -> None:
        """See `Channel`."""
        if self._app.loop_thread.is_current or self._app.is_window_thread:
            raise RuntimeError(
                "send_blocking would hold the thread that carries the messages to the page; "
                'use `await channel.send_async(...)` in `async def`, and a plain `def` command instead of `thread="main"`'
            )
        body = encode_body(message)
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                return self._put(body)
            except ChannelFull:
                if not self._wait_for_room(until):
                    raise

    def _wait_for_room(self, until: float | None) -> bool:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            return False
        try:
            self._app.loop_thread.spawn(asyncio.wait_for(self._session.room(), left)).result()
        except TimeoutError:
            return False
        except (CancelledError, RuntimeError):
            raise ChannelClosed("the application has ended, and the page of this channel with it") from None
        return True

    def _put(self, body: InvokeResponseBody) -> None:
        if self._intercept is None:
            self._session.send(self, *body)
            return
        # Held while the interceptor decides: what it lets pass must not overtake what it was asked about before.
        with self._intercepting:
            if self.closed:
                raise ChannelClosed("this channel was closed, or its page dropped it or is gone")
            if self._intercept(self.sent, body):
                self.sent += 1  # Tauri: a message that was taken has used up its index
            else:
                self._session.send(self, *body)

    def close(self) -> None:
        """See `Channel`."""
        self._session.end(self)

    def __del__(self) -> None:
        if not getattr(self, "ended", True):
            self._session.push_from_finalizer(channel_end(self.id, self.sent))

    def __repr__(self) -> str:
        return (
            f"<Channel {self.id} of {self._session.page.label!r}, {'closed' if self.closed else f'{self.sent} sent'}>"
        )
