"""The benchmark of servers, with few pages: the figures are there, and the chart shows them."""

from __future__ import annotations

import asyncio

import pytest

from bench.servers.__main__ import table
from bench.servers._measure import Figures, measure_calls
from bench.servers._plot import plot
from bench.servers._programs import served


@pytest.mark.slow
def test_pages_of_the_load_are_pages_of_transom() -> None:
    with served("transom") as server:
        found = asyncio.run(measure_calls("transom", "memory", server, 5, 0.1))
    assert found.pages == 5
    assert found.calls > 0
    assert 0 < found.one[0] <= found.one[1]
    assert found.all > 0


def test_the_table_and_the_chart_show_every_figure() -> None:
    figures = [
        Figures("transom", "redis", pages, 10.0, 41.5, 1234.0, (1, 2), (3, 4), (5, 6), 77.0) for pages in (10, 100)
    ]
    assert "| transom | redis | 100 | 10 | 42 | 1,234 | 1.0/2.0 | 3.0/4.0 | 5.0/6.0 | 77 |" in table(figures)
    chart = plot([*figures, Figures("floor", "memory", 10, 1.0, 1.0)])
    assert chart.count("<circle") == 2 * 5 + 1, "a figure that was not measured has no point"
    assert "transom over redis" in chart
