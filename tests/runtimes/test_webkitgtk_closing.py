"""How windows of the webkitgtk runtime are closed, with the real WebKitGTK."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.runtimes.conftest import Scenario

CLOSED = ["close-requested", "destroyed"]


@pytest.fixture
def close(run: Scenario) -> Any:
    """Run a scenario of the closing ones."""
    return partial(run, module="webkitgtk_closing_scenarios")


@pytest.mark.parametrize("way", ["leaving", "close_button", "own_close"])
def test_calls_that_a_page_makes_while_its_window_closes_arrive(close: Scenario, way: str) -> None:
    result = close(way)
    assert result["said"] == ["here", "beforeunload", "pagehide"]
    assert result["events"] == CLOSED
    assert (result["code"], result["log"], result["sessions"]) == (7, [], [1])
    assert result["loads"] == [["main", "started"], ["main", "finished"]]


def test_calls_that_a_page_makes_while_it_is_loaded_again_arrive(close: Scenario) -> None:
    assert close("reloading") == {"code": 7, "log": [], "said": ["here", "beforeunload", "pagehide", "here"]}


def test_destroying_waits_for_nothing(close: Scenario) -> None:
    result = close("destroying")
    assert (result["said"], result["events"]) == (["here"], ["destroyed"])


def test_a_window_that_the_host_holds_stays_until_it_is_destroyed(close: Scenario) -> None:
    result = close("held")
    assert (result["said"], result["events"]) == (["here"], ["close-requested", "close-requested", "destroyed"])


@pytest.mark.parametrize("way", ["hanging", "hanging_while_left"])
def test_a_page_that_hangs_does_not_hold_its_window(close: Scenario, way: str) -> None:
    result = close(way)
    assert result["events"] == CLOSED
    assert 1 < result["seconds"] < 10


def test_a_page_without_a_link_is_left_at_once(close: Scenario) -> None:
    result = close("without_a_link")
    assert (result["events"], result["code"]) == (CLOSED, 7)
    assert result["seconds"] < 2
