"""Handlers of schemes: every form, and everything that can go wrong in one."""

from __future__ import annotations

import asyncio
import functools
import gc
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.errors import AuthorError, ConfigError
from transom.runtimes import (
    UriSchemeContext,
    UriSchemeHandler,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponder,
    UriSchemeResponse,
)
from transom.threads import Threads

REQUEST = UriSchemeRequest(method="GET", uri="stream://localhost/a", headers={})
CONTEXT = UriSchemeContext(app_handle="the application", webview_label="main")
FAILURE = (500, b"the application failed to answer this request")
OK = UriSchemeResponse(b"ok")


def ask(
    handler: UriSchemeHandler, request: UriSchemeRequest = REQUEST, *, takes_responder: bool = False
) -> UriSchemeResponse:
    protocol = UriSchemeProtocol(scheme="stream", handler=handler, takes_responder=takes_responder)
    return asyncio.run(protocol.serve(CONTEXT, request, Threads()))


# Names


@pytest.mark.parametrize("scheme", ["stream", "my-app", "a", "x+y.z-1"])
def test_a_scheme_may_have_any_name_that_urls_have(scheme: str) -> None:
    assert UriSchemeProtocol(scheme=scheme, handler=print).scheme == scheme


@pytest.mark.parametrize("scheme", ["", "Stream", "1a", "a_b", "a b", "stream:", "stream://", "é", "a\n"])
def test_other_names_are_refused_with_the_rule(scheme: str) -> None:
    with pytest.raises(
        ConfigError, match=r"register_uri_scheme_protocol: .* is not the name of a scheme; .*\(RFC 3986\)"
    ):
        UriSchemeProtocol(scheme=scheme, handler=print)


@pytest.mark.parametrize("scheme", ["tauri", "ipc", "asset", "isolation", "http", "https", "ws", "file", "data", "blob", "about", "webkit-x"])  # fmt: skip
def test_names_that_are_taken_are_refused(scheme: str) -> None:
    with pytest.raises(ConfigError, match=f"the scheme '{scheme}' belongs to transom or to the web engine"):
        UriSchemeProtocol(scheme=scheme, handler=print)


# Handlers


def test_a_def_runs_in_a_worker_and_gets_context_and_request() -> None:
    seen: list[Any] = []

    def handler(context: Any, request: Any) -> UriSchemeResponse:
        seen.extend((context, request, threading.current_thread() is threading.main_thread()))
        return OK

    assert ask(handler) is OK
    assert seen == [CONTEXT, REQUEST, False]


def test_an_async_def_runs_on_the_loop() -> None:
    async def handler(context: Any, request: Any) -> UriSchemeResponse:
        await asyncio.sleep(0)
        assert threading.current_thread() is threading.main_thread()
        return OK

    class Callable:
        async def __call__(self, context: Any, request: Any) -> UriSchemeResponse:
            return OK

    assert ask(handler) is OK
    assert ask(functools.partial(handler)) is OK
    assert ask(Callable()) is OK


def test_a_responder_answers_from_any_thread() -> None:
    def handler(context: Any, request: Any, responder: UriSchemeResponder) -> None:
        threading.Thread(target=responder.respond, args=[OK]).start()

    async def on_loop(context: Any, request: Any, responder: UriSchemeResponder) -> None:
        responder.respond(OK)

    assert ask(handler, takes_responder=True) is OK
    assert ask(on_loop, takes_responder=True) is OK


def test_a_responder_answers_once() -> None:
    def handler(context: Any, request: Any, responder: UriSchemeResponder) -> None:
        responder.respond(OK)
        with pytest.raises(AuthorError, match="answered already; a UriSchemeResponder responds once"):
            responder.respond(UriSchemeResponse(b"again"))

    assert ask(handler, takes_responder=True) is OK


def test_a_responder_that_is_refused_an_answer_can_still_give_one() -> None:
    def handler(context: Any, request: Any, responder: UriSchemeResponder) -> None:
        with pytest.raises(TypeError, match="not with str"):
            responder.respond("text")  # type: ignore[arg-type]
        responder.respond(OK)

    assert ask(handler, takes_responder=True) is OK


def test_a_responder_that_is_dropped_is_an_error_and_no_hang(caplog: pytest.LogCaptureFixture) -> None:
    def forgets(context: Any, request: Any, responder: UriSchemeResponder) -> None:
        pass

    def in_a_cycle(context: Any, request: Any, responder: UriSchemeResponder) -> None:
        cycle: list[Any] = [responder]
        cycle.append(cycle)
        del responder, cycle
        threading.Thread(target=gc.collect).start()

    gc.collect()  # what other tests left behind speaks in the log too
    caplog.clear()
    for handler in (forgets, in_a_cycle):
        answer = ask(handler, takes_responder=True)
        assert (answer.status, answer.body) == FAILURE
    assert caplog.messages == [
        "the handler of the scheme 'stream' gave no answer to GET stream://localhost/a: it dropped its UriSchemeResponder"
    ] * 2  # fmt: skip


def test_a_responder_outlives_its_loop() -> None:
    kept: list[UriSchemeResponder] = []

    async def give_up() -> None:
        called = asyncio.Event()

        async def keeps(context: Any, request: Any, responder: UriSchemeResponder) -> None:
            kept.append(responder)
            called.set()

        protocol = UriSchemeProtocol(scheme="stream", handler=keeps, takes_responder=True)
        serving = asyncio.ensure_future(protocol.serve(CONTEXT, REQUEST, Threads()))
        await called.wait()
        serving.cancel()

    asyncio.run(give_up())
    kept.pop().respond(OK)


def _fails(*_: Any) -> Any:
    raise ValueError("secret")


