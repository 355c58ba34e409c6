from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_page import FakePage
from tests.mock_app import SOON, running
from transom.commands import command
from transom.commands._gate import Gate
from transom.pages import CallState
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


class Gated:
    """A call as a gate sees it: it notes what happens to it, and has a `Call` for its state."""

    def __init__(self, page: FakePage, gate: Gate, then: Callable[[], None] = lambda: None) -> None:
        self.admitted = self.withdrawn = False
        self.started = 0
        self.call = page.call()
        self._gate = gate
        self._then = then
        self.call.withdraw = self._withdraw

    def _withdraw(self) -> None:
        self.call.reject_cancelled()
        self._gate.withdraw(self)

    def wait(self) -> bool:
        return self.call.wait()

    def admit(self) -> bool:
        return self.call.admit()

    def start(self) -> None:
        if self.call.begin(CallState.IN_WORKER):
            self.started += 1
            self._then()


@given(limit=st.integers(1, 4), steps=st.lists(st.integers(0, 9), max_size=60))
def test_a_gate_keeps_its_bound_and_its_order_whatever_happens(limit: int, steps: list[int]) -> None:
    """Steps: 0-4 a call arrives, 5-7 a call ends, 8-9 the waiting call of that place is cancelled."""
    gate, page = Gate(limit), FakePage()
    calls: list[Gated] = []
    inside: list[Gated] = []
    order: list[Gated] = []
    cancelled: list[Gated] = []
    for step in steps:
        if step <= 4:
            gated = Gated(page, gate)
            calls.append(gated)
            gate.enter(gated)
        elif step <= 7 and inside:
            inside.pop(0).call.answer(True, b"1")
            gate.leave()
        elif step >= 8 and gate._waiting:
            waiting = list(gate._waiting)[(step - 8) % len(gate._waiting)]
            assert isinstance(waiting, Gated)
            cancelled.append(waiting)
            waiting.call.cancel()
        for gated in calls:
            if gated.started and gated not in order:
                order.append(gated)
                inside.append(gated)
        assert len(inside) <= limit
        assert not gate._waiting or len(inside) == limit
    assert order == [gated for gated in calls if gated.started]
    assert all(gated.started <= 1 for gated in calls)
    assert not any(gated.started for gated in cancelled)
    assert all(gated.call.answered for gated in cancelled)


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
        assert all(one <= 32 for one in list(application.session.calls))  # of `busy` only


def test_a_call_cancelled_between_its_admission_and_its_start_gives_its_place_to_the_next() -> None:
    gate, page = Gate(1), FakePage()
    first, third = Gated(page, gate), Gated(page, gate)
    second = Gated(page, gate)
    gate.enter(first)
    begin = second.start

    def start() -> None:
        page.session.receive(f"[[1,{second.call.number}]]")
        begin()

    second.start = start  # type: ignore[method-assign]
    gate.enter(second)
    gate.enter(third)
    gate.leave()
    assert (second.started, third.started) == (0, 1)
    assert [message[2]["kind"] for message in page.taken()] == ["cancelled"]


def test_a_call_that_is_cancelled_before_it_enters_never_starts() -> None:
    gate, page = Gate(1), FakePage()
    first, second = Gated(page, gate), Gated(page, gate)
    page.session.receive(f"[[1,{first.call.number}]]")
    gate.enter(first)
    gate.enter(second)
    assert (first.started, second.started) == (0, 1)
    assert [message[2]["kind"] for message in page.taken()] == ["cancelled"]


def test_a_call_cancelled_while_it_is_queued_leaves_no_place_taken() -> None:
    gate, page = Gate(1), FakePage()
    first, second, third = (Gated(page, gate) for _ in range(3))
    gate.enter(first)
    gate.enter(second)
    second.call.cancel()
    gate.leave()
    gate.enter(third)
    assert (second.started, third.started) == (0, 1)


def test_a_call_cancelled_by_another_thread_while_the_gate_queues_it_is_not_queued() -> None:
    gate, page = Gate(1), FakePage()
    gate.enter(Gated(page, gate))
    late = Gated(page, gate)
    wait = late.wait

    def cancelled_first() -> bool:
        late.call.withdraw = None  # the other thread has not come to this yet
        late.call.cancel()
        return wait()

    late.wait = cancelled_first  # type: ignore[method-assign]
    gate.enter(late)
    assert not gate._waiting


def test_an_interrupt_of_one_call_does_not_keep_those_that_were_admitted_with_it() -> None:
    gate, page = Gate(1), FakePage()
    ran: list[str] = []

    def interrupted() -> None:
        ran.append("interrupted")
        gate.leave()
        raise KeyboardInterrupt

    gate.enter(Gated(page, gate))
    gate.enter(Gated(page, gate, interrupted))
    gate.enter(Gated(page, gate, lambda: ran.append("after it")))
    with pytest.raises(KeyboardInterrupt):
        gate.leave()
    assert ran == ["interrupted", "after it"]
