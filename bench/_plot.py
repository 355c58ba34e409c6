"""Draw the figures as a bar chart in SVG: a panel for each workload, a bar for each system."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from ._table import LESS_IS_BETTER, Figure, by_column, number, units_of

__all__ = ["COLOURS", "PANELS_ABREAST", "WIDTH", "head", "plot"]

# Column -> colour. Add a new system here.
COLOURS = {
    "transom-webkitgtk": "#0b6e99",
    "transom-web": "#4aa8d0",
    "floor": "#9aa0a6",
    "tauri-rust": "#b5532a",
    "pytauri": "#d98b52",
    "pywebview": "#7a9a4b",
    "eel": "#8c6bb1",
}
PANELS_ABREAST = 3
WIDTH, BAR, GAP, LABELS, VALUES, HEAD = 340, 15, 4, 118, 62, 40


def plot(figures: Sequence[Figure], title: str) -> str:
    """Return an SVG chart of the figures of all systems with a page."""
    columns = by_column(figures)
    shown = [name for name in COLOURS if name in columns]
    units = units_of(figure for figure in figures if figure.system not in ("transom-mock", "transom-1.x"))
    height = HEAD + len(shown) * (BAR + GAP) + 14
    rows = math.ceil(len(units) / PANELS_ABREAST)
    parts = head(title, height * rows + 44)
    for index, (workload, unit) in enumerate(units.items()):
        x, y = 14 + index % PANELS_ABREAST * WIDTH, 44 + index // PANELS_ABREAST * height
        bars = [(name, columns[name].get(workload)) for name in shown]
        parts += [f'<g transform="translate({x} {y})">', *_panel(workload, unit, bars), "</g>"]
    return "\n".join([*parts, "</svg>\n"])


def head(title: str, height: int) -> list[str]:
    """Return the beginning of a chart: its size, background and title."""
    width = WIDTH * PANELS_ABREAST + 20
    font = 'font-family="system-ui, sans-serif" font-size="11" fill="#202124"'
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" {font}>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="14" y="24" font-size="14" font-weight="600">{escape(title)}</text>',
    ]


def _panel(workload: str, unit: str, bars: Sequence[tuple[str, Figure | None]]) -> list[str]:
    better = "less is better" if unit in LESS_IS_BETTER else "more is better"
    largest = max((figure.max for _, figure in bars if figure), default=0) or 1
    room = WIDTH - LABELS - VALUES - 20
    parts = [
        f'<text y="12" font-weight="600">{escape(workload)}</text>',
        f'<text y="27" fill="#5f6368">{escape(unit)}, {better}</text>',
    ]
    for row, (name, figure) in enumerate(bars):
        y = HEAD - 4 + row * (BAR + GAP)
        middle = y + BAR / 2
        parts.append(f'<text x="{LABELS - 6}" y="{middle + 4:g}" text-anchor="end">{name}</text>')
        if figure is None:
            parts.append(f'<text x="{LABELS}" y="{middle + 4:g}" fill="#9aa0a6">none</text>')
            continue
        long, low, high = (
            LABELS + max(value / largest * room, 0.5) for value in (figure.median, figure.min, figure.max)
        )
        parts += [
            f'<rect x="{LABELS}" y="{y}" width="{long - LABELS:.1f}" height="{BAR}" fill="{COLOURS[name]}"/>',
            f'<path d="M{low:.1f} {middle:g}H{high:.1f}" stroke="#202124"/>',
            f'<text x="{max(long, high) + 4:.1f}" y="{middle + 4:g}">{number(figure.median)}</text>',
        ]
    return parts