async def _fails_on_loop(*_: Any) -> Any:
    raise ValueError("secret")


@pytest.mark.parametrize("takes_responder", [False, True])
@pytest.mark.parametrize("handler", [_fails, _fails_on_loop, lambda: None])
def test_what_a_handler_raises_is_for_the_log_only(
    handler: Callable[..., Any], takes_responder: bool, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask(handler, takes_responder=takes_responder)
    assert (answer.status, answer.body) == FAILURE
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "the handler of the scheme 'stream' failed for GET stream://localhost/a"
    assert record.exc_info


@pytest.mark.parametrize("given", [None, "text", b"bytes", 404])
def test_an_answer_of_another_type_is_an_error_that_names_the_type(
    given: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert ask(lambda context, request: given).status == 500
    assert f"answers with a UriSchemeResponse, not with {type(given).__name__}" in caplog.text


# Responses


def test_a_response_holds_bytes_and_pairs() -> None:
    response = UriSchemeResponse(memoryview(b"abc")[1:], status=206, headers={"Content-Type": "text/plain"})
    assert (response.body, response.status) == (b"bc", 206)
    assert response.headers == (("Content-Type", "text/plain"),)
    assert UriSchemeResponse(bytearray(b"x"), headers=[("A", "1"), ("a", "2")]).headers == (("A", "1"), ("a", "2"))


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_has_none(status: int) -> None:
    assert UriSchemeResponse(b"body", status=status).body == b""


@pytest.mark.parametrize("status", [-1, 0, 101, 199, 600])
def test_only_final_statuses_are_answers(status: int) -> None:
    with pytest.raises(ValueError, match=f"a response with the status {status}"):
        UriSchemeResponse(status=status)


@pytest.mark.parametrize(("name", "value"), [("", "x"), ("a b", "x"), ("a:", "x"), ("é", "x"), ("a", "x\r\nb: c"), ("a", "\0"), ("a", "€")])  # fmt: skip
def test_a_header_field_cannot_break_out(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        UriSchemeResponse(headers={name: value})


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_header_fields_are_taken_or_refused(headers: dict[str, str]) -> None:
    try:
        fields = UriSchemeResponse(headers=headers).fields()
    except ValueError:
        return
    lines = [f"{name}: {value}".encode("latin-1") for name, value in fields]
    assert not any(byte in line for line in lines for byte in b"\r\n\0")


def test_fields_of_the_connection_are_not_the_handlers() -> None:
    response = UriSchemeResponse(b"abc", headers={"Content-Length": "999", "Connection": "close", "X-A": "b"})
    assert response.fields() == [("X-A", "b"), ("Cache-Control", "no-store")]
    assert UriSchemeResponse(headers={"cache-control": "max-age=5"}).fields() == [("cache-control", "max-age=5")]


def _exits(*_: Any) -> Any:
    raise SystemExit(3)


async def _exits_on_loop(*_: Any) -> Any:
    raise SystemExit(3)


@pytest.mark.parametrize("handler", [_exits, _exits_on_loop])
def test_a_handler_that_exits_ends_no_more_than_its_request(handler: Callable[..., Any]) -> None:
    answer = ask(handler)
    assert (answer.status, answer.body) == FAILURE


RANGED = {"Accept-Ranges": "bytes", "ETag": '"1"', "Content-Type": "audio/wav"}


@pytest.mark.parametrize(
    ("given", "asked", "expected"),
    [
        (RANGED, {"range": "bytes=2-4"}, (206, b"234", "bytes 2-4/10")),
        (RANGED, {"range": "bytes=-2", "if-range": '"1"'}, (206, b"89", "bytes 8-9/10")),
        (RANGED, {"range": "bytes=2-4", "if-range": '"2"'}, (200, b"0123456789", None)),
        (RANGED, {"range": "bytes=10-"}, (416, b"", "bytes */10")),
        (RANGED, {"if-none-match": '"1"'}, (304, b"", None)),
        ({"Last-Modified": "Sun, 09 Sep 2001 01:46:40 GMT"}, {"if-modified-since": "Sun, 09 Sep 2001 01:46:40 GMT"}, (304, b"", None)),
        ({}, {"range": "bytes=2-4"}, (200, b"0123456789", None)),
        ({}, {"if-none-match": '"1"'}, (200, b"0123456789", None)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("takes_responder", [False, True])
def test_a_complete_answer_is_cut_to_what_was_asked_if_the_handler_says_that_it_may_be(
    given: dict[str, str], asked: dict[str, str], expected: tuple[int, bytes, str | None], takes_responder: bool
) -> None:
    def handler(_context: Any, _request: Any, responder: UriSchemeResponder | None = None) -> UriSchemeResponse | None:
        response = UriSchemeResponse(b"0123456789", headers=given)
        return response if responder is None else responder.respond(response)

    request = UriSchemeRequest(method="GET", uri="stream://localhost/a", headers=asked)
    response = ask(handler, request, takes_responder=takes_responder)
    headers = dict(response.headers)
    assert (response.status, response.body, headers.get("Content-Range")) == expected
    assert given.items() <= headers.items()


def test_an_answer_that_is_not_a_complete_one_is_left_alone() -> None:
    headers = {"range": "bytes=2-4", "if-none-match": '"1"'}
    for method, response in (
        ("POST", UriSchemeResponse(b"0123456789", headers=RANGED)),
        ("GET", UriSchemeResponse(b"01", status=206, headers=RANGED | {"Content-Range": "bytes 0-1/10"})),
        ("GET", UriSchemeResponse(b"gone", status=404, headers=RANGED)),
    ):
        request = UriSchemeRequest(method=method, uri="stream://localhost/a", headers=headers)
        assert ask(lambda *_, response=response: response, request) is response
