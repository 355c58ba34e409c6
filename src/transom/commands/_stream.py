"""Streaming commands: send the values of an asynchronous generator, and pause it while the page is behind."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from ..calls import Invoke
from ..errors import ChannelClosed, InvalidArgs
from ..values import Channel, JavaScriptChannelId
from ._plan import Plan

__all__ = ["Stream", "run_stream"]

_HEADER = "transom-stream"
_MAX_CREDIT = 2**31
_CREDIT = re.compile("[0-9]{1,10}")


class Stream:
    """The back end's half of the page's `stream()`: sends no more values than the page has asked for.

    Only on the event loop's thread.

    Args:
        channel: Carries the values.
        credit: How many the page takes before it asks again.
    """

    def __init__(self, channel: Channel[Any], credit: int) -> None:
        self._channel = channel
        self._credit = credit
        self._more = asyncio.Event()

    @property
    def id(self) -> int:
        """Number of the channel in the page."""
        return self._channel.id

    async def send(self, value: Any) -> None:
        """Send a value when the page wants one.

        Raises:
            ChannelClosed: The page is gone.
            TypeError: The value cannot cross the wire.
        """
        while self._credit == 0:
            self._more.clear()
            await self._more.wait()
        self._credit -= 1
        await self._channel.send_async(value)

    def pull(self, count: int) -> None:
        """Note how many more values the page takes."""
        self._credit = min(self._credit + max(count, 0), _MAX_CREDIT)
        self._more.set()

    def close(self) -> None:
        """Send the end marker."""
        self._channel.close()


async def run_stream(plan: Plan, invoke: Invoke) -> int:
    """Bind a generator command, send everything it yields and return how many values that were.

    Raises:
        InvalidArgs: The page gave nowhere to stream to; and see `Plan.bind`.
        Exception: Whatever the generator raises.
    """
    positional, keywords = plan.bind(invoke)
    session = invoke.session
    channel = plan.channel_in(positional, keywords)
    stream = None if channel is not None else _pulled(plan, invoke)
    send = stream.send if stream is not None else channel.send_async  # type: ignore[union-attr]
    generator = plan.function(*positional, **keywords)
    if stream is not None:
        session.streams[stream.id] = stream
    count = 0
    try:
        async for value in generator:
            await send(value)
            count += 1
    except ChannelClosed:
        if not session.closed and stream is None:
            return count  # the page dropped the channel: it has heard enough
        raise
    finally:
        # Now, not when the garbage collector comes by: the generator may hold files.
        try:
            await generator.aclose()
        finally:
            if stream is not None:
                session.streams.pop(stream.id, None)
                stream.close()
    return count


def _pulled(plan: Plan, invoke: Invoke) -> Stream:
    given = invoke.message.headers.get(_HEADER)
    if given is None:
        raise InvalidArgs(
            plan.name,
            _HEADER,
            f"command {plan.name} streams its results; call it with stream() of the package transom-api, "
            "or give it a Channel parameter and send a Channel",
        )
    channel, _, credit = given.partition(" ")
    if not (_CREDIT.fullmatch(credit) and 0 < int(credit) <= _MAX_CREDIT):
        raise InvalidArgs(plan.name, _HEADER, f"the header is a channel and how many values are wanted, got `{given}`")
    return Stream(invoke.session.channel(JavaScriptChannelId.parse(channel)), int(credit))
