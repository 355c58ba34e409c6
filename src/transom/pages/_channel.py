"""Channels to a page: messages are numbered, and producers pause while the page is behind."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from typing import Protocol, TypeAlias, TypeVar

from ..errors import ChannelClosed, ChannelFull
from ..runtimes import Page
from ..threads import Threads
from ..values import Channel, InvokeResponseBody, LiftedBuffer, encode_body, encode_parts

__all__ = ["ChannelQueue", "ChannelState", "Intercept", "PageChannel", "Pullable"]

T = TypeVar("T")
# Takes the index and the body of a message; `True` means that the message was taken and must not be sent.
Intercept: TypeAlias = Callable[[int, InvokeResponseBody], bool]
_TOGETHER = 1000  # messages that `send_all` takes before it sends them: there may be any number of them


class ChannelState:
    """The progress of a channel. It outlives the channel, so that the end can be queued after the channel is released.

    Attributes:
        id: The number of its callback in the page.
        sent: The number of messages sent, which is the index of the next one.
        ended: Whether no message may follow: it was closed, or the page dropped the callback.
    """

    __slots__ = ("ended", "id", "sent")

    def __init__(self, callback: int) -> None:
        self.id = callback
        self.sent = 0
        self.ended = False


class ChannelQueue(Protocol):
    """The queue to the page that the channel's callback belongs to."""

    page: Page

    @property
    def closed(self) -> bool:
        """Whether the page generation has ended."""
        ...

    def send(self, channel: ChannelState, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Queue the channel's next message.

        Raises:
            ChannelClosed: The channel has ended, or the page generation has.
            ChannelFull: The page does not keep up.
        """

    def send_texts(self, channel: ChannelState, texts: Sequence[bytes]) -> int:
        """Queue the channel's next messages, without buffers, as many as there is room for; return how many.

        Raises:
            ChannelClosed: The channel has ended, or the page generation has.
        """
        ...

    def end(self, channel: ChannelState) -> None:
        """Queue the channel's end marker, once."""

    async def room(self) -> None:
        """Wait until the queue is below its bound, or the page is gone."""


class Pullable(Protocol):
    """A stream that sends no more values than its page has asked for."""

    def pull(self, count: int) -> None:
        """Note that the page takes `count` more values."""


class PageChannel(Channel[T]):
    """A channel to a callback of a page. The end marker goes out with `close()`, or when the last reference is dropped.

    It has no `__del__`: while that runs, another thread could still find the channel by a weak reference.

    Attributes:
        state: How far it is.
    """

    def __init__(
        self, queue: ChannelQueue, threads: Threads, callback: int, intercept: Intercept | None = None
    ) -> None:
        self.id = int(callback)
        self._queue = queue
        self._threads = threads
        self._intercept = intercept
        self._intercepting = threading.RLock()
        self.state = ChannelState(self.id)

    @property
    def closed(self) -> bool:
        """See `Channel`."""
        return self.state.ended or self._queue.closed

    def send(self, message: T) -> None:
        """See `Channel`."""
        if self._intercept is None:
            json, buffers = encode_parts(message)
            self._queue.send(self.state, json, buffers)
        else:
            self._put(encode_body(message))

    async def send_async(self, message: T) -> None:
        """See `Channel`."""
        body = encode_body(message)
        while True:
            try:
                return self._put(body)
            except ChannelFull:
                await self._queue.room()

    async def send_all(self, messages: Iterable[T]) -> None:
        """See `Channel`."""
        if self._intercept is not None:
            await super().send_all(messages)
            return
        texts: list[bytes] = []
        try:
            for message in messages:
                json, buffers = encode_parts(message)
                if not buffers:
                    texts.append(json)
                if buffers or len(texts) == _TOGETHER:
                    together, texts = texts, []
                    await self._send_texts(together)
                if buffers:
                    await self.send_async(message)
        except Exception:
            await self._send_texts(texts)
            raise
        await self._send_texts(texts)

    async def _send_texts(self, texts: list[bytes]) -> None:
        while texts:
            texts = texts[self._queue.send_texts(self.state, texts) :]
            if texts:
                await self._queue.room()

    def send_blocking(self, message: T, timeout: float | None = None) -> None:
        """See `Channel`."""
        if self._threads.on_loop or self._threads.on_window_thread:
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
            self._threads.loop.spawn(asyncio.wait_for(self._queue.room(), left)).result()
        except TimeoutError:
            return False
        except (CancelledError, RuntimeError):
            raise ChannelClosed("the application has ended, and the page of this channel with it") from None
        return True

    def _put(self, body: InvokeResponseBody) -> None:
        if self._intercept is None:
            self._queue.send(self.state, *body)
            return
        # Held while the interceptor decides: what it lets pass must not overtake what it was asked about before.
        with self._intercepting:
            if self.closed:
                raise ChannelClosed("this channel was closed, or its page dropped it or is gone")
            if self._intercept(self.state.sent, body):
                self.state.sent += 1  # Tauri: a message that was taken has used up its index
            else:
                self._queue.send(self.state, *body)

    def close(self) -> None:
        """See `Channel`."""
        self._queue.end(self.state)

    def __repr__(self) -> str:
        return f"<Channel {self.id} of {self._queue.page.label!r}, {'closed' if self.closed else f'{self.state.sent} sent'}>"
