"""Measures servers: `python -m bench --server`, or `python -m bench.servers` with other sizes."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench._systems import NotMeasured

from ._measure import Death, Figures, measure_calls, measure_death, percentiles
from ._peer_pages import PAGES
from ._plot import plot
from ._programs import BUSES, engine, served

__all__ = ["Options", "main", "ratios", "run", "table"]

RESULTS = Path(__file__).parent.parent / "results"
_HEAD = (
    "| system | bus | pages | opened/s | kB a page | calls/s | a core | p50/p99, 64 in flight | p50/p99, 200 a second "
    "| to one, p50/p99 | to all |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def table(figures: Sequence[Figures]) -> str:
    """Return the figures as a table; times are in ms."""
    lines = [_HEAD]
    for one in figures:
        times = [f"{low:.1f}/{high:.1f}" if high else "" for low, high in (one.busy, one.quiet, one.one)]
        last = f"{one.all:.0f}" if one.all else ""
        cells = [
            one.system,
            one.bus,
            f"{one.pages:,}",
            f"{one.opened:,.0f}",
            f"{one.kilobytes:.0f}",
            f"{one.calls:,.0f}",
            f"{one.core:,.0f}",
        ]
        lines.append(f"| {' | '.join([*cells, *times, last])} |")
    return "\n".join(lines)


def ratios(figures: Sequence[Figures]) -> str:
    """Return how many times as many calls transom makes as its best peer, with the same number of pages in memory."""
    lines = []
    for one in figures:
        if one.system != "transom" or one.bus != "memory":
            continue
        others = [each for each in figures if each.pages == one.pages and each.system not in ("transom", "floor")]
        if others:
            a_second = one.calls / max(each.calls for each in others)
            a_core = one.core / max(each.core for each in others)
            lines.append(
                f"{one.pages:,} pages: {a_second:.1f} times the calls a second, {a_core:.1f} times for each core"
            )
    return "\n".join(lines)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured.

    Attributes:
        counts: Numbers of pages.
        systems: Of `PAGES`.
        buses: Of `BUSES`.
        seconds: For each kind of calls.
        limit: Seconds after which a system with a number of pages is given up.
        deaths: How often a process is killed, for each engine.
        json: File for the figures.
    """

    counts: Sequence[int]
    systems: Sequence[str]
    buses: Sequence[str]
    seconds: float
    limit: float
    deaths: int
    json: Path


def run(options: Options) -> int:
    """Measure, print the table, and write figures and chart; return 1 if transom could not be measured."""
    figures: list[Figures] = []
    failed = False
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}", flush=True)
    for bus in options.buses:
        for system in options.systems:
            if not (system == "transom" or bus == "memory" or (system == "python-socketio" and bus == "redis")):
                continue
            for count in options.counts:
                try:
                    with engine(bus) as address, served(system, address) as server:
                        measured = measure_calls(system, bus, server, count, options.seconds)
                        figures.append(asyncio.run(asyncio.wait_for(measured, options.limit)))
                except (NotMeasured, OSError, TimeoutError) as error:
                    print(f"{system} over {bus} with {count} pages: not measured: {type(error).__name__} {error}")
                    failed = failed or system == "transom"
                else:
                    print(table(figures[-1:]).splitlines()[-1], flush=True)
    _deaths(options)
    print(f"\n{table(figures)}\n\n{ratios(figures)}\n\nload after: {os.getloadavg()[0]:.1f}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    options.json.with_suffix(".svg").write_text(plot(figures), "utf-8")
    print(f"figures: {options.json}, chart: {options.json.with_suffix('.svg')}")
    return int(failed)


def _deaths(options: Options) -> None:
    for bus in ("redis", "nats"):
        if bus not in options.buses or "transom" not in options.systems or not options.deaths:
            continue
        deaths: list[Death] = []
        for _ in range(options.deaths):
            with engine(bus) as address, served("transom", address, 2) as server:
                deaths.append(asyncio.run(measure_death(server, min(max(options.counts), 200))))
        half, most = percentiles([delay for death in deaths for delay in death.delays])
        lost = sum(len(death.delays) for death in deaths)
        print(
            f"a process killed {len(deaths)} times, {bus}: {lost} pages work again after {half:.0f} ms (median), {most:.0f} ms "
            f"(99 %); the other process ran for {max(death.ran for death in deaths) * 1000:.0f} ms and waited for a core for "
            f"{max(death.waited for death in deaths) * 1000:.0f} ms at most",
            flush=True,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser("bench.servers", description=__doc__)
    parser.add_argument("--pages", default="100,1000,5000", help="numbers of pages (default: 100,1000,5000)")
    parser.add_argument("--systems", default=",".join(PAGES), help=f"of {', '.join(PAGES)} (default: all)")
    parser.add_argument("--buses", default=",".join(BUSES), help=f"of {', '.join(BUSES)} (default: all)")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each kind of calls (default: 5)")
    parser.add_argument("--json", type=Path, default=RESULTS / "server.json", help="file for the figures")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each line of the table (default: 300)")
    parser.add_argument("--deaths", type=int, default=3, help="how often a process is killed (default: 3)")
    given = parser.parse_args(arguments)
    return run(
        Options(
            counts=[int(count) for count in given.pages.split(",")],
            systems=given.systems.split(","),
            buses=given.buses.split(","),
            seconds=given.seconds,
            limit=given.limit,
            deaths=given.deaths,
            json=given.json,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
