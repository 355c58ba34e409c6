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

from ._measure import Figures, measure_calls, measure_death
from ._pages import PAGES
from ._plot import plot
from ._programs import BUSES, engine, served

__all__ = ["main", "run", "table"]

RESULTS = Path(__file__).parent.parent / "results"
_HEAD = (
    "| system | bus | pages | opened/s | kB a page | calls/s | p50/p99, 64 in flight | p50/p99, 200 a second "
    "| to one, p50/p99 | to all |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
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
        ]
        lines.append(f"| {' | '.join([*cells, *times, last])} |")
    return "\n".join(lines)


def run(counts: Sequence[int], systems: Sequence[str], buses: Sequence[str], seconds: float, json: Path) -> int:
    """Measure, print the table, and write figures and chart; return 1 if transom could not be measured."""
    figures: list[Figures] = []
    failed = False
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}", flush=True)
    for bus in buses:
        for system in systems:
            if (system == "floor" and bus != "memory") or (system == "python-socketio" and bus == "nats"):
                continue
            for count in counts:
                try:
                    with engine(bus) as address, served(system, address) as server:
                        figures.append(asyncio.run(measure_calls(system, bus, server, count, seconds)))
                except (NotMeasured, OSError, TimeoutError) as error:
                    print(f"{system} over {bus} with {count} pages: not measured: {type(error).__name__} {error}")
                    failed = failed or system == "transom"
                else:
                    print(table(figures[-1:]).splitlines()[-1], flush=True)
    for bus in ("redis", "nats"):
        if bus in buses:
            with engine(bus) as address, served("transom", address, 2) as server:
                lost, (half, most) = asyncio.run(measure_death(server, min(max(counts), 200)))
            print(
                f"a process killed, {bus}: {lost} pages work again after {half:.0f} ms (median), {most:.0f} ms (99 %)"
            )
    print(f"\n{table(figures)}\n\nload after: {os.getloadavg()[0]:.1f}")
    json.parent.mkdir(parents=True, exist_ok=True)
    json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    json.with_suffix(".svg").write_text(plot(figures), "utf-8")
    print(f"figures: {json}, chart: {json.with_suffix('.svg')}")
    return int(failed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser("bench.servers", description=__doc__)
    parser.add_argument("--pages", default="100,1000,5000", help="numbers of pages (default: 100,1000,5000)")
    parser.add_argument("--systems", default=",".join(PAGES), help=f"of {', '.join(PAGES)} (default: all)")
    parser.add_argument("--buses", default=",".join(BUSES), help=f"of {', '.join(BUSES)} (default: all)")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each kind of calls (default: 5)")
    parser.add_argument("--json", type=Path, default=RESULTS / "server.json", help="file for the figures")
    given = parser.parse_args(arguments)
    counts = [int(count) for count in given.pages.split(",")]
    return run(counts, given.systems.split(","), given.buses.split(","), given.seconds, given.json)


if __name__ == "__main__":
    sys.exit(main())
