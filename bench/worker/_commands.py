"""The back end for `page.js`: the desk that distributes work, and the commands that the work calls."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from functools import lru_cache
from typing import Any

import msgspec

from transom import AppHandle, Channel, Request, Response, State, Webview, command, generate_handler
from transom.errors import ChannelFull

__all__ = ["Desk", "Done", "Message", "Progress", "WorkFailed", "handler"]


class WorkFailed(Exception):
    """A page could not do its work; the text is from the page."""


class Work(msgspec.Struct):
    """A piece of work: an entry of `works` in `page.js`, and its arguments."""

    number: int
    kind: str
    args: dict[str, Any]


class Done(msgspec.Struct, kw_only=True):
    """The report of a page about finished work.

    Attributes:
        error: Why the work failed; `None` if it succeeded.
        milliseconds: The duration, measured by the page.
        callbacks: The number of callbacks that the page keeps for the back end.
    """

    number: int
    error: str | None
    milliseconds: float
    callbacks: int


class Desk:
    """Distributes work to pages that request it, and passes the results back. Use it only on the event loop."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._asking: dict[str, asyncio.Future[Work]] = {}
        self._results: dict[int, asyncio.Future[Done]] = {}
        self._changed = asyncio.Condition()
        self.waiting = 0
        self.times: list[float] = []
        self.held: Channel[Message] | None = None

    async def ask(self, label: str) -> Work:
        """Wait for work for a page."""
        future: asyncio.Future[Work] = asyncio.get_running_loop().create_future()
        self._asking[label] = future
        await self.changed()
        try:
            return await future
        finally:
            if self._asking.get(label) is future:
                del self._asking[label]

    async def changed(self) -> None:
        """Wake up everything that waits for a condition."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Any, seconds: float, what: str) -> None:
        """Wait until a condition holds.

        Raises:
            WorkFailed: It does not hold in time; the text contains `what`.
        """
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            raise WorkFailed(f"{what}: not within {seconds:g} s") from None

    async def idle(self, label: str, seconds: float = 60) -> None:
        """Wait until a page requests work; see `until`."""
        await self.until(lambda: label in self._asking, seconds, f"the page of {label!r} requests work")

    async def begin(self, label: str, kind: str, **args: Any) -> int:
        """Give work to a page as soon as it requests it, and return the number of the work; see `until`."""
        await self.idle(label)
        work = Work(next(self._numbers), kind, args)
        self._asking.pop(label).set_result(work)
        return work.number

    async def give(self, label: str, kind: str, **args: Any) -> asyncio.Future[Done]:
        """Give work to a page like `begin`, and return a future for its result."""
        number = await self.begin(label, kind, **args)
        result = self._results[number] = asyncio.get_running_loop().create_future()
        return result

    async def do(self, label: str, kind: str, **args: Any) -> Done:
        """Let a page do some work, and return its report.

        Raises:
            WorkFailed: The page could not do it.
        """
        done = await (await self.give(label, kind, **args))
        if done.error is not None:
            raise WorkFailed(f"{kind} in the page of {label!r}: {done.error}")
        return done

    def report(self, done: Done) -> None:
        """Accept the report of a page; its future may no longer exist."""
        result = self._results.pop(done.number, None)
        if result is not None and not result.done():
            result.set_result(done)


class Payload(msgspec.Struct):
    state: str
    data: int


class Reply(msgspec.Struct):
    value: int
    message: str


class Progress(msgspec.Struct):
    number: int
    length: int


class Message(msgspec.Struct):
    event: str
    data: Progress


@command
async def next_work(desk: State[Desk], webview: Webview) -> Work:
    return await desk.ask(webview.label)


@command
async def work_done(desk: State[Desk], number: int, error: str | None, milliseconds: float, callbacks: int) -> None:
    desk.report(Done(number=number, error=error, milliseconds=milliseconds, callbacks=callbacks))


@command
async def echo(count: int, payload: Payload) -> Reply:
    return Reply(count, payload.state)


@command
def echo_worker(count: int, payload: Payload) -> Reply:
    return Reply(count, payload.state)


@command(thread="main")
def echo_main(count: int, payload: Payload) -> Reply:
    return Reply(count, payload.state)


@command
async def wait(desk: State[Desk]) -> None:
    desk.waiting += 1
    await desk.changed()
    try:
        await asyncio.Event().wait()
    finally:
        desk.waiting -= 1
        await desk.changed()


@command
async def hold(desk: State[Desk], on_message: Channel[Message]) -> None:
    desk.held = on_message
    await desk.changed()


@command
async def mark(desk: State[Desk], first: bool) -> None:
    if first:
        desk.times.clear()
    desk.times.append(time.perf_counter())


def _places(size: int) -> tuple[int, int, int]:
    """Return the places of the number in a body."""
    return 0, size >> 1, size - 4


@command
async def up(request: Request) -> list[int]:
    body = request.body
    return [len(body), *(int.from_bytes(body[place : place + 4], "big") for place in _places(len(body)))]


@lru_cache(maxsize=4)
def _marked(size: int, number: int) -> Response:
    body = bytearray(size)
    for place in _places(size):
        body[place : place + 4] = number.to_bytes(4, "big")
    return Response(bytes(body))


@command
async def down(size: int, number: int) -> Response:
    return _marked(size, number)


@command
async def stream(on_message: Channel[Message | bytes], count: int, size: int) -> None:
    blob = bytes(size)
    for number in range(count):
        message = blob if size else Message("progress", Progress(number, 40))
        try:
            on_message.send(message)
        except ChannelFull:
            await on_message.send_async(message)


@command
async def events(app: AppHandle, webview: Webview, count: int) -> None:
    for number in range(count):
        app.emit_to(webview.label, "tick", Progress(number, 40))


handler = generate_handler(sys.modules[__name__])
