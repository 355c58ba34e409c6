"""The benchmark of `transom dev`."""

from __future__ import annotations

from bench.__main__ import parse
from bench.reload import Reload, measure, table
from tests.requirements import needs_chromium, needs_webkitgtk, needs_xvfb


def test_the_option_chooses_the_reloads() -> None:
    options = parse(["--reload", "--rounds", "7"])
    assert (options.reload, options.rounds, options.json.name) == (True, 7, "reload.json")
    assert not parse([]).reload


def test_the_table_says_whether_the_window_stayed() -> None:
    figures = [
        Reload("webkitgtk", (1.0, 3.0, 2.0), True),
        Reload("webkitgtk", (4.0,), False),
        Reload("web", (5.0,), None),
    ]
    assert table(figures).splitlines()[2:] == [
        "| webkitgtk | 3 | 2 | 1-3 | the same |",
        "| webkitgtk | 1 | 4 | 4-4 | ANOTHER |",
        "| web | 1 | 5 | 5-5 |  |",
    ]


def test_each_runtime_is_measured_and_the_window_stays() -> None:
    needs_webkitgtk()
    needs_xvfb()
    needs_chromium()
    window, tab = measure(1, pause=0)
    assert (window.runtime, len(window.ms), window.same_window) == ("webkitgtk", 1, True)
    assert (tab.runtime, len(tab.ms), tab.same_window) == ("web", 1, None)
    assert min(window.ms + tab.ms) > 0
