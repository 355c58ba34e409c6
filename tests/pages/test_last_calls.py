"""Calls that a page makes while it is left."""

from __future__ import annotations

from tests.fake_page import FakePage
from transom.pages import CallState


def test_the_last_calls_of_a_page_outlive_it() -> None:
    page = FakePage()
    page.session.receive('[[0,1,"a"],[4,2],[0,2,"b"],[0,3,"c"]]')
    page.session.close()
    ended = CallState.PAGE_GONE
    assert [made.call.state is ended for made in page.calls] == [True, False, False]
    assert page.session.last_calls == (page.calls[1].call, page.calls[2].call)


def test_last_calls_that_come_when_the_page_is_gone_run_once() -> None:
    page = FakePage()
    page.session.receive('[[0,1,"a"]]')
    page.session.close()
    page.session.receive_last(
        '[[0,2,"before it was left"],[4,3],[0,3,"b"],[0,3,"b"],[0,4,"c",null,null,[[[],"U",0,0,0]]]]'
    )
    page.session.receive_last("no batch")
    assert [made.frame.command for made in page.calls] == ["a", "b"]
    assert page.session.last_calls == (page.calls[1].call,)


def test_a_page_that_stays_has_no_last_calls() -> None:
    page = FakePage()
    page.session.receive('[[4,1],[0,1,"a"],[4,9007199254740991],[0,2,"b"]]')
    page.session.close()
    assert all(made.call.state is CallState.PAGE_GONE for made in page.calls)


def test_the_number_of_last_calls_is_bounded() -> None:
    page = FakePage()
    calls = ",".join(f'[0,{number},"a"]' for number in range(1, 151))
    page.session.receive(f"[[4,1],{calls}]")
    page.session.close()
    assert [made.call.state is CallState.PAGE_GONE for made in page.calls] == [False] * 100 + [True] * 50
