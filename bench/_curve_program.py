"""The application that measures the curves: `python -m bench._curve_program FOLDER RUNTIME SCALE`.

It prints a line of JSON for each point.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

from bench.worker import TOKEN
from bench.worker._commands import Desk, handler
from transom import AppHandle, Builder, WebviewWindowBuilder, generate_context

__all__ = ["SERIES", "main"]

MAIN = "main"
MiB = 1 << 20
LARGE = 256 * MiB
"""The number of bytes that are transferred while small calls are timed."""
_LONG_ENOUGH = 0.2  # seconds; the clocks of pages have a resolution of a millisecond
_MOST = 400_000
PERCENTILES = (50, 90, 99)


class Curve:
    """The environment of a series: the application, its pages, and a factor for the amount of work."""

    def __init__(self, app: AppHandle, desk: Desk, scale: float) -> None:
        self.app = app
        self.desk = desk
        self.scale = scale

    def upto(self, *values: int) -> list[int]:
        """Return the x values of a series; a small run omits the last ones."""
        return list(values[: max(3, round(len(values) * min(self.scale * 2, 1)))])

    async def rate(self, kind: str, count: int, **args: int) -> float:
        """Run a kind of work in the first page often enough for a reliable time, and return the rate per second."""
        while True:
            done = await self.desk.do(MAIN, kind, count=count, **args)
            seconds = done.milliseconds / 1000
            if seconds >= _LONG_ENOUGH * min(self.scale, 1) or count >= _MOST:
                return count / max(seconds, 0.001)
            count = min(count * 4, _MOST)


Points = AsyncIterator[tuple[float, float]]


async def _in_flight(curve: Curve) -> Points:
    for number in curve.upto(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000):
        yield number, await curve.rate("echoes", max(500, 2 * number), inFlight=number)


async def _windows(curve: Curve) -> Points:
    labels = [MAIN]
    for number in curve.upto(1, 2, 4, 8, 16, 32):
        while len(labels) < number:
            labels.append(f"window-{len(labels)}")
            await asyncio.to_thread(WebviewWindowBuilder(curve.app, labels[-1]).inner_size(200, 150).build)
            await curve.desk.idle(labels[-1])
        each = max(200, round(16_000 * curve.scale / number))
        start = time.perf_counter()
        await asyncio.gather(*(curve.desk.do(label, "echoes", count=each, inFlight=50) for label in labels))
        yield number, each * number / (time.perf_counter() - start)
    for label in labels[1:]:
        window = curve.app.get_webview_window(label)
        if window is not None:
            await asyncio.to_thread(window.destroy)


async def _listeners(curve: Curve) -> Points:
    for number in curve.upto(1, 3, 10, 30, 100, 300, 1000):
        yield number, number * await curve.rate("events", max(10, 2000 // number), listeners=number)


async def _channels(curve: Curve) -> Points:
    for number in curve.upto(1, 3, 10, 30, 100, 300, 1000):
        each = max(1, 20_000 // number)
        done = await curve.desk.do(MAIN, "streams", channels=number, count=each, size=0)
        yield number, each * number / max(done.milliseconds / 1000, 0.001)


def _payload(kind: str) -> Callable[[Curve], Points]:
    async def points(curve: Curve) -> Points:
        for size in curve.upto(64, 512, 4096, 32_768, 262_144, 2 * MiB, 16 * MiB, 64 * MiB):
            await curve.desk.do(MAIN, kind, count=1, size=size, inFlight=1)  # allocates the body
            count = max(2, min(200, 64 * MiB // size))
            yield size, size / 1e6 * await curve.rate(kind, count, size=size, inFlight=1)

    return points


def _latency(**transfer: int) -> Callable[[Curve], Points]:
    async def points(curve: Curve) -> Points:
        sizes = {"up": 0, "down": 0, **{way: round(size * curve.scale) for way, size in transfer.items()}}
        await curve.desk.do(MAIN, "marks", count=round(2000 * curve.scale), **sizes)
        times = curve.desk.times
        gaps = [(later - earlier) * 1e6 for earlier, later in pairwise(times[1:])]
        cuts = statistics.quantiles(gaps, n=100) if len(gaps) > 1 else [0.0] * 99
        for percentile in PERCENTILES:
            yield percentile, cuts[percentile - 1]

    return points


# Name -> the meaning of x, the unit of y, and a generator of the points. Add here to introduce a series.
SERIES: dict[str, tuple[str, str, Callable[[Curve], Points]]] = {
    "in flight": ("calls in flight", "calls/s", _in_flight),
    "payload up": ("bytes", "MB/s", _payload("up")),
    "payload down": ("bytes", "MB/s", _payload("down")),
    "listeners": ("listeners of one event", "deliveries/s", _listeners),
    "channels": ("channels at once", "msgs/s", _channels),
    "small calls": ("percentile", "us", _latency()),
    "small calls, 256 MiB up": ("percentile", "us", _latency(up=LARGE)),
    "small calls, 256 MiB down": ("percentile", "us", _latency(down=LARGE)),
    "windows": ("windows that call at once", "calls/s", _windows),
}


async def _run(app: AppHandle, desk: Desk, scale: float) -> None:
    try:
        await desk.idle(MAIN)
        await desk.do(MAIN, "echoes", count=500, inFlight=50)
        for name, (_, unit, points) in SERIES.items():
            await _one(name, unit, points(Curve(app, desk, scale)))
        print(json.dumps({"ended": True}), flush=True)
    finally:
        app.exit(0)


async def _one(name: str, unit: str, points: Points) -> None:
    try:
        async for x, y in points:
            print(json.dumps({"series": name, "x": x, "unit": unit, "y": y}), flush=True)
    except Exception as error:  # noqa: BLE001 - the next series can still be measured
        print(json.dumps({"series": name, "error": f"{type(error).__name__}: {error}"}), flush=True)


def main(folder: str, runtime: str, scale: str) -> int:
    """Run the application and return its exit status."""
    desk = Desk()
    builder = Builder().manage(desk).invoke_handler(handler).web(open_browser=False, token=os.environ.get(TOKEN))
    builder.limits(max_message_bytes=2 * LARGE)
    builder.setup(lambda app: app.spawn(_run(app, desk, float(scale))))
    return builder.run(generate_context(Path(folder)), runtime)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
