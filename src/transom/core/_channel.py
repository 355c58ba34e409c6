"""Channels: ordered streams of messages from a command to one callback of the page that called it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from ..errors import ChannelClosed, ChannelFull
from ..wire import channel_end, channel_message, encode_body

if TYPE_CHECKING:
    from ._page import PageSession

__all__ = ["Channel"]

T = TypeVar("T")


class Channel(Generic[T]):
    """A stream of messages to the page, in the order they were sent. Any thread may send.

    The npm `Channel` object of the page is its other end. The end marker goes out with `close()`, or when the last
    reference is dropped.
    """

    def __init__(self, session: PageSession, callback: int) -> None:
        self._session = session
        self._callback = callback
        self._count = 0
        self._closed = False
        self._lock = threading.Lock()
        session.add_channel(callback, self)

    @property
    def id(self) -> int:
        """Number of the callback in the page."""
        return self._callback

    @property
    def closed(self) -> bool:
        """Whether nothing sent can arrive any more: it was closed here, dropped by the page, or the page is gone."""
        return self._closed or self._session.closed

    def send(self, message: T) -> None:
        """Send a message; never waits.

        Raises:
            ChannelClosed: The channel was closed, or its page is gone.
            ChannelFull: The page does not keep up; `send_async` waits instead.
            TypeError: The message cannot cross the wire.
        """
        body = encode_body(message)
        with self._lock:
            if self._closed:
                raise ChannelClosed("this channel was closed, or the page dropped it")
            self._session.push(channel_message(self._callback, self._count, body.json), body.buffers, refusable=True)
            self._count += 1

    async def send_async(self, message: T) -> None:
        """Send a message when the page has room for it.

        Raises:
            ChannelClosed: The channel was closed, or its page is gone.
            TypeError: The message cannot cross the wire.
        """
        while True:
            try:
                return self.send(message)
            except ChannelFull:
                await self._session.room()

    def close(self) -> None:
        """Send the end marker; later sends raise. Closing twice is fine."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._session.push(channel_end(self._callback, self._count))

    def dropped_by_page(self) -> None:
        """Note that the page no longer has the callback."""
        self._closed = True

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            self._session.push_from_finalizer(channel_end(self._callback, self._count))

    def __repr__(self) -> str:
        return f"<Channel {self._callback} of {self._session.page.label!r}, {'closed' if self.closed else f'{self._count} sent'}>"
