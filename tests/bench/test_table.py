"""The arithmetic and the tables of the benchmark."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from bench._plot import plot
from bench._run import Sample
from bench._table import Figure, best_peer, by_column, failures, figures_of, figures_table, ratio, ratios_table


def figure(system: str, workload: str, median: float, unit: str = "us/call") -> Figure:
    return Figure(system, workload, unit, median, median * 0.9, median * 1.1)


TABLE = [
    figure("transom-webkitgtk", "invoke_seq", 200),
    figure("transom-webkitgtk", "invoke_main_seq", 100),
    figure("transom-webkitgtk", "events", 1000, "events/s"),
    figure("floor", "invoke_seq", 150),
    figure("pytauri", "rust_invoke_seq", 400),
    figure("pytauri", "invoke_seq", 800),
    figure("pytauri", "events", 250, "events/s"),
    figure("eel", "invoke_seq", 300),
    figure("eel", "events", 200, "events/s"),
]


def test_a_figure_is_the_median_of_the_rounds_with_the_smallest_and_the_largest() -> None:
    samples = [Sample("eel", "ready", "ms", value) for value in (5.0, 1.0, 2.0)]
    assert figures_of(samples) == [Figure("eel", "ready", "ms", 2.0, 1.0, 5.0)]


def test_what_was_not_measured_is_no_figure() -> None:
    samples = [Sample("eel", "up_16MiB", "MB/s", None, "too large"), Sample("floor", "events", "events/s", None)]
    assert figures_of(samples) == []
    assert failures([*samples, *samples]) == ["eel up_16MiB: too large"]


@pytest.mark.parametrize(
    ("unit", "expected"), [("us/call", 4), ("ms", 4), ("MB", 4), ("MB/s", 0.25), ("calls/s", 0.25)]
)
def test_a_ratio_above_one_is_better_whichever_way_the_unit_counts(unit: str, expected: float) -> None:
    assert ratio(figure("a", "w", 100, unit), figure("b", "w", 400, unit)) == expected


def test_the_best_peer_is_neither_the_floor_nor_tauri_in_rust() -> None:
    columns = by_column(TABLE)
    peers = {name: best_peer(columns, name) for name in ("invoke_seq", "events", "up_1MiB")}
    assert {name: peer and peer.system for name, peer in peers.items()} == {
        "invoke_seq": "eel",
        "events": "pytauri",
        "up_1MiB": None,
    }


def test_commands_in_rust_are_a_column_beside_pytauri() -> None:
    header, _, first, *_ = figures_table(TABLE).splitlines()
    assert [cell.strip() for cell in header.strip("|").split("|")] == [
        *("workload", "unit", "transom-webkitgtk", "floor", "tauri-rust", "pytauri", "eel"),
    ]
    assert [cell.strip() for cell in first.strip("|").split("|")] == [
        *("invoke_seq", "us/call", "200 (180-220)", "150 (135-165)", "400 (360-440)", "800 (720-880)", "300 (270-330)"),
    ]


def test_ratios_are_to_the_best_peer_to_rust_and_to_the_floor() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in ratios_table(TABLE).splitlines()[2:]]
    assert rows == [
        ["invoke_seq", "1.50x eel", "2.00x", "0.75x"],
        ["invoke_main_seq", "3.00x eel", "4.00x", "1.50x"],
        ["events", "4.00x pytauri", "", ""],
    ]


def test_without_anything_to_compare_there_are_no_ratios() -> None:
    assert ratios_table(TABLE[:3]) == ""
    assert ratios_table(TABLE[3:]) == ""
    assert ratios_table([]) == ""


def test_the_picture_has_a_bar_for_every_figure() -> None:
    picture = ET.fromstring(plot(TABLE, "a < b"))
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert len(picture.findall("svg:g/svg:rect", names)) == len(TABLE)
    assert picture.findtext("svg:text", namespaces=names) == "a < b"
    panels = {panel.findtext("svg:text", namespaces=names): panel for panel in picture.findall("svg:g", names)}
    widths = [float(bar.get("width", "")) for bar in panels["events"].findall("svg:rect", names)]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 0.25, 0.2], abs=0.01)
