"""Faults that a test injects, and parts of an application that it replaces."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from transom import Builder, Channel, PluginBuilder, State, command, generate_context, generate_handler
from transom.cli._new import new
from transom.errors import ConfigError
from transom.testing import PageGone, Rejected, TestPage, running


class Clock:
    """Managed state."""

    def now(self) -> int:
        raise AssertionError("a test must not ask the real clock")


class FakeClock:
    def now(self) -> int:
        return 12


@command
def what_time(clock: State[Clock]) -> int:
    return clock.now()


@command
def count_up(on_number: Channel[int], count: int) -> int:
    for number in range(count):
        on_number.send_blocking(number)
    return count


@command
def greet(name: str) -> str:
    return f"Hello, {name}!"


class Waiting:
    """Commands that wait, and what became of them."""

    def __init__(self) -> None:
        self.began, self.ended = threading.Event(), threading.Event()

    @command
    async def wait(self) -> None:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


def builder(*commands: Any) -> Builder:
    return Builder().invoke_handler(generate_handler(what_time, count_up, greet, *commands))


@pytest.mark.parametrize("fault", [TestPage.reload, TestPage.lose])
def test_a_page_that_goes_ends_its_calls(fault: Any) -> None:
    waiting = Waiting()
    with running(builder(waiting.wait)) as app:
        page = app.page
        pending = page.start("wait")
        assert waiting.began.wait(10)
        fault(page)
        assert waiting.ended.wait(10)
        with pytest.raises(PageGone, match="the page of 'main' ended before the call had an answer"):
            pending.result()
        assert page.ended
        assert app.page.ended is (fault is TestPage.lose)


def test_a_lost_page_can_be_loaded_again() -> None:
    with running(builder()) as app:
        app.page.lose()
        with pytest.raises(PageGone):
            app.page.invoke("greet", name="Ada")
        assert app.page.reload().invoke("greet", name="Ada") == "Hello, Ada!"
        assert app.page.invoke("greet", name="Bob") == "Hello, Bob!"


def test_a_call_is_aborted() -> None:
    waiting = Waiting()
    with running(builder(waiting.wait)) as app:
        pending = app.page.start("wait")
        assert waiting.began.wait(10)
        assert not pending.done
        pending.cancel()
        assert waiting.ended.wait(10)


def test_a_stalled_page_gets_everything_when_it_reads_on() -> None:
    with running(builder()) as app:
        numbers = app.page.channel()
        with app.page.stalled():
            pending = app.page.start("count_up", onNumber=numbers, count=3)
            with pytest.raises(TimeoutError):
                pending.result(timeout=0.1)
            assert numbers.messages == []
        assert pending.result() == 3
        assert numbers.messages == [0, 1, 2]


def test_a_stalled_page_meets_the_limits() -> None:
    with running(builder().limits(max_queued_messages=2)) as app:
        numbers = app.page.channel()
        with app.page.stalled():
            pending = app.page.start("count_up", onNumber=numbers, count=50)
            with pytest.raises(TimeoutError):
                pending.result(timeout=0.1)
        assert pending.result() == 50


def test_the_time_for_answers_is_that_of_the_application() -> None:
    with running(builder(Waiting().wait), timeout=60) as app:
        assert app._timeout == 60
        app._timeout = 0.05  # from here on, so that a busy machine has time to start the application
        with pytest.raises(TimeoutError, match=r"within 0\.05 s"):
            app.page.invoke("wait")


def test_state_is_replaced_also_by_what_is_not_of_its_class() -> None:
    with running(builder().manage(Clock()), state={Clock: FakeClock()}) as app:
        assert app.page.invoke("what_time") == 12
    late = builder().setup(lambda app: app.manage(Clock()))
    with running(late, state={Clock: FakeClock()}) as app:
        assert app.page.invoke("what_time") == 12


def test_a_plugin_is_replaced_by_its_name() -> None:
    def weather(text: str) -> Any:
        @command(name="now")
        def now() -> str:
            return text

        return (
            PluginBuilder("weather").invoke_handler(generate_handler(now)).permissions(default=("allow-now",)).build()
        )

    with running(
        builder().plugin(weather("asks the network")), plugins=[weather("sunny")], permissions=["weather:default"]
    ) as app:
        assert app.page.invoke("plugin:weather|now") == "sunny"


def test_permissions_are_exactly_those_of_the_test(tmp_path: Path) -> None:
    new(tmp_path / "app", "vanilla")

    def titles(**options: Any) -> Any:
        with running(builder(), generate_context(tmp_path / "app"), **options) as app:
            app.page.invoke("plugin:app|version")
            return app.page.invoke("plugin:window|set_title", value="x")

    with pytest.raises(Rejected, match=r"window\|set_title not allowed"):
        titles()
    with pytest.raises(Rejected, match=r"app\|version not allowed"):
        titles(permissions=[])
    assert titles(permissions=["core:default", "core:window:allow-set-title"]) is None
    assert titles(permissions="all") is None
    with pytest.raises(
        ConfigError, match=r"^running\(permissions=\.\.\.\):1: permissions\[0\]: unknown permission allow-nothing"
    ):
        titles(permissions=["core:window:allow-nothing"])


def test_permissions_of_a_test_have_scopes(tmp_path: Path) -> None:
    from transom.plugins import fs

    (tmp_path / "a.txt").write_text("inside", "utf-8")
    allowed = {"identifier": "fs:allow-read-text-file", "allow": [{"path": f"{tmp_path}/*"}]}
    with running(builder().plugin(fs.init()), permissions=[allowed]) as app:
        assert bytes(app.page.invoke("plugin:fs|read_text_file", path=str(tmp_path / "a.txt"))) == b"inside"
        with pytest.raises(Rejected, match="forbidden path"):
            app.page.invoke("plugin:fs|read_text_file", path="/etc/hostname")
