from __future__ import annotations

import json
import logging
import sys
import threading
from itertools import count
from types import FrameType
from typing import Any

import msgspec
import pytest

from tests.fake_page import ALL, FakePage, call
from transom.calls import InvokeResolver, Request
from transom.errors import ChannelClosed, CommandError, InvalidArgs, MalformedMessage, NotAllowed, StateError
from transom.pages import Call
from transom.values import InvokeResponse, Response
from transom.wire import InvokeFrame, Span


def _resolver(page: FakePage, *, development: bool = False) -> InvokeResolver:
    return InvokeResolver(page.call(InvokeFrame(9, "scan")), page.loop, development=development)


def _internal(message: str = "the command scan failed; see the application's log") -> dict[str, str]:
    return {"kind": "internal", "command": "scan", "message": message}


class Unsendable(CommandError):
    thing: object


class Recursive(CommandError):
    @property
    def value(self) -> Any:
        raise RuntimeError("no value today")


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), (5, 5), ({"a": [1]}, {"a": [1]}), (Response("[1]"), [1])]
)
def test_a_result_resolves(value: Any, expected: Any) -> None:
    page = FakePage()
    _resolver(page).resolve(value)
    assert page.taken() == [[0, 9, expected]]


def test_bytes_resolve_as_a_buffer() -> None:
    page = FakePage()
    _resolver(page).resolve(b"abc")
    frame = page.session.take(ALL, ALL)
    assert frame is not None
    assert json.loads(frame.text) == [[0, 9, None, [[[], "ArrayBuffer", 0, 0, 3]]]]


