"""The part of a page's session that its channels use: their messages, each numbered under the lock of the page's queue."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress

from ..errors import ChannelClosed, ChannelFull
from ..runtimes import Link
from ..values import LiftedBuffer
from ..wire import Outbox, channel_end, channel_message
from ._channel import ChannelState

__all__ = ["ChannelSender"]

_CLOSED = "this channel was closed, or the page dropped it"


class ChannelSender:
    """Sends what channels send; `PageSession` has its attributes.

    Attributes:
        outbox: The queue of what goes to the page.
    """

    outbox: Outbox
    _lock: threading.Lock
    _link: Link

    def send(self, channel: ChannelState, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Queue the next message of a channel: under one lock it gets its index and its place in the queue.

        Raises:
            ChannelClosed: The channel has ended, or the generation is over.
            ChannelFull: The page does not keep up.
        """
        with self._lock:
            if channel.ended:
                raise ChannelClosed(_CLOSED)
            if buffers:
                message = channel_message(channel.id, channel.sent, json)
                wake = self.outbox.push(message, buffers, refusable=True)
            else:
                wake = self.outbox.push_channel(channel.id, channel.sent, json)
            channel.sent += 1
        if wake:
            self._link.wake()

    def send_texts(self, channel: ChannelState, texts: Sequence[bytes]) -> int:
        """Queue the next messages of a channel, as many as there is room for, and return how many.

        The runtime is woken when they are all there: woken by the first, it would send that one by itself.

        Args:
            channel: The channel.
            texts: The JSON of each; none has buffers.

        Raises:
            ChannelClosed: The channel has ended, or the generation is over.
        """
        taken, wake = 0, False
        with self._lock:
            if channel.ended:
                raise ChannelClosed(_CLOSED)
            with suppress(ChannelFull):
                for text in texts:
                    wake = self.outbox.push_channel(channel.id, channel.sent, text) or wake
                    channel.sent += 1
                    taken += 1
        if wake:
            self._link.wake()
        return taken

    def end(self, channel: ChannelState) -> None:
        """Queue the end marker of a channel, once."""
        with self._lock:
            if channel.ended:
                return
            channel.ended = True
            wake = self.outbox.push(channel_end(channel.id, channel.sent))
        if wake:
            self._link.wake()
