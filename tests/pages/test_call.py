from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_page import FakePage
from transom.pages import Call, CallState, CancellationToken, IllegalTransition
from transom.pages._call import TRANSITIONS
from transom.values import InvokeResponse
from transom.wire import InvokeFrame

RUNNING = [CallState.ON_LOOP, CallState.IN_WORKER, CallState.ON_MAIN]
# State -> the step by which a call gets there.
STEPS: dict[CallState, Callable[[Call], object]] = {
    CallState.ARRIVED: lambda call: call.admit(),
    CallState.WAITING: lambda call: call.wait(),
    CallState.ON_LOOP: lambda call: call.begin(CallState.ON_LOOP),
    CallState.IN_WORKER: lambda call: call.begin(CallState.IN_WORKER),
    CallState.ON_MAIN: lambda call: call.begin(CallState.ON_MAIN),
    CallState.CANCELLED: lambda call: call.cancel(),
    CallState.PAGE_GONE: lambda call: call.page_gone(),
    CallState.ANSWERED: lambda call: call.answer(True, b"1"),
}
END = [CallState.CANCELLED, CallState.PAGE_GONE, CallState.ANSWERED]


class Asked:
    """Counts what a call asks of what runs it."""

    def __init__(self) -> None:
        self.withdrawn = self.interrupted = 0

    def withdraw(self) -> None:
        self.withdrawn += 1

    def interrupt(self) -> None:
        self.interrupted += 1


def call_in(state: CallState, page: FakePage | None = None) -> Call:
    call = (page or FakePage()).call()
    if state is not CallState.ARRIVED:
        STEPS[state](call)
    assert call.state is state
    return call


@pytest.mark.parametrize(("before", "after"), list(product(CallState, CallState)))
def test_a_call_moves_as_its_table_says_and_never_otherwise(before: CallState, after: CallState) -> None:
    call = call_in(before)
    if after in TRANSITIONS[before]:
        STEPS[after](call)
        assert call.state is after
    elif before in END:
        assert not STEPS[after](call)
        assert call.state is before
    else:
        with pytest.raises(IllegalTransition, match=f"cannot go from {before.name} to {after.name}"):
            STEPS[after](call)
        assert call.state is before


def test_every_state_but_the_last_leads_to_the_answer_and_nothing_leaves_it() -> None:
    assert set(TRANSITIONS) == set(CallState)
    for state in CallState:
        reached, todo = set(), [state]
        while todo:
            for after in TRANSITIONS[todo.pop()] - reached:
                reached.add(after)
                todo.append(after)
        assert (CallState.ANSWERED in reached) == (state is not CallState.ANSWERED)


@pytest.mark.parametrize("where", RUNNING)
def test_a_call_that_runs_is_interrupted_once_and_not_withdrawn(where: CallState) -> None:
    call, asked = call_in(CallState.ARRIVED), Asked()
    call.withdraw = asked.withdraw
    assert call.begin(where)
    assert call.on_interrupt(asked.interrupt)
    call.cancel()
    call.cancel()
    call.page_gone()
    assert (asked.withdrawn, asked.interrupted) == (0, 1)
    assert call.state is CallState.CANCELLED


@pytest.mark.parametrize("state", [CallState.ARRIVED, CallState.WAITING])
@pytest.mark.parametrize("how", ["cancel", "page_gone"])
def test_a_call_that_has_not_begun_is_withdrawn_and_never_begins(state: CallState, how: str) -> None:
    call, asked = call_in(state), Asked()
    call.withdraw = asked.withdraw
    getattr(call, how)()
    assert (asked.withdrawn, asked.interrupted) == (1, 0)
    assert not call.admit()
    assert not any(call.begin(where) for where in RUNNING)
    assert not call.wait()


def test_who_comes_too_late_to_be_told_is_told_by_the_result() -> None:
    asked = Asked()
    running = call_in(CallState.ON_LOOP)
    running.cancel()
    assert not running.on_interrupt(asked.interrupt)
    assert (asked.withdrawn, asked.interrupted) == (0, 0)


def test_a_detached_call_outlives_its_page_but_not_its_abort() -> None:
    call, asked = call_in(CallState.ON_LOOP), Asked()
    call.on_interrupt(asked.interrupt)
    call.detached = True
    call.page_gone()
    assert (call.state, asked.interrupted) == (CallState.ON_LOOP, 0)
    call.cancel()
    assert (call.state, asked.interrupted) == (CallState.CANCELLED, 1)


