"""Turn samples into figures, and figures into tables of medians and ratios."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ._run import Sample
from ._systems import SYSTEMS, WORKLOADS

__all__ = [
    "Figure",
    "best_peer",
    "failures",
    "figures_of",
    "figures_table",
    "markdown",
    "ratio",
    "ratios_table",
    "units_of",
]

PEERS = ("pytauri", "pywebview", "eel")
RUST = "tauri-rust"
FLOOR = "floor"
OWN = ("transom-webkitgtk", "transom-web")
# Units for which less is better; for all others more is better.
LESS_IS_BETTER = frozenset({"us/call", "ms", "MB"})
# A workload that only transom has -> the workload of the peers for comparison.
COMPARED_WITH = {"invoke_main_seq": "invoke_seq"}


class Figure(msgspec.Struct, frozen=True):
    """The result of all rounds for one workload on one system."""

    system: str
    workload: str
    unit: str
    median: float
    min: float
    max: float


def figures_of(samples: Iterable[Sample]) -> list[Figure]:
    """Return a figure for each measured workload of each system, in the order of the samples."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for sample in samples:
        if sample.value is not None:
            values.setdefault((sample.system, sample.workload, sample.unit), []).append(sample.value)
    return [Figure(*key, statistics.median(found), min(found), max(found)) for key, found in values.items()]


def failures(samples: Iterable[Sample]) -> list[str]:
    """Return a sentence for each failed workload; unsupported workloads do not count."""
    found = {f"{sample.system} {sample.workload}: {sample.error}": None for sample in samples if sample.error}
    return list(found)


def by_column(figures: Iterable[Figure]) -> dict[str, dict[str, Figure]]:
    """Return the figures by column and workload; Tauri's commands in Rust, called by pytauri's page, are a column."""
    columns: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        rust = figure.workload.startswith("rust_")
        column = RUST if rust else figure.system
        columns.setdefault(column, {})[figure.workload.removeprefix("rust_")] = figure
    order = [*SYSTEMS, RUST]
    order.insert(order.index("pytauri"), order.pop())
    return {name: columns[name] for name in order if name in columns}


def ratio(own: Figure, other: Figure) -> float:
    """Return how many times better `own` is; above 1 is better for every unit."""
    above, below = (other, own) if own.unit in LESS_IS_BETTER else (own, other)
    return above.median / below.median if below.median else float("inf")


def best_peer(columns: Mapping[str, Mapping[str, Figure]], workload: str) -> Figure | None:
    """Return the best figure of the peers for a workload, or `None` if there is none."""
    name = COMPARED_WITH.get(workload, workload)
    found = [columns[peer][name] for peer in PEERS if name in columns.get(peer, {})]
    if not found:
        return None
    best = min if found[0].unit in LESS_IS_BETTER else max
    return best(found, key=lambda figure: figure.median)


def figures_table(figures: Sequence[Figure]) -> str:
    """Return a Markdown table with the median, smallest and largest round of each system for each workload."""
    columns = by_column(figures)
    rows = [["workload", "unit", *columns]]
    for workload, unit in units_of(figures).items():
        cells = [_cell(columns[column].get(workload)) for column in columns]
        rows.append([workload, unit, *cells])
    return markdown(rows)


def ratios_table(figures: Sequence[Figure]) -> str:
    """Return a Markdown table of how many times better transom is; empty if there is nothing to compare."""
    columns = by_column(figures)
    own = [name for name in OWN if name in columns]
    if not own or len(columns.keys() - set(OWN)) == 0:
        return ""
    rows = [["workload", *(f"{name} to {what}" for name in own for what in ("best peer", "Tauri in Rust", "C floor"))]]
    for workload in units_of(figures):
        cells = [cell for name in own for cell in _ratio_cells(columns, columns[name].get(workload))]
        if any(cells):
            rows.append([workload, *cells])
    return markdown(rows) if len(rows) > 1 else ""


def _ratio_cells(columns: Mapping[str, Mapping[str, Figure]], own: Figure | None) -> list[str]:
    if own is None:
        return ["", "", ""]
    name = COMPARED_WITH.get(own.workload, own.workload)
    peer = best_peer(columns, own.workload)
    rust, floor = columns.get(RUST, {}).get(name), columns.get(FLOOR, {}).get(name)
    cells = [f"{ratio(own, peer):.2f}x {peer.system}" if peer else ""]
    return cells + [f"{ratio(own, other):.2f}x" if other else "" for other in (rust, floor)]


def units_of(figures: Iterable[Figure]) -> dict[str, str]:
    """Return the units by workload."""
    units = {figure.workload.removeprefix("rust_"): figure.unit for figure in figures}
    return {name: units[name] for name in WORKLOADS if name in units}


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    if figure.min == figure.max:
        return number(figure.median)
    return f"{number(figure.median)} ({number(figure.min)}-{number(figure.max)})"


def number(value: float) -> str:
    """Format a number with three significant digits, and with all digits before the decimal point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as an aligned Markdown table; the first row is the header."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
