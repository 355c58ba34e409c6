from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.pages import FakePage, call
from tests.mock_app import SOON, running
from transom.core import command
from transom.core._gate import Gate
from transom.runtimes._mock import MockRejection


class Many:
    """Commands that note how many of them run at once, and wait to be let go."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self._lock = threading.Lock()

    @command(concurrency=2)
    def work(self, number: int) -> int:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.begun.release()
        assert self.go.acquire(timeout=SOON)
        with self._lock:
            self.running -= 1
        if number < 0:
            raise ValueError("bad")
        return number

    @command(concurrency=1)
    async def one(self, number: int) -> int:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        return number


def test_no_more_calls_run_than_were_allowed_and_all_are_answered() -> None:
    many = Many()
    with running(many) as application:
        calls = [application.page.send("work", {"number": number}) for number in (1, -1, 2, 3, 4)]
        for _ in calls:
            assert many.begun.acquire(timeout=SOON)
            many.go.release()
        answers: list[Any] = []
        for one in calls:
            try:
                answers.append(application.page.answer(one))
            except MockRejection:
                answers.append("rejected")
        assert answers == [1, "rejected", 2, 3, 4]
        assert many.most == 2


def test_calls_on_the_loop_wait_too() -> None:
    many = Many()
    with running(many) as application:
        calls = [application.page.send("one", {"number": number}) for number in range(20)]
        assert [application.page.answer(one) for one in calls] == list(range(20))
        assert many.most == 1


def test_a_call_that_waits_can_be_cancelled_and_never_runs() -> None:
    many = Many()
    with running(many) as application:
        first = [application.page.send("work", {"number": number}) for number in (1, 2)]
        waiting = application.page.send("work", {"number": 3})
        last = application.page.send("work", {"number": 4})
        for _ in first:
            assert many.begun.acquire(timeout=SOON)
        application.session.receive(f"[[1,{waiting}]]")
        with pytest.raises(MockRejection) as caught:
            application.page.answer(waiting)
        assert caught.value.value["kind"] == "cancelled"
        many.go.release(3)
        assert [application.page.answer(one) for one in (*first, last)] == [1, 2, 4]


@pytest.mark.parametrize("begun", [True, False])
def test_a_call_on_the_loop_that_is_cancelled_leaves_its_place(begun: bool) -> None:
    started = threading.Event()

    @command(concurrency=1)
    async def work(forever: bool) -> str:
        started.set()
        if forever:
            await asyncio.Event().wait()
        return "done"

    with running(work) as application:
        application.session.receive('[[0,101,"work",{"forever":true}]' + ("]" if begun else ",[1,101]]"))
        if begun:
            assert started.wait(SOON)
            application.session.receive("[[1,101]]")
        with pytest.raises(MockRejection):
            application.page.answer(101)
        assert application.page.invoke("work", {"forever": False}) == "done"


@given(limit=st.integers(1, 4), steps=st.lists(st.integers(0, 9), max_size=60))
def test_a_gate_keeps_its_bound_and_its_order_whatever_happens(limit: int, steps: list[int]) -> None:
    """Steps: 0-4 a call arrives, 5-7 a call ends, 8-9 the waiting call of that place is cancelled."""
    gate, page = Gate(limit), FakePage()
    inside: list[int] = []
    started: list[int] = []
    cancelled: set[int] = set()
    number = 0

    def start(one: int) -> None:
        inside.append(one)
        started.append(one)

    for step in steps:
        if step <= 4:
            number += 1
            invoke = call(page=page)
            page.session._running[invoke.resolver.call] = None
            gate.enter(invoke, lambda one=number: start(one), detached=False)  # type: ignore[misc]
        elif step <= 7 and inside:
            inside.pop(0)
            gate.leave()
        elif step >= 8 and gate._waiting:
            waiting = list(gate._waiting)[(step - 8) % len(gate._waiting)]
            cancelled.add(waiting.start.__defaults__[0])  # type: ignore[attr-defined]
            waiting.cancel()
        assert len(inside) <= limit
        assert not gate._waiting or len(inside) == limit
    assert started == sorted(started)
    assert not cancelled & set(started)


MANY = 600  # calls: more than the interpreter lets functions call one another


@pytest.mark.parametrize("where", ["main", None])
def test_however_many_wait_they_run_one_after_the_other_and_not_inside_one_another(where: Any) -> None:
    @command(thread=where, concurrency=1)
    def work(number: int) -> int:
        return number

    with running(work) as application:
        go = threading.Event()
        application.core.run_on_main_thread(lambda: (go.wait(SOON), None)[-1])
        calls = [application.page.send("work", {"number": number}) for number in range(MANY)]
        go.set()
        assert [application.page.answer(one) for one in calls] == list(range(MANY))


def test_the_end_of_a_page_with_many_waiting_calls_leaves_the_gate_open() -> None:
    free = threading.Event()

    @command
    def busy() -> None:
        free.wait(SOON)

    @command(concurrency=1)
    def work(number: int) -> int:
        return number

    with running(busy, work) as application:
        for _ in range(32):  # every worker, so that the first call cannot begin
            application.page.send("busy")
        for number in range(MANY):
            application.page.send("work", {"number": number})
        other = application.open("other")
        application.session.close()
        free.set()
        assert other.invoke("work", {"number": 5}) == 5
        assert all(one <= 32 for one in list(application.session._running))  # of `busy` only


def test_a_call_that_is_cancelled_just_when_it_is_let_in_is_cancelled_where_it_runs() -> None:
    gate, page = Gate(1), FakePage()
    first, second = call(page=page), call(page=page)
    page.session._running[1] = None
    gate.enter(first, lambda: None, detached=False)
    ran: list[str] = []

    class Call:
        def cancel(self) -> None:
            ran.append("cancelled")

    def start() -> None:
        page.session.receive("[[1,1]]")  # the page's cancel, between the queue and the place where the call runs
        page.session.started(1, Call())

    gate.enter(second, start, detached=False)
    assert not ran
    gate.leave()
    assert ran == ["cancelled"]


def test_a_call_that_is_cancelled_before_it_stands_in_the_queue_never_starts() -> None:
    gate, page = Gate(1), FakePage()
    page.session._running[1] = None
    gate.enter(call(page=page), lambda: None, detached=False)
    page.session.receive("[[1,1]]")  # noted: the call is on its way
    ran: list[int] = []
    gate.enter(call(page=page), lambda: ran.append(2), detached=False)
    gate.leave()
    assert not ran
    assert [message[2]["kind"] for message in page.taken()] == ["cancelled"]
    gate.enter(call(page=page), lambda: ran.append(3), detached=False)
    assert ran == [3]


def test_an_interrupt_of_one_call_does_not_keep_those_that_were_let_in_with_it() -> None:
    gate, page = Gate(1), FakePage()
    page.session._running[1] = None
    ran: list[str] = []

    def interrupted() -> None:
        ran.append("interrupted")
        gate.leave()
        raise KeyboardInterrupt

    gate.enter(call(page=page), lambda: None, detached=False)
    gate.enter(call(page=page), interrupted, detached=False)
    gate.enter(call(page=page), lambda: ran.append("after it"), detached=False)
    with pytest.raises(KeyboardInterrupt):
        gate.leave()
    assert ran == ["interrupted", "after it"]


@pytest.mark.parametrize("early", [True, False])
def test_a_place_that_becomes_free_while_a_call_goes_to_the_queue_is_taken_and_the_call_can_be_cancelled(
    early: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, page = Gate(1), FakePage()
    page.session._running[1] = None
    gate.enter(call(page=page), lambda: None, detached=False)
    cancelled: list[str] = []

    class Call:
        def cancel(self) -> None:
            cancelled.append("where it runs")

    started = page.session.started

    def left_first(number: int, running: Any, *, detached: bool = False) -> None:
        if not isinstance(running, Call):
            gate.leave()  # as another thread may do at just this moment
        started(number, running, detached=detached)

    monkeypatch.setattr(page.session, "started", left_first)

    def start() -> None:
        if early:
            page.session.receive("[[1,1]]")
        page.session.started(1, Call())

    gate.enter(call(page=page), start, detached=False)
    if not early:
        page.session.receive("[[1,1]]")
    assert cancelled == ["where it runs"]
    assert page.taken() == []
    monkeypatch.undo()
    gate.enter(call(page=page), lambda: cancelled.append("started beside it"), detached=False)
    assert cancelled == ["where it runs"], "its place is taken, so the next call has to wait"
