"""Draws how costs grow with the number of pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from ._measure import Figures

__all__ = ["plot"]

_COLOURS: Final = {
    ("transom", "memory"): "#0b6e99",
    ("transom", "redis"): "#b5532a",
    ("transom", "nats"): "#7a9a4b",
    ("python-socketio", "memory"): "#8c6bb1",
    ("python-socketio", "redis"): "#d98b52",
    ("nicegui", "memory"): "#2a9d8f",
    ("streamlit", "memory"): "#c2185b",
    ("floor", "memory"): "#9aa0a6",
}
# Title of a panel -> its figure. Add a panel here.
_PANELS: Final[dict[str, Callable[[Figures], float]]] = {
    "calls a second, 64 in flight": lambda one: one.calls,
    "calls for each second of a core": lambda one: one.core,
    "call at 200 a second, 99 %, ms": lambda one: one.quiet[1],
    "event to one user, median, ms": lambda one: one.one[0],
    "event to all, ms": lambda one: one.all,
    "memory a page, kB": lambda one: one.kilobytes,
}
_WIDTH, _HEIGHT, _LEFT, _TOP = 300, 190, 52, 34


def plot(figures: Sequence[Figures]) -> str:
    """Return an SVG chart: a panel for each figure, a line for each system, both axes logarithmic."""
    height = _HEIGHT * math.ceil((len(_PANELS) + 1) / 3) + 30
    font = 'font-family="system-ui, sans-serif" font-size="11" fill="#202124"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH * 3} {height}" width="{_WIDTH * 3}" {font}>',
        f'<rect width="{_WIDTH * 3}" height="{height}" fill="#ffffff"/>',
        '<text x="14" y="20" font-size="14" font-weight="600">Servers, by the number of connected pages</text>',
    ]
    for index, (title, value) in enumerate(_PANELS.items()):
        parts += _panel(title, value, figures, index % 3 * _WIDTH, 30 + index // 3 * _HEIGHT)
    parts += _legend(figures, len(_PANELS) % 3 * _WIDTH, 30 + len(_PANELS) // 3 * _HEIGHT)
    return "\n".join([*parts, "</svg>\n"])


def _panel(title: str, value: Callable[[Figures], float], figures: Sequence[Figures], left: int, top: int) -> list[str]:
    shown = [one for one in figures if value(one) > 0]
    parts = [f'<text x="{left + 14}" y="{top + 20}" font-weight="600">{escape(title)}</text>']
    if not shown:
        return parts
    counts = sorted({one.pages for one in figures})
    low, high = (math.log10(each) for each in (min(map(value, shown)), max(map(value, shown))))
    low, high = math.floor(low), max(math.ceil(high), math.floor(low) + 1)
    first, last = math.log10(counts[0]), math.log10(counts[-1]) + 1e-9
    width, height = _WIDTH - _LEFT - 20, _HEIGHT - _TOP - 30

    def at(one: Figures) -> tuple[float, float]:
        x = left + _LEFT + (math.log10(one.pages) - first) / (last - first) * width
        y = top + _TOP + (high - math.log10(value(one))) / (high - low) * height
        return x, y

    for power in range(low, high + 1):
        y = top + _TOP + (high - power) / (high - low) * height
        parts.append(f'<path d="M{left + _LEFT} {y:.1f}h{width}" stroke="#dadce0"/>')
        parts.append(f'<text x="{left + _LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    for count in counts:
        x = left + _LEFT + (math.log10(count) - first) / (last - first) * width
        parts.append(f'<text x="{x:.1f}" y="{top + _HEIGHT - 14}" text-anchor="middle">{count:,}</text>')
    for line, colour in _COLOURS.items():
        points = [at(one) for one in shown if (one.system, one.bus) == line]
        if points:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return parts


def _legend(figures: Sequence[Figures], left: int, top: int) -> list[str]:
    there = {(one.system, one.bus) for one in figures}
    parts = []
    for row, (line, colour) in enumerate(item for item in _COLOURS.items() if item[0] in there):
        y = top + _TOP + row * 18
        parts.append(f'<path d="M{left + _LEFT} {y}h24" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{left + _LEFT + 32}" y="{y + 4}">{escape(" over ".join(line))}</text>')
    return parts
