"""The open channels of one page: at most one for each callback, kept alive by its users."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, Protocol
from weakref import ref

from ..errors import LimitReached
from ..threads import Loop
from ._channel import ChannelState, PageChannel
from ._limits import Allowance

__all__ = ["ChannelTable"]


class TablePage(Protocol):
    """The page that the channels lead to."""

    def make_channel(self, callback: int) -> PageChannel[Any]:
        """Return a new channel to a callback."""
        ...

    def end(self, channel: ChannelState) -> None:
        """Send the end marker of a channel, once."""


class ChannelTable:
    """Channels by the callback in the page.

    Args:
        page: The page, which holds the table; the table holds it weakly, so that the page is freed when it is let go.
        lock: The page's; `end` takes it too.
        loop: Ends channels that are dropped while the lock is held.
        limit: The most channels that may be open.
        owner: The page, for the text of an error.

    Attributes:
        allowance: What the page shares with others; `None` for nothing.
    """

    def __init__(self, page: TablePage, lock: threading.Lock, loop: Loop, limit: int, owner: str) -> None:
        self._page = ref(page)
        self._lock = lock
        self._loop = loop
        self._limit = limit
        self._owner = owner
        self._channels: dict[int, ref[PageChannel[Any]]] = {}
        self.allowance: Allowance | None = None

    def __len__(self) -> int:
        return len(self._channels)

    def __contains__(self, callback: object) -> bool:
        return callback in self._channels

    def find(self, callback: int) -> PageChannel[Any] | None:
        """Return the open channel of a callback; `None` if there is none."""
        reference = self._channels.get(callback)
        return None if reference is None else reference()

    def open(self, callback: int) -> PageChannel[Any]:
        """Return the open channel of a callback, or a new one. Two channels would mix up the numbers of their messages.

        Raises:
            LimitReached: The application keeps too many channels of the page, or of those that share an allowance.
        """
        with self._lock:
            found = self.find(callback)
            if found is None:
                if len(self._channels) >= self._limit:
                    raise LimitReached(self._owner, self._limit, "open channels", "max_channels")
                if self.allowance is not None:
                    self.allowance.admit_channel()
                page = self._page()
                assert page is not None
                found = page.make_channel(callback)
                self._channels[callback] = ref(found, partial(self._dropped, found.state))
        return found

    def _dropped(self, channel: ChannelState, reference: ref[PageChannel[Any]]) -> None:
        """End a channel that nothing refers to: soon, if the collector runs inside a thread that holds the lock."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
            self._forget(channel, reference)
        else:
            self._loop.post(self._forget, channel, reference)

    def _forget(self, channel: ChannelState, reference: ref[PageChannel[Any]]) -> None:
        with self._lock:
            if self._channels.get(channel.id) is reference:
                del self._channels[channel.id]
        page = self._page()
        if page is not None:
            page.end(channel)
