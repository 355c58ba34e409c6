"""What is measured: memory, calls, events, and the death of a process."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from ._pages import PAGES, TransomPage, now
from ._programs import Served

__all__ = ["Figures", "measure_calls", "measure_death"]

_OPENING: Final = 50  # pages that are opened at once
_IN_FLIGHT: Final = 64
_STEADY: Final = 200  # calls a second, for the delay that one user feels
_EVENTS: Final = 200


class Figures(msgspec.Struct, frozen=True):
    """The figures of one system with a number of pages. Times are in ms.

    Attributes:
        system: The system.
        bus: What carries events between processes.
        pages: How many pages are connected.
        opened: Pages opened a second: document, link and first call.
        kilobytes: Memory of the server for each page.
        calls: Calls a second with 64 in flight.
        busy: Median and 99th percentile of a call then.
        quiet: The same with 200 calls a second; they are spread over all pages.
        one: Median and 99th percentile from an event's `emit` to its one page.
        all: From a broadcast to the last page that hears it.
    """

    system: str
    bus: str
    pages: int
    opened: float
    kilobytes: float
    calls: float = 0
    busy: tuple[float, float] = (0, 0)
    quiet: tuple[float, float] = (0, 0)
    one: tuple[float, float] = (0, 0)
    all: float = 0


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return tuple(round(ordered[int((len(ordered) - 1) * part)] * 1000, 2) for part in (0.5, 0.99))  # type: ignore[return-value]


async def _opened(system: str, port: int, count: int) -> tuple[list[Any], float]:
    gate = asyncio.Semaphore(_OPENING)

    async def one(number: int) -> Any:
        async with gate:
            page = PAGES[system](port, f"user{number}")
            await page.open()
            await page.listen()
            await page.call("echo", text="x")
            return page

    begin = now()
    pages = await asyncio.gather(*(one(number) for number in range(count)))
    return list(pages), count / (now() - begin)


async def measure_calls(system: str, bus: str, server: Served, count: int, seconds: float) -> Figures:
    """Open pages on one server, and measure."""
    warm, _ = await _opened(system, server.port, 20)
    before = server.resident()
    pages, rate = await _opened(system, server.port, count)
    await asyncio.sleep(1)
    memory = (server.resident() - before) / count
    calls, busy = await _flood(pages, seconds)
    quiet = await _steady(pages, seconds)
    one, everybody = (0.0, 0.0), 0.0
    if system != "floor":
        one = await _one_of(pages)
        everybody = await _all_of(pages)
    for page in (*pages, *warm):
        page.close()
    return Figures(system, bus, count, round(rate), round(memory, 1), round(calls), busy, quiet, one, everybody)


async def _flood(pages: Sequence[Any], seconds: float) -> tuple[float, tuple[float, float]]:
    delays: list[float] = []
    begin = now()

    async def caller(first: int) -> None:
        index = first
        while now() - begin < seconds:
            started = now()
            await pages[index % len(pages)].call("echo", text="0123456789")
            delays.append(now() - started)
            index += _IN_FLIGHT

    await asyncio.gather(*(caller(number) for number in range(_IN_FLIGHT)))
    return len(delays) / (now() - begin), _percentiles(delays)


async def _steady(pages: Sequence[Any], seconds: float) -> tuple[float, float]:
    delays: list[float] = []

    async def call(page: Any) -> None:
        started = now()
        await page.call("echo", text="0123456789")
        delays.append(now() - started)

    tasks = []
    begin = now()
    for number in range(int(seconds * _STEADY)):
        await asyncio.sleep(begin + number / _STEADY - now())
        tasks.append(asyncio.ensure_future(call(pages[number * 37 % len(pages)])))
    await asyncio.gather(*tasks)
    return _percentiles(delays)


async def _one_of(pages: Sequence[Any]) -> tuple[float, float]:
    delays = []
    for number in range(_EVENTS):
        page = pages[random.Random(number).randrange(len(pages))]
        heard = asyncio.get_running_loop().create_future()
        page.heard = lambda payload, heard=heard: heard.done() or heard.set_result(payload)
        started = now()
        telling = asyncio.ensure_future(pages[0].call("tell", user=page.user, text=str(number)))
        if await asyncio.wait_for(heard, 30) != str(number):
            raise AssertionError("another event came")
        delays.append(now() - started)
        await telling if len(pages) == 1 else None
    return _percentiles(delays)


async def _all_of(pages: Sequence[Any]) -> float:
    times = []
    for number in range(5):
        waiting = set(range(len(pages)))
        heard = asyncio.Event()

        def hear(payload: Any, index: int, number: int = number, waiting: set[int] = waiting) -> None:
            if payload == f"all {number}":
                waiting.discard(index)
                if not waiting:
                    heard.set()  # noqa: B023 - of this turn, which waits for it

        for index, page in enumerate(pages):
            page.heard = lambda payload, index=index, hear=hear: hear(payload, index)
        started = now()
        await asyncio.gather(pages[0].call("shout", text=f"all {number}"), asyncio.wait_for(heard.wait(), 60))
        times.append(now() - started)
    return round(sorted(times)[len(times) // 2] * 1000, 1)


async def measure_death(server: Served, count: int) -> tuple[int, tuple[float, float]]:
    """Kill one of a server's processes, and return how many pages it had, and how long until they worked again.

    A page tries to connect again every 50 ms, with the document that it then loads.
    """
    pages, _ = await _opened("transom", server.port, count)
    victim: int = (await pages[0].call("figures"))["pid"]
    delays: list[float] = []

    async def again(page: TransomPage, started: float) -> None:
        while True:
            try:
                other = TransomPage(page.port, page.user, page.ticket)
                await other.open()
                await asyncio.wait_for(other.call("echo", text="x"), 5)
            except (OSError, TimeoutError):
                await asyncio.sleep(0.05)
            else:
                delays.append(now() - started)
                other.close()
                return

    started = now()
    os.kill(victim, signal.SIGKILL)
    await pages[0].over.wait()
    await asyncio.sleep(0.05)
    lost = [page for page in pages if page.over.is_set()]
    await asyncio.gather(*(again(page, started) for page in lost))
    for page in pages:
        page.close()
    return len(lost), _percentiles(delays)
