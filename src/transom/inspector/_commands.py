"""The commands of the inspector's page."""

from __future__ import annotations

import asyncio
from typing import Any

from ..commands import command, generate_handler
from ..errors import CommandError
from ..handles import State
from ..values import CallbackFn, Channel, decode_json
from ..wire import InvokeRequest
from ._overview import overview_of
from ._recorder import Changes, Recorder
from ._records import ChannelMessage
from ._subject import Subject

__all__ = ["inspector_commands"]

_TICK = 0.1  # seconds between two messages to the page


def inspector_commands() -> Any:
    """Return the handler of the commands of the inspector's page."""
    return generate_handler(follow, overview, messages, replay, clear, export)


@command
async def follow(on_changes: Channel[Changes], subject: State[Subject], after: int = 0) -> None:
    """Send everything that is kept, and what changes from then on, until the page is gone."""
    while not on_changes.closed:
        changes = subject.recorder.changes(after)
        if changes.cursor != after:
            await on_changes.send_async(changes)
            after = changes.cursor
        if not changes.more:
            await asyncio.sleep(_TICK)


@command
async def overview(subject: State[Subject]) -> dict[str, Any]:
    """Return the windows, pages, listeners, resources and managed objects as they are now."""
    return overview_of(subject)


@command
async def messages(channel: int, subject: State[Subject]) -> list[ChannelMessage]:
    """Return the last messages of a channel."""
    return subject.recorder.messages(channel)


@command
async def replay(call: int, subject: State[Subject]) -> None:
    """Make a call again for the page that made it, or for the one that its webview shows now.

    Permissions hold as for the page's own calls. The answer is recorded, and goes to no page.
    """
    recorder = subject.recorder
    try:
        record, session = recorder.call(call)
    except LookupError as error:
        raise CommandError(str(error)) from None
    if not record.replayable:
        raise CommandError(
            f"the call of {record.command} cannot be made again: its arguments were not kept whole, or hold raw bytes or a channel"
        )
    if session is None or session.closed:
        session = recorder.page(record.page)
    if session is None:
        raise CommandError(f"the webview {record.page!r} shows no page any more")
    request = InvokeRequest(
        cmd=record.command,
        callback=CallbackFn(0),
        error=CallbackFn(0),
        body=decode_json(record.args.encode()),
        headers=record.headers,
        invoke_key="",
    )
    with recorder.replaying():
        session.request(request, lambda _: None)


@command
async def clear(subject: State[Subject]) -> None:
    """Forget what was recorded."""
    subject.recorder.clear()


@command
async def export(subject: State[Subject]) -> dict[str, Any]:
    """Return everything that is kept."""
    return {"format": "transom-inspector-1", "overview": overview_of(subject), **_everything(subject.recorder)}


def _everything(recorder: Recorder) -> dict[str, Any]:
    found: dict[str, list[Any]] = {"calls": [], "events": [], "channels": []}
    after, more = 0, True
    while more:
        changes = recorder.changes(after)
        after, more = changes.cursor, changes.more
        found["calls"] += changes.calls
        found["events"] += changes.events
        found["channels"] += changes.channels
    return {**found, "messages": {str(channel.id): recorder.messages(channel.id) for channel in found["channels"]}}
