"""The raw buffers that a page has sent: collected from packs, and cut out for the call that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import LimitReached, MalformedMessage, MessageTooLarge
from ..wire import Chunk, InvokeFrame, PackAssembler, ReceivedPack, check_spans, lies_outside
from ._limits import Allowance

__all__ = ["ReceivedBuffers", "held_bytes"]

_MAX_REFUSED = 100  # packs of which it is remembered why they were refused


class ReceivedBuffers:
    """The packs of one page.

    Args:
        max_bytes: The most bytes of packs that wait for their calls.
        max_buffers: The most buffers in the arguments of one call.

    Attributes:
        allowance: What the page shares with others; `None` for nothing.
    """

    def __init__(self, max_bytes: int, max_buffers: int) -> None:
        self._packs = PackAssembler(max_bytes)
        self._max_buffers = max_buffers
        self._refused: dict[int, str] = {}
        self.allowance: Allowance | None = None

    @property
    def held(self) -> int:
        """The bytes of packs that wait for their calls."""
        return self._packs.held

    def add(self, chunk: Chunk) -> None:
        """Take a chunk of a pack.

        Raises:
            MalformedMessage: It does not fit its pack.
            MessageTooLarge: The packs that wait are over the limit.
            LimitReached: Those of all pages that share an allowance are.
        """
        if chunk.number in self._refused:
            return  # the page was told
        try:
            if self.allowance is not None and chunk.number not in self._packs:
                self.allowance.admit_upload(chunk.size)
            self._packs.add(chunk)
        except (MessageTooLarge, LimitReached) as error:
            if len(self._refused) >= _MAX_REFUSED:
                del self._refused[next(iter(self._refused))]
            self._refused[chunk.number] = str(error)
            raise

    def drop_whole(self) -> None:
        """Drop the packs that are whole: the message that they belong to could not be read."""
        self._packs.drop_whole()

    def clear(self) -> None:
        """Drop everything, also what arrives from now on: the page is gone."""
        self._packs = PackAssembler(0)

    def of(self, message: InvokeFrame, tail: ReceivedPack | None) -> Sequence[memoryview]:
        """Return the buffers of a call, in the order of its spans.

        Args:
            message: The call.
            tail: The pack that came with its batch.

        Raises:
            MalformedMessage: A buffer lies outside of its pack, the pack was refused, or the call has too many.
        """
        # Claimed before anything is refused: a pack that no call claims stays.
        numbers = {span.pack for span in message.spans} - {0}
        refused = [self._refused.pop(number) for number in numbers if number in self._refused]
        packs = {
            number: ReceivedPack(number, self._packs.claim(number))
            for number in numbers
            if number in self._packs or not refused
        }
        if refused:
            raise MalformedMessage(refused[0])
        check_spans(message.command, message.spans, self._max_buffers)
        if tail is not None:
            packs[0] = tail
        buffers = []
        for span in message.spans:
            pack = packs.get(span.pack)
            if pack is None:
                raise lies_outside(message.command, span.pack)
            buffers.append(pack.cut(message.command, span))
        return buffers


def held_bytes(buffers: Sequence[memoryview]) -> int:
    """Return the bytes of memory that buffers keep: all of each pack, however little of it they show."""
    return sum({id(buffer.obj): memoryview(buffer.obj).nbytes for buffer in buffers}.values())
