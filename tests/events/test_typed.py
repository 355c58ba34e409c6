"""Events that are declared once: what Python sends and hears of them."""

from __future__ import annotations

import logging
from queue import SimpleQueue

import msgspec
import pytest

from tests.mock_app import SOON, running
from transom import Builder, RequestError, TypedEvent
from transom.errors import ConfigError


class Progress(msgspec.Struct, rename="camel"):
    bytes_done: int


PROGRESS = TypedEvent("progress", Progress)


def test_pages_get_the_payload_as_it_crosses_the_wire() -> None:
    with running() as application:
        application.page.invoke("plugin:event|listen", {"event": "progress", "target": {"kind": "Any"}, "handler": 7})
        PROGRESS.emit(application.app, Progress(bytes_done=1))
        PROGRESS.emit_to(application.app, "elsewhere", Progress(bytes_done=2))
        PROGRESS.emit_to(application.app, "main", Progress(bytes_done=3))
        events = application.page.wait(lambda message: message[0] == 4 and message[1] == "progress", 2)
        assert [event[2] for event in events][:1] == [{"bytesDone": 1}]


def test_listeners_get_objects_of_the_payload_s_type() -> None:
    heard: SimpleQueue[tuple[str, Progress]] = SimpleQueue()

    async def later(progress: Progress) -> None:
        heard.put(("async", progress))

    with running() as application:
        listener = PROGRESS.listen(application.app, lambda progress: heard.put(("def", progress)))
        PROGRESS.once(application.app, later)
        application.page.invoke("plugin:event|emit", {"event": "progress", "payload": {"bytesDone": 4}})
        got = sorted((heard.get(timeout=SOON) for _ in range(2)), key=lambda item: item[0])
        assert got == [("async", Progress(4)), ("def", Progress(4))]
        application.app.unlisten(listener)


def test_a_payload_that_does_not_fit_is_logged_and_not_heard(caplog: pytest.LogCaptureFixture) -> None:
    heard: SimpleQueue[Progress] = SimpleQueue()
    with caplog.at_level(logging.ERROR, "transom"), running() as application:
        PROGRESS.listen(application.app, heard.put)
        application.page.invoke("plugin:event|emit", {"event": "progress", "payload": {"bytesDone": "many"}})
        application.page.invoke("plugin:event|emit", {"event": "progress", "payload": {"bytesDone": 5}})
        assert heard.get(timeout=SOON) == Progress(5)
    assert "Expected `int`, got `str`" in caplog.text


def test_a_name_that_no_event_may_have_is_refused_where_it_is_declared() -> None:
    with pytest.raises(RequestError):
        TypedEvent("two words", str)


def test_a_builder_takes_one_declaration_for_each_name() -> None:
    builder = Builder().events(PROGRESS).events(PROGRESS)
    with pytest.raises(ConfigError, match="two events are called progress"):
        builder.events(TypedEvent("progress", str))
