"""Scaling curves of transom: the link with a growing number of windows, listeners, channels, bytes and calls."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from ._curve_plot import Point, plot_curves
from ._curve_program import SERIES
from ._systems import NotMeasured
from ._table import markdown, number
from .worker._project import running

__all__ = ["Point", "curves_table", "measure", "run_curves"]

PATIENCE = 180.0
"""The maximum time for one point, in seconds."""


def measure(runtime: str, scale: float) -> tuple[list[Point], list[str]]:
    """Measure every series on one runtime; return the points, and a sentence for each series that failed.

    Args:
        runtime: `webkitgtk` or `web`.
        scale: A factor for the amount of work; below 1, series also have fewer points.

    Raises:
        NotMeasured: The machine lacks a requirement.
    """
    system = f"transom-{runtime}"
    points, wrong, ended = [], [], False
    with running("bench._curve_program", runtime, str(scale)) as program:
        for message in program.messages(PATIENCE):
            if "error" in message:
                wrong.append(f"{system} {message['series']}: {message['error']}")
            elif "y" in message:
                print(f"{system} {message['series']}: {message['x']:g}  ", file=sys.stderr)
                points.append(Point(system, message["series"], message["x"], message["unit"], message["y"]))
            ended |= "ended" in message
        if not ended:
            wrong.append(f"{system}: {program.why()}")
    return points, wrong


def curves_table(points: Sequence[Point]) -> str:
    """Return a Markdown table for each series, with a column for each x and a row for each system."""
    tables = []
    for series, (what, unit, _) in SERIES.items():
        own = [point for point in points if point.series == series]
        if own:
            xs = sorted({point.x for point in own})
            rows = [[f"{series}: {unit} by {what}", *(size_of(x) if what == "bytes" else f"{x:,g}" for x in xs)]]
            for system in dict.fromkeys(point.system for point in own):
                found = {point.x: point.y for point in own if point.system == system}
                rows.append([system, *(number(found[x]) if x in found else "" for x in xs)])
            tables.append(markdown(rows))
    return "\n\n".join(tables)


def size_of(count: float) -> str:
    """Format a number of bytes with a suitable unit."""
    for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:g} {unit}"
    return f"{count:g} B"


def run_curves(runtimes: Iterable[str], scale: float, json: Path, picture: Path | None, title: str) -> int:
    """Measure the curves, print tables and write files; return the exit status: 1 if anything could not be measured."""
    points: list[Point] = []
    wrong: list[str] = []
    for runtime in runtimes:
        try:
            found, sentences = measure(runtime, scale)
        except NotMeasured as error:
            found, sentences = [], [f"transom-{runtime}: not measured: {error}"]
        points += found
        wrong += sentences
    print(f"\n{title}\n\n{curves_table(points)}\n")
    print("\n".join(wrong))
    json.parent.mkdir(parents=True, exist_ok=True)
    json.write_bytes(msgspec.json.format(msgspec.json.encode(points)) + b"\n")
    print(f"figures: {json}")
    if picture is not None and points:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text(plot_curves(points, SERIES, title), "utf-8")
        print(f"chart: {picture}")
    return 1 if wrong or not points else 0
