"""The application under test: `python -m bench.endurance._program FOLDER RUNTIME PHASES`.

FOLDER contains the built page, and PHASES are the phases of `_phases.py` as JSON. After every batch, the program prints
a line of JSON and waits for a line on its standard input. Meanwhile the parent process samples memory, so no transfer
is active.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from bench.endurance._counts import settled
from bench.endurance._phases import MB, MiB, Phase
from bench.worker import TOKEN
from bench.worker._commands import Desk, Message, Progress, WorkFailed, handler
from transom import AppHandle, Builder, Channel, WebviewWindow, WebviewWindowBuilder, generate_context
from transom.errors import ChannelFull
from transom.pages import QueueLimits

__all__ = ["BATCHES", "main"]

SIZES = (1024, 4096, 16_384, 65_536, 262_144, MiB, 4 * MiB, 16 * MiB, 64 * MiB)
MAIN = "main"
_PATIENCE = 60.0  # the maximum time in seconds for any action of a page


class Site:
    """The environment of a batch.

    Args:
        app: The application.
        desk: Gives work to its pages.
        runtime: The name of the runtime.
    """

    def __init__(self, app: AppHandle, desk: Desk, runtime: str) -> None:
        self.app = app
        self.desk = desk
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._windows = 0
        # A browser runs the pages of one site in one process, so freezing one of them freezes all.
        self.one_process = runtime == "web"
        loop = asyncio.get_running_loop()

        def listen() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(self._answers.put_nowait, line)

        threading.Thread(target=listen, name="stdin", daemon=True).start()

    async def ask(self, **message: Any) -> None:
        """Send a message to the parent process, and wait until it has handled it."""
        print(json.dumps(message), flush=True)
        await self._answers.get()

    @property
    def window(self) -> WebviewWindow:
        """The first window."""
        found = self.app.get_webview_window(MAIN)
        assert found is not None
        return found

    async def callbacks(self) -> int:
        """Return the number of callbacks in the first page, once its request for more work is pending again.

        That request is a call, and every count has it: else a count could have one call more than the count before.
        """
        found = (await self.desk.do(MAIN, "rest")).callbacks
        await self.desk.idle(MAIN, _PATIENCE)
        return found

    def next_label(self) -> str:
        """Return the label of a new window."""
        self._windows += 1
        return f"window-{self._windows}"


async def _messages(site: Site, amount: int) -> int:
    await site.desk.do(MAIN, "messages", count=amount, size=0)
    return amount


async def _invokes(site: Site, amount: int) -> int:
    await site.desk.do(MAIN, "invokes", count=amount, inFlight=50)
    await site.desk.until(lambda: site.desk.waiting == 0, _PATIENCE, "the calls that were aborted end")
    await site.desk.do(MAIN, "events", count=20, listeners=5)
    return amount


async def _bulk(site: Site, amount: int) -> int:
    done = 0
    while done < amount * MB:
        # Every size, up and down; small amounts omit the largest.
        sizes = [size for size in SIZES if 2 * size <= max(amount * MB - done, 2 * MiB)]
        await site.desk.do(MAIN, "bulk", sizes=sizes)
        done += 2 * sum(sizes)
    return round(done / MB)


async def _traffic(site: Site) -> None:
    """Start traffic in the first page, and return once one of its calls is pending."""
    before = site.desk.waiting
    await site.desk.begin(MAIN, "traffic")
    await site.desk.until(lambda: site.desk.waiting > before, _PATIENCE, "the page calls in the middle of traffic")


async def _reloads(site: Site, amount: int) -> int:
    for _ in range(amount):
        await _traffic(site)
        await asyncio.to_thread(site.window.reload)
        await site.desk.until(lambda: site.desk.waiting == 0, _PATIENCE, "the calls of a closed page end")
        await site.desk.idle(MAIN, _PATIENCE)
    return amount


async def _windows(site: Site, amount: int) -> int:
    for number in range(amount):
        label = site.next_label()
        window = await asyncio.to_thread(WebviewWindowBuilder(site.app, label).inner_size(300, 200).build)
        await site.desk.do(label, "messages", count=100, size=0)
        await site.desk.do(label, "bulk", sizes=[1024, 300_000])
        if number == amount - 1:
            # In a browser, the windows share a process other than that of the first page; collect its garbage too.
            await site.desk.do(label, "rest")
        await site.desk.begin(label, "traffic")
        await site.desk.until(lambda: site.desk.waiting > 0, _PATIENCE, f"the page of {label!r} calls")
        await asyncio.to_thread(window.destroy)
        await site.desk.until(lambda: site.desk.waiting == 0, _PATIENCE, f"the calls of {label!r} end")
    return amount


async def _kills(site: Site, amount: int) -> int:
    for _ in range(amount):
        await _traffic(site)
        await site.ask(kill=True)
        await site.desk.until(lambda: site.desk.waiting == 0, _PATIENCE, "the calls of a killed page end")
        await site.ask(reopen=True)
        try:
            await site.desk.idle(MAIN, 5)
        except WorkFailed:  # it has crashed too often and is not reloaded automatically
            await asyncio.to_thread(site.window.reload)
        await site.desk.do(MAIN, "invokes", count=100, inFlight=10)
    return amount


async def _slow(site: Site, amount: int) -> int:
    """Freeze a page while a command sends to it: `send` must fail, `send_async` must wait, other pages must work."""
    for _ in range(amount):
        await site.desk.do(MAIN, "invokes", count=2000, inFlight=50)  # makes it by far the busiest page
        label = MAIN if site.one_process else site.next_label()
        if label != MAIN:
            await asyncio.to_thread(WebviewWindowBuilder(site.app, label).inner_size(300, 200).build)
        result = await site.desk.give(label, "held")
        await site.desk.until(lambda: site.desk.held is not None, _PATIENCE, f"the page of {label!r} opens a channel")
        channel, site.desk.held = site.desk.held, None
        assert channel is not None
        await site.ask(freeze=True)
        sent = _send_until_full(channel)
        last = asyncio.create_task(channel.send_async(Message("last", Progress(sent, 0))))
        if label != MAIN:
            await site.desk.do(MAIN, "invokes", count=200, inFlight=1)
        if last.done():
            raise WorkFailed("send_async did not wait for a frozen page")
        await site.ask(thaw=True)
        await last
        channel.close()
        if (done := await result).error is not None:
            raise WorkFailed(f"after a page was frozen: {done.error}")
        if label != MAIN and (window := site.app.get_webview_window(label)) is not None:
            await asyncio.to_thread(window.destroy)
    return amount


def _send_until_full(channel: Channel[Message]) -> int:
    """Send to a frozen page until its queue is full, and return the number of messages."""
    for number in range(2 * QueueLimits.MAX_QUEUED_MESSAGES):
        try:
            channel.send(Message("held", Progress(number, 0)))
        except ChannelFull:
            return number
    raise WorkFailed(f"a frozen page accepted {2 * QueueLimits.MAX_QUEUED_MESSAGES} messages")


# Phase -> a function that does an amount of work and returns the actual amount. Add here the work of a new phase.
BATCHES: dict[str, Callable[[Site, int], Awaitable[int]]] = {
    "messages": _messages,
    "invokes": _invokes,
    "bulk": _bulk,
    "reloads": _reloads,
    "windows": _windows,
    "kills": _kills,
    "slow": _slow,
}


async def _run_phase(site: Site, phase: Phase) -> None:
    batch = BATCHES[phase.name]
    await site.desk.idle(MAIN, _PATIENCE)
    await batch(
        site, phase.amount.batch
    )  # the first batch creates things that remain: threads, caches, the process of a window
    before = await settled(site.callbacks, None, phase.settling)
    done, start = 0, time.monotonic()
    while done < phase.amount.whole and (done == 0 or time.monotonic() - start < phase.seconds):
        done += await batch(site, min(phase.amount.batch, phase.amount.whole - done))
        await site.desk.do(MAIN, "rest")
        await site.ask(phase=phase.name, done=done, seconds=time.monotonic() - start)
    after = await settled(site.callbacks, before, phase.settling)
    await site.ask(phase=phase.name, before=before, after=after)


async def _run(app: AppHandle, desk: Desk, runtime: str, phases: list[Phase]) -> None:
    site = Site(app, desk, runtime)
    try:
        for phase in phases:
            try:
                await _run_phase(site, phase)
            except Exception as error:  # noqa: BLE001 - any exception means that the phase has failed
                reason = str(error) if isinstance(error, WorkFailed) else f"error in the program: {error!r}"
                await site.ask(phase=phase.name, failed=reason)
                break
        await site.ask(ended=True)
    finally:
        app.exit(0)


def main(folder: str, runtime: str, phases: str) -> int:
    """Run the application and return its exit status."""
    desk = Desk()
    plan = msgspec.json.decode(phases, type=list[Phase])
    builder = Builder().manage(desk).invoke_handler(handler).web(open_browser=False, token=os.environ.get(TOKEN))
    builder.setup(lambda app: app.spawn(_run(app, desk, runtime, plan)))
    return builder.run(generate_context(Path(folder)), runtime)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
