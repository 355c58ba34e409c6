from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.mock_app import Running, running
from transom.commands import command
from transom.errors import CommandError
from transom.runtimes._mock import MockRejection
from transom.values import Channel


@command
async def count_up(count: int, fails: bool = False) -> AsyncIterator[int]:
    for index in range(count):
        yield index
    if fails:
        raise CommandError("it failed")


@command
async def count_into(count: int, on_event: Channel[int] | None = None) -> AsyncIterator[int]:
    for index in range(count):
        yield index


@pytest.fixture
def application() -> Iterator[Running]:
    with running(count_up, count_into) as application:
        yield application


def _values(application: Running) -> list[Any]:
    application.on_loop()
    return [message[3] for message in application.page.messages if message[0] == 2]


def _ends(application: Running) -> list[Any]:
    return [message[1:] for message in application.page.messages if message[0] == 3]


def _stream(application: Running, credit: int, **args: Any) -> int:
    return application.page.send("count_up", args, {"transom-stream": f"__CHANNEL__:7 {credit}"})


def test_no_more_values_go_out_than_the_page_asks_for(application: Running) -> None:
    call = _stream(application, 2, count=5)
    assert _values(application) == [0, 1]
    application.page.invoke("plugin:stream|pull", {"channel": 7, "count": 1})
    assert _values(application) == [0, 1, 2]
    application.page.invoke("plugin:stream|pull", {"channel": 7, "count": 10})
    assert application.page.answer(call) == 5
    assert _values(application) == [0, 1, 2, 3, 4]
    assert _ends(application) == [[7, 5]]


def test_pulling_from_nothing_and_backwards_does_nothing(application: Running) -> None:
    application.page.invoke("plugin:stream|pull", {"channel": 9, "count": 1})
    _stream(application, 1, count=5)
    application.page.invoke("plugin:stream|pull", {"channel": 7, "count": -100})
    application.page.invoke("plugin:stream|pull", {"channel": 7, "count": 1})
    assert _values(application) == [0, 1]


def test_an_error_comes_after_the_values_and_the_end(application: Running) -> None:
    call = _stream(application, 10, count=2, fails=True)
    with pytest.raises(MockRejection) as caught:
        application.page.answer(call)
    assert caught.value.value == "it failed"
    assert _values(application) == [0, 1]
    assert _ends(application) == [[7, 2]]


def test_the_end_of_the_page_closes_the_generator() -> None:
    closed: list[str] = []

    @command
    async def endless() -> AsyncIterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append("closed")

    with running(endless) as application:
        application.page.send("endless", {}, {"transom-stream": "__CHANNEL__:7 3"})
        assert _values(application) == [1, 1, 1]
        session = application.session
        session.close()
        application.on_loop()
        application.on_loop()
        assert closed == ["closed"]
        assert session.streams == {}


def test_a_page_that_drops_the_channel_has_heard_enough(application: Running) -> None:
    call = application.page.send("count_into", {"count": 3, "onEvent": "__CHANNEL__:5"})
    assert application.page.answer(call) == 3
    assert _values(application) == [0, 1, 2]


@pytest.mark.parametrize(
    ("command_name", "header", "text"),
    [
        ("count_up", None, "command count_up streams its results; call it with stream()"),
        ("count_into", None, "command count_into streams its results; call it with stream()"),
        ("count_up", "__CHANNEL__:7", "the header is a channel and how many values are wanted"),
        ("count_up", "__CHANNEL__:7 0", "the header is a channel and how many values are wanted"),
        ("count_up", "__CHANNEL__:7 99999999999", "the header is a channel and how many values are wanted"),
        ("count_up", "7 5", "invalid channel value"),
    ],
)
def test_a_call_that_says_not_where_to_stream_to_is_refused(
    application: Running, command_name: str, header: str | None, text: str
) -> None:
    headers = {} if header is None else {"transom-stream": header}
    call = application.page.send(command_name, {"count": 1}, headers)
    with pytest.raises(MockRejection) as caught:
        application.page.answer(call)
    assert text in caught.value.value


@command
async def ends_badly() -> AsyncIterator[int]:
    try:
        yield 1
        yield 2
    finally:
        raise ValueError("it cannot be closed")


def test_a_generator_that_cannot_be_closed_leaves_no_stream_behind() -> None:
    with running(ends_badly) as application:
        call = application.page.send("ends_badly", {}, {"transom-stream": "__CHANNEL__:7 1"})
        application.on_loop()
        assert list(application.session.streams) == [7]
        application.session.receive(f"[[1,{call}]]")
        with pytest.raises(MockRejection):
            application.page.answer(call)
        assert application.session.streams == {}
        assert _ends(application) == [[7, 1]]