def test_a_plain_result_is_encoded_without_a_search() -> None:
    page = FakePage()
    _resolver(page).resolve({"a": 1}, plain=True)
    assert page.taken() == [[0, 9, {"a": 1}]]


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("value", [object(), "\udcff", {"a": threading.Lock()}, Response("{")])
def test_a_result_that_cannot_cross_rejects(value: Any, plain: bool, caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage()
    _resolver(page).resolve(value, plain=plain)
    assert page.taken() == [[1, 9, _internal()]]
    assert "command 'scan' failed" in caplog.text


def test_a_value_rejects() -> None:
    page = FakePage()
    _resolver(page).reject({"kind": "x"})
    assert page.taken() == [[1, 9, {"kind": "x"}]]


def test_a_value_that_cannot_cross_rejects_and_raises() -> None:
    page = FakePage()
    with pytest.raises(TypeError, match="cannot be sent"):
        _resolver(page).reject(object())
    assert page.taken() == [[1, 9, _internal()]]


@pytest.mark.parametrize(
    ("error", "value"),
    [
        (CommandError({"kind": "x"}), {"kind": "x"}),
        (CommandError(None), None),
        (CommandError("text"), "text"),
        (InvalidArgs("scan", "a", "why"), "invalid args `a` for command `scan`: why"),
        (MalformedMessage("bad \udcff"), "bad \\udcff"),
        (NotAllowed("no"), "no"),
    ],
)
@pytest.mark.parametrize("development", [True, False])
def test_errors_made_for_the_page_reach_it(error: Exception, value: Any, development: bool) -> None:
    page = FakePage()
    _resolver(page, development=development).fail(error)
    assert [message for message in page.taken() if message[0] != 7] == [[1, 9, value]]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(2, "No such file", "/home/me/secret"), "OSError|FileNotFoundError"),
        (StateError("state of type Cache is not managed"), "StateError: state of type Cache is not managed"),
        (KeyError("x"), "KeyError: 'x'"),
        (ValueError("name \udcff"), "ValueError: name \\udcff"),
        (Unprintable(), "Unprintable: (its text cannot be shown)"),
        (SystemExit(3), "SystemExit: 3"),
        (Unsendable(thing=object()), "TypeError: an object of the type object cannot be sent to the page"),
        (CommandError("\udcff"), "TypeError"),
        (Recursive.__new__(Recursive), "RuntimeError: no value today"),
    ],
)
def test_a_bug_names_the_command_only_and_its_text_in_development(
    error: BaseException, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = FakePage()
    with caplog.at_level(logging.ERROR, "transom"):
        _resolver(page).fail(error)
    assert page.taken() == [[1, 9, _internal()]]
    assert "command 'scan' failed" in caplog.text
    assert caplog.records[0].exc_info is not None
    page = FakePage()
    _resolver(page, development=True).fail(error)
    [[_, _, value]] = [message for message in page.taken() if message[0] != 7]
    assert value["message"].startswith(tuple(text.split("|")))
    assert "Traceback" not in value["message"]


def test_a_cancelled_call_rejects_with_its_kind() -> None:
    page = FakePage()
    _resolver(page).reject_cancelled()
    assert page.taken() == [
        [1, 9, {"kind": "cancelled", "command": "scan", "message": "the call of scan was cancelled"}]
    ]


@pytest.mark.parametrize(
    ("error", "gone", "kind"),
    [
        (ChannelClosed("closed"), True, "cancelled"),
        (ChannelClosed("closed"), False, "internal"),
        (ValueError("bad"), True, "internal"),
    ],
)
def test_a_closed_channel_is_a_bug_unless_the_page_is_gone(error: Exception, gone: bool, kind: str) -> None:
    page = FakePage()
    answers: list[InvokeResponse] = []
    page.session.call(InvokeFrame(9, "scan"), (), answers.append)
    resolver = InvokeResolver(page.calls[0].call, page.loop)
    if gone:
        page.session.close()
    resolver.fail(error)
    assert [answer.body.deserialize()["kind"] for answer in answers] == [kind]


def test_a_responder_that_fails_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(response: InvokeResponse) -> None:
        raise OSError("gone")

    with caplog.at_level(logging.ERROR, "transom"):
        page = FakePage()
        page.session.call(InvokeFrame(9, "scan"), (), broken)
        InvokeResolver(page.calls[0].call, page.loop).resolve(1)
    assert "the responder of the invoke system failed for command 'scan'" in caplog.text


def test_only_the_first_answer_counts(caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage()
    resolver = _resolver(page)
    resolver.resolve(1)
    resolver.reject_cancelled()  # says nothing: a call may be cancelled while it is answered
    for answer in (resolver.resolve, resolver.reject, resolver.fail):
        answer(CommandError("second") if answer == resolver.fail else 2)  # type: ignore[operator]
    assert page.taken() == [[0, 9, 1]]
    assert caplog.text.count("command 'scan' was answered twice; the second answer is dropped") == 3


def test_of_two_answers_at_once_one_counts(caplog: pytest.LogCaptureFixture) -> None:
    # The second one comes before each line of the first in turn, as another thread's could.
    for line in count(1):
        page = FakePage()
        if not _answered_at(line, _resolver(page)):
            break
        assert len(page.taken()) == 1
        assert caplog.text.count("answered twice") == line
    assert line > 3


def _answered_at(line: int, resolver: InvokeResolver) -> bool:
    """Answer, and once more just before a line of it; tell whether there is such a line."""
    lines = 0

    def in_answer(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        if event == "line" and lines == line:
            resolver.resolve("between")
        return in_answer

    def in_calls(frame: FrameType, event: str, argument: object) -> Any:
        return in_answer if frame.f_code is Call.answer.__code__ else None

    before = sys.gettrace()
    sys.settrace(in_calls)
    try:
        resolver.resolve("first")
    finally:
        sys.settrace(before)
    return lines >= line


def test_a_message_tells_plain_values_headers_and_raw_bodies() -> None:
    message = call({"a": [1]}, headers={"x": "y"}).message
    assert (message.payload, message.raw, message.has_buffers, message.headers) == ({"a": [1]}, None, False, {"x": "y"})
    request = Request(message)
    assert (request.body, request.headers) == ({"a": [1]}, {"x": "y"})


def test_a_raw_body_is_bytes_for_a_request() -> None:
    message = call(text="null", spans=[Span([], "ArrayBuffer", 0, 0, 2)], buffers=[b"ab"]).message
    assert message.raw == b"ab"
    body = Request(message).body
    assert type(body) is bytes
    assert body == b"ab"


def test_a_call_shows_its_command_arguments_and_the_names_of_its_headers() -> None:
    invoke = call({"a": [1]}, headers={"authorization": "secret", "x": "y"})
    assert repr(Request(invoke.message)) == '<Request cmd {"a":[1]}, headers: authorization, x>'
    assert repr(invoke.message) == '<InvokeMessage cmd {"a":[1]}, headers: authorization, x>'
    assert repr(invoke) == '<Invoke cmd {"a":[1]}, headers: authorization, x>'
    assert repr(Request(call({"a": "b" * 1000}).message)) == f'<Request cmd {{"a":"{"b" * 74}...>'
    spans = [Span(["a"], "ArrayBuffer", 0, 0, 2)]
    assert (
        repr(Request(call({"a": None}, spans=spans, buffers=[b"ab"]).message)) == '<Request cmd {"a":null}, 1 buffers>'
    )
    raw = call(text="null", spans=[Span([], "ArrayBuffer", 0, 0, 2)], buffers=[b"ab"])
    assert repr(Request(raw.message)) == "<Request cmd <2 bytes>>"


def test_buffers_in_the_arguments_are_placed() -> None:
    message = call({"a": None}, spans=[Span(["a"], "ArrayBuffer", 0, 0, 2)], buffers=[b"ab"]).message
    assert message.raw is None
    assert message.has_buffers
    assert message.payload == {"a": b"ab"}
    assert Request(message).body == {"a": b"ab"}


def test_raw_arguments_are_kept_as_they_came() -> None:
    assert bytes(call(text='{"a":  1}').message.json) == b'{"a":  1}'
    assert isinstance(call().message.json, msgspec.Raw)