def test_a_token_is_told_before_the_command_is_interrupted() -> None:
    call = call_in(CallState.IN_WORKER)
    token = call.token = CancellationToken()
    told: list[bool] = []
    call.on_interrupt(lambda: told.append(token.is_cancelled))
    call.cancel()
    assert told == [True]


@pytest.mark.parametrize("state", [state for state in CallState if state is not CallState.ANSWERED])
def test_an_answer_reaches_the_page_from_every_state_once(state: CallState, caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage()
    call = call_in(state, page)
    call.answer(True, b"1")
    assert call.answered
    call.answer(False, b"2")
    call.reject_cancelled()
    call.cancel()
    assert page.taken() == [[0, 1, 1]]
    # Of a cancelled call the second one may be the cancellation's.
    assert caplog.text.count("was answered twice") == (0 if state in END else 1)
    assert page.session.calls == {}


def test_an_answer_that_meets_a_cancellation_is_dropped_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """A page chooses when it cancels, and could fill the log with errors that are nobody's."""
    page = FakePage()
    call = page.call()
    call.begin(CallState.IN_WORKER)
    call.on_interrupt(call.reject_cancelled)
    call.cancel()
    call.answer(True, b"1")
    assert [message[0] for message in page.taken()] == [1]
    assert caplog.text == ""


def test_an_answer_goes_to_the_responder_in_place_of_the_page(caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage()
    given: list[Any] = []

    def respond(response: InvokeResponse) -> None:
        given.append((response.is_ok, response.body.deserialize()))
        raise OSError("the socket is gone")

    page.session.call(InvokeFrame(5, "cmd"), (), respond)
    page.calls[0].call.reject_cancelled()
    assert given == [(False, {"kind": "cancelled", "command": "cmd", "message": "the call of cmd was cancelled"})]
    assert page.taken() == []
    assert "the responder of the invoke system failed for command 'cmd'" in caplog.text


def test_a_call_for_a_page_that_is_gone_is_not_dispatched_and_a_responder_has_its_answer() -> None:
    page = FakePage()
    page.session.close()
    given: list[InvokeResponse] = []
    page.session.call(InvokeFrame(5, "cmd"), (), given.append)
    page.session.call(InvokeFrame(6, "cmd"), ())
    assert page.calls == []
    assert [response.is_ok for response in given] == [False]


def test_a_call_says_what_it_is() -> None:
    assert repr(call_in(CallState.WAITING)) == "<Call 1 of 'cmd': WAITING>"


KINDS = ("cancel", "page_gone", "wait", "admit", "loop", "worker", "answer", "reject_cancelled")


@given(st.lists(st.sampled_from(KINDS), max_size=12), st.booleans())
def test_whatever_happens_a_call_is_answered_at_most_once_and_ends_answered(steps: list[str], detached: bool) -> None:
    page, asked = FakePage(), Asked()
    call = page.call()
    call.detached = detached
    call.withdraw = asked.withdraw
    call.on_interrupt(asked.interrupt)
    for step in steps:
        try:
            match step:
                case "loop":
                    call.begin(CallState.ON_LOOP)
                case "worker":
                    call.begin(CallState.IN_WORKER)
                case "answer":
                    call.answer(True, b"1")
                case _:
                    getattr(call, step)()
        except IllegalTransition:
            assert step in ("wait", "admit", "loop", "worker")
    assert asked.withdrawn + asked.interrupted <= 1
    call.reject_cancelled()
    assert call.answered
    assert len(page.taken()) == 1


def test_of_many_threads_that_cancel_and_answer_at_once_each_has_its_effect_once() -> None:
    for _ in range(50):
        page, asked = FakePage(), Asked()
        call = page.call()
        call.begin(CallState.IN_WORKER)
        call.on_interrupt(asked.interrupt)
        barrier = threading.Barrier(4)

        def work(action: Any, barrier: threading.Barrier = barrier) -> None:
            barrier.wait(5)
            action()

        actions = [call.cancel, call.page_gone, call.reject_cancelled, call.cancel]
        threads = [threading.Thread(target=work, args=(action,)) for action in actions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        assert call.answered
        assert asked.interrupted <= 1
        assert len(page.taken()) == 1


@pytest.mark.parametrize("ends", ["answer", "cancel"])
def test_a_call_that_has_ended_holds_nothing_of_what_ran_it(ends: str) -> None:
    page, asked = FakePage(), Asked()
    call = page.call()
    call.withdraw = asked.withdraw
    call.begin(CallState.ON_LOOP)
    call.on_interrupt(asked.interrupt)
    if ends == "cancel":
        call.cancel()
    call.answer(True, b"1")
    held = weakref.ref(asked)
    del asked
    assert held() is None, "it would be freed by the collector only"
