"""What is kept of a call, an event and a channel, as the inspector's page gets it."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["CallRecord", "ChannelMessage", "ChannelRecord", "EventRecord"]


class CallRecord(msgspec.Struct, rename="camel", kw_only=True):
    """A call.

    Attributes:
        id: Its number among all calls of the recorder.
        change: The recorder's count of changes when it last changed.
        at: When it arrived, in milliseconds since 1970.
        page: The label of its page's webview.
        origin: Where the page's document comes from.
        command: The whole name of the command.
        args: The beginning of its arguments as JSON text.
        args_bytes: The size of all of it.
        buffers: The sizes of its raw buffers.
        raw: Whether its body is raw bytes and no JSON.
        headers: Its headers, values cut.
        replayed: Whether the inspector made it.
        state: `waiting`, `running`, `resolved`, `rejected`, `cancelled` or `gone` with its page.
        where: The thread that runs it: `loop`, `worker` or `main`; empty before it began.
        waited: Milliseconds until it began; `None` before.
        took: Milliseconds until its answer; `None` before.
        result: The beginning of its answer as JSON text.
        result_bytes: The size of all of the answer, with its buffers.
        result_buffers: The sizes of the answer's buffers.
        error: The traceback of what it failed with; empty for a refusal, or a rejection that the command has chosen.
        denial: The decision that refused it; see `transom.acl.report_of`. `None` for none.
        advice: What its author can do about the refusal.
        replayable: Whether it can be made again.
    """

    id: int
    change: int
    at: float
    page: str
    origin: str
    command: str
    args: str = ""
    args_bytes: int = 0
    buffers: list[int] = []
    raw: bool = False
    headers: dict[str, str] = {}
    replayed: bool = False
    state: str = "waiting"
    where: str = ""
    waited: float | None = None
    took: float | None = None
    result: str = ""
    result_bytes: int = 0
    result_buffers: list[int] = []
    error: str = ""
    denial: dict[str, Any] | None = None
    advice: str = ""
    replayable: bool = False


class EventRecord(msgspec.Struct, rename="camel", kw_only=True):
    """An event, or the coming and going of a page.

    Attributes:
        id: Its number among all of the recorder.
        change: The recorder's count of changes when it was recorded.
        at: When, in milliseconds since 1970.
        kind: `event`, `opened` or `closed`.
        name: The name of the event, or the label of the page.
        payload: The beginning of its payload as JSON text; of a page, its address's origin.
        payload_bytes: The size of all of it, with its buffers.
        source: The label of the window that it comes from, if listeners are to know it; empty for none.
        everybody: Whether it is for every listener.
    """

    id: int
    change: int
    at: float
    kind: str
    name: str
    payload: str = ""
    payload_bytes: int = 0
    source: str = ""
    everybody: bool = True


class ChannelMessage(msgspec.Struct, rename="camel"):
    """A message of a channel.

    Attributes:
        index: Its number in the channel.
        at: When it was sent, in milliseconds since 1970.
        bytes: Its size, with its buffers.
        text: Its beginning as JSON text.
    """

    index: int
    at: float
    bytes: int
    text: str


class ChannelRecord(msgspec.Struct, rename="camel", kw_only=True):
    """A channel.

    Attributes:
        id: Its number among all channels of the recorder.
        change: The recorder's count of changes when it last changed.
        at: When its first message was sent, in milliseconds since 1970.
        last: When its last one was.
        page: The label of its page's webview.
        callback: The number of its callback in the page.
        sent: How many messages were sent.
        bytes: Their size together.
        ended: Whether it has ended.
    """

    id: int
    change: int
    at: float
    last: float
    page: str
    callback: int
    sent: int = 0
    bytes: int = 0
    ended: bool = False
