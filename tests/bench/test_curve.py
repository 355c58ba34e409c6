"""The scaling curves: tables, picture, command line, and a small run on each runtime."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.__main__ import main, parse
from bench._curve import Point, curves_table, size_of
from bench._curve_plot import plot_curves
from bench._curve_program import SERIES
from tests.requirements import needs_chromium, needs_npm_package, needs_webkitgtk, needs_xvfb

POINTS = [
    Point("transom-webkitgtk", "in flight", 1, "calls/s", 2000),
    Point("transom-webkitgtk", "in flight", 50, "calls/s", 40_000),
    Point("transom-web", "in flight", 50, "calls/s", 50_000),
    Point("transom-web", "payload up", 65_536, "MB/s", 81.25),
]


def test_a_series_is_a_table_with_a_column_for_each_point() -> None:
    first, second = curves_table(POINTS).split("\n\n")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in first.splitlines()]
    assert rows[0] == ["in flight: calls/s by calls in flight", "1", "50"]
    assert rows[2:] == [["transom-webkitgtk", "2,000", "40,000"], ["transom-web", "", "50,000"]]
    assert "64 KiB" in second
    assert "81.2" in second


def test_bytes_are_told_in_the_largest_unit() -> None:
    assert [size_of(count) for count in (64, 4096, 3 << 20)] == ["64 B", "4 KiB", "3 MiB"]


def test_the_picture_has_a_dot_for_every_point_and_a_line_for_every_system() -> None:
    picture = ET.fromstring(plot_curves(POINTS, SERIES, "a < b"))
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert len(picture.findall("svg:g/svg:circle", names)) == len(POINTS)
    assert len(picture.findall("svg:g/svg:polyline", names)) == 3
    dots = [float(dot.get("cx", "")) for dot in picture.findall("svg:g[1]/svg:circle", names)]
    assert dots[0] < dots[1] == dots[2]


def test_curves_have_files_of_their_own() -> None:
    options = parse(["--curve", "--systems", "transom-web"])
    assert (options.curve, options.json.name, options.systems) == (True, "curve.json", ("transom-web",))
    assert parse(["--curve", "--quick"]).json.name == "curve-quick.json"
    assert not parse([]).curve


@pytest.mark.timeout(120)
def test_a_quick_run_has_points_of_every_series_on_both_runtimes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    needs_webkitgtk()
    needs_xvfb()
    needs_chromium()
    needs_npm_package("tauri-api-2.12")
    needs_npm_package("esbuild")
    path = tmp_path / "curve.json"
    status = main(["--curve", "--quick", "--no-plot", "--json", str(path)])
    said = capfd.readouterr()
    assert status == 0, said.out + said.err
    found = {(point["system"], point["series"]) for point in json.loads(path.read_text("utf-8")) if point["y"] > 0}
    assert found == {(system, series) for system in ("transom-webkitgtk", "transom-web") for series in SERIES}
