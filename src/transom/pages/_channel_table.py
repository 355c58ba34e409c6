"""The open channels of one page: at most one for each callback, held by whoever uses it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import ref

from ..errors import LimitReached
from ..threads import Loop
from ._channel import ChannelState, PageChannel

__all__ = ["ChannelTable"]


class ChannelTable:
    """Channels by the callback in the page.

    Args:
        lock: The page's; `end` takes it too.
        loop: Ends channels that are dropped where the lock is held.
        end: Sends the end marker of a channel, once.
        make: Makes the channel to a callback.
        limit: The most channels that may be open.
        owner: The page, for the text of an error.
    """

    def __init__(
        self,
        lock: threading.Lock,
        loop: Loop,
        end: Callable[[ChannelState], None],
        make: Callable[[int], PageChannel[Any]],
        limit: int,
        owner: str,
    ) -> None:
        self._lock = lock
        self._loop = loop
        self._end = end
        self._make = make
        self._limit = limit
        self._owner = owner
        self._channels: dict[int, ref[PageChannel[Any]]] = {}

    def __contains__(self, callback: object) -> bool:
        return callback in self._channels

    def find(self, callback: int) -> PageChannel[Any] | None:
        """Return the open channel of a callback; `None` if there is none."""
        reference = self._channels.get(callback)
        return None if reference is None else reference()

    def open(self, callback: int) -> PageChannel[Any]:
        """Return the open channel of a callback, or a new one: two with counters of their own would mix up their messages.

        Raises:
            LimitReached: The application keeps too many channels of the page.
        """
        with self._lock:
            found = self.find(callback)
            if found is None:
                if len(self._channels) >= self._limit:
                    raise LimitReached(self._owner, self._limit, "open channels", "max_channels")
                found = self._make(callback)
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
        self._end(channel)
