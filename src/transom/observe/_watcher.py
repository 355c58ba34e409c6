"""What is told of the calls and channels of pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..pages import CallState, ChannelState, PageSession
from ..values import LiftedBuffer
from ..wire import InvokeFrame

__all__ = ["Watcher"]


class Watcher:
    """Is told what observed pages do, on the thread where it happens, which it must not block. Every method may be left out.

    A `record` is what `arrived` has returned for the call, a `kept` what `channel` has returned for the channel.
    """

    def opened(self, session: PageSession) -> None:
        """Note that a page has begun."""

    def closed(self, session: PageSession) -> None:
        """Note that a page has ended."""

    def arrived(
        self, session: PageSession, command: str, frame: InvokeFrame | None, buffers: Sequence[memoryview]
    ) -> Any:
        """Note a new call and return its record.

        Args:
            session: The page that called.
            command: The whole name of the command.
            frame: The call's message; `None` for one that was refused before it was read.
            buffers: The bytes of its raw buffers.
        """

    def dispatched(self, record: Any) -> None:
        """Note that a call was handed to its handler: on the thread of `arrived`, in the reverse order of watchers."""

    def began(self, record: Any, where: CallState) -> None:
        """Note that a call's command begins to run."""

    def failed(self, record: Any, error: BaseException) -> None:
        """Note why a call is about to be rejected."""

    def answered(
        self, record: Any, state: CallState, is_ok: bool, json: bytes, buffers: Sequence[LiftedBuffer]
    ) -> None:
        """Note the answer of a call, whose state before it was `state`."""

    def channel(self, session: PageSession, channel: ChannelState) -> Any:
        """Note the first message of a channel and return what stands for the channel."""

    def sent(self, kept: Any, index: int, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Note a message of a channel."""

    def ended(self, kept: Any) -> None:
        """Note that a channel has ended."""

    def heard(self, session: PageSession, message: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Note an event on its way to a page: the message, whose third element is the payload, and its buffers."""
