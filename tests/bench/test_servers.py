"""The benchmark of servers, with few pages: the figures are there, and the chart shows them."""

from __future__ import annotations

import asyncio
import gc

import pytest

from bench.servers.__main__ import ratios, table
from bench.servers._measure import Figures, measure_calls
from bench.servers._pages import Calls
from bench.servers._peer_pages import PAGES, _field
from bench.servers._plot import plot
from bench.servers._programs import PEERS, served
from bench.servers._socket import LightSocket


@pytest.mark.slow
def test_pages_of_the_load_are_pages_of_transom() -> None:
    with served("transom") as server:
        found = asyncio.run(measure_calls("transom", "memory", server, 5, 0.1))
    assert found.pages == 5
    assert found.calls > 0
    assert found.core > 0
    assert 0 < found.one[0] <= found.one[1]
    assert found.all > 0


def test_the_table_and_the_chart_show_every_figure() -> None:
    figures = [
        Figures("transom", "redis", pages, 10.0, 41.5, 1234.0, 9876.0, (1, 2), (3, 4), (5, 6), 77.0)
        for pages in (10, 100)
    ]
    assert "| transom | redis | 100 | 10 | 42 | 1,234 | 9,876 | 1.0/2.0 | 3.0/4.0 | 5.0/6.0 | 77 |" in table(figures)
    chart = plot([*figures, Figures("floor", "memory", 10, 1.0, 1.0)])
    assert chart.count("<circle") == 2 * 6 + 1, "a figure that was not measured has no point"
    assert "transom over redis" in chart


def test_every_system_has_pages_and_a_program_with_pinned_requirements() -> None:
    assert set(PAGES) == {"transom", *PEERS}
    assert all("==" in requirement for peer in PEERS.values() for requirement in peer.requirements)


def test_transom_is_compared_with_the_best_peer_and_not_with_the_floor() -> None:
    def of(system: str, calls: float, core: float, bus: str = "memory") -> Figures:
        return Figures(system, bus, 100, 1.0, 1.0, calls, core)

    figures = [of("floor", 900, 900), of("nicegui", 10, 20), of("python-socketio", 20, 10), of("transom", 60, 60)]
    assert ratios(figures) == "100 pages: 3.0 times the calls a second, 3.0 times for each core"
    assert ratios([of("floor", 9, 9), of("transom", 9, 9), of("transom", 9, 9, "redis")]) == ""


@pytest.mark.parametrize(("size", "head"), [(3, b"\x5a\x03"), (200, b"\x5a\xc8\x01")])
def test_a_field_for_streamlit_is_one_of_protocol_buffers(size: int, head: bytes) -> None:
    assert _field(11, b"a" * size) == head + b"a" * size


def test_a_peer_that_ends_what_nobody_waits_for_any_more_is_not_logged() -> None:
    logged: list[object] = []

    async def load() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: logged.append(context["message"]))
        page = Calls(1, "user")
        socket = LightSocket(lambda _: None, page._ended)
        _, answer = page._begin()
        _, given_up = page._begin()
        del given_up
        socket.connection_lost(None)  # neither who opened it nor the second call waits
        del socket
        with pytest.raises(ConnectionError, match="the link of user ended"):
            await answer
        gc.collect()

    asyncio.run(load())
    assert logged == []
