"""What is measured: memory, calls, events, and the death of a process."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from ._pages import TransomPage, now
from ._peer_pages import PAGES
from ._programs import Served, waited
from ._socket import retrieved

__all__ = ["Death", "Figures", "measure_calls", "measure_death", "percentiles"]

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
        core: Calls for each second of the server's processor time: what one core can do.
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
    core: float = 0
    busy: tuple[float, float] = (0, 0)
    quiet: tuple[float, float] = (0, 0)
    one: tuple[float, float] = (0, 0)
    all: float = 0


class Death(msgspec.Struct, frozen=True):
    """What the death of a process costs. Times are in seconds.

    Attributes:
        delays: From the death until each page that it had works again.
        ran: How long the other process worked meanwhile.
        waited: How long it waited for a core that other programs had.
    """

    delays: Sequence[float]
    ran: float
    waited: float


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile, in ms."""
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
    process, worked = server.busiest()
    calls, busy = await _flood(pages, seconds)
    after, still_worked = server.busiest()
    core = calls * seconds / max(still_worked - worked, 0.01) if process == after else 0
    quiet = await _steady(pages, seconds)
    one, everybody = (0.0, 0.0), 0.0
    if system not in ("floor", "streamlit"):
        one = await _one_of(pages)
        everybody = await _all_of(pages)
    for page in (*pages, *warm):
        page.close()
    return Figures(
        system, bus, count, round(rate), round(memory, 1), round(calls), round(core), busy, quiet, one, everybody
    )


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
    return len(delays) / (now() - begin), percentiles(delays)


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
    return percentiles(delays)


async def _one_of(pages: Sequence[Any]) -> tuple[float, float]:
    delays = []
    for number in range(_EVENTS):
        page = pages[random.Random(number).randrange(len(pages))]
        heard = asyncio.get_running_loop().create_future()
        page.heard = lambda payload, heard=heard: heard.done() or heard.set_result(payload)
        started = now()
        telling = asyncio.ensure_future(pages[0].call("tell", user=page.user, text=str(number)))
        telling.add_done_callback(retrieved)
        if await asyncio.wait_for(heard, 30) != str(number):
            raise AssertionError("another event came")
        delays.append(now() - started)
        await telling if len(pages) == 1 else None
    return percentiles(delays)


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


async def measure_death(server: Served, count: int) -> Death:
    """Kill one of a server's two processes, and return how long its pages needed until they worked again.

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

    (other,) = (pid for pid in server.workers() if pid != victim)
    ran, waiting = waited(other)
    started = now()
    os.kill(victim, signal.SIGKILL)
    await pages[0].over.wait()
    await asyncio.sleep(0.05)
    lost = [page for page in pages if page.over.is_set()]
    await asyncio.gather(*(again(page, started) for page in lost))
    still_ran, still_waiting = waited(other)
    for page in pages:
        page.close()
    return Death(delays, still_ran - ran, still_waiting - waiting)
