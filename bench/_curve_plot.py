"""Draw scaling curves as SVG: a panel for each series, a line for each system, and logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from ._plot import COLOURS, PANELS_ABREAST, WIDTH, head
from ._table import number

__all__ = ["Point", "plot_curves"]

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 210, 56, 16, 40, 34


class Point(msgspec.Struct, frozen=True):
    """One point of one series on one system."""

    system: str
    series: str
    x: float
    unit: str
    y: float


def plot_curves(points: Sequence[Point], series: Mapping[str, Sequence[Any]], title: str) -> str:
    """Return an SVG chart.

    Args:
        points: The measured points.
        series: The meaning of x and the unit of y for each series.
        title: The title of the chart.
    """
    shown = [name for name in series if any(point.series == name for point in points)]
    parts = head(title, HEIGHT * math.ceil(len(shown) / PANELS_ABREAST) + 64)
    for place, system in enumerate(dict.fromkeys(point.system for point in points)):
        parts.append(f'<text x="{14 + 160 * place}" y="44" fill="{COLOURS[system]}">■ {escape(system)}</text>')
    for index, name in enumerate(shown):
        x, y = 14 + index % PANELS_ABREAST * WIDTH, 56 + index // PANELS_ABREAST * HEIGHT
        own = [point for point in points if point.series == name]
        parts += [f'<g transform="translate({x} {y})">', *_panel(name, series[name][0], series[name][1], own), "</g>"]
    return "\n".join([*parts, "</svg>\n"])


def _panel(name: str, what: str, unit: str, points: Sequence[Point]) -> list[str]:
    across = _Scale([point.x for point in points], LEFT, WIDTH - RIGHT)
    up = _Scale([point.y for point in points], HEIGHT - BOTTOM, TOP)
    base = HEIGHT - BOTTOM
    parts = [
        f'<text y="12" font-weight="600">{escape(name)}</text>',
        f'<text y="27" fill="#5f6368">{escape(unit)} by {escape(what)}</text>',
        f'<path d="M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}" fill="none" stroke="#9aa0a6"/>',
    ]
    xs = sorted({point.x for point in points})
    parts += [
        f'<text x="{across.at(x):.1f}" y="{base + 14}" text-anchor="middle">{_short(x)}</text>'
        for x in xs[:: max(1, len(xs) // 5)]
    ]
    parts += [
        f'<text x="{LEFT - 5}" y="{up.at(y) + 4:.1f}" text-anchor="end">{number(y)}</text>' for y in (up.low, up.high)
    ]
    for system in dict.fromkeys(point.system for point in points):
        own = sorted((point.x, point.y) for point in points if point.system == system)
        line = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in own)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[system]}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{across.at(x):.1f}" cy="{up.at(y):.1f}" r="2.5" fill="{COLOURS[system]}"/>' for x, y in own
        ]
    return parts


class _Scale:
    """A logarithmic scale between two positions."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        positive = [value for value in values if value > 0] or [1.0]
        self.low, self.high = min(positive), max(positive)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        if self.high == self.low:
            return (self._start + self._end) / 2
        part = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return self._start + part * (self._end - self._start)


def _short(value: float) -> str:
    for unit, size in (("M", 1 << 20), ("K", 1 << 10)):
        if value >= size and value % size == 0:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
