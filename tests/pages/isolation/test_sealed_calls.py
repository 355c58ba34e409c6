"""Sealed calls: what the frame seals is opened once, and nothing else reaches a command."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_page import FakePage
from tests.requirements import needs_cryptography
from transom.pages.isolation import SealedCalls
from transom.pages.isolation import _sealed_calls as module
from transom.wire import batch_frame

KEY = bytes(range(32))
NONCE = b"n" * 12


def seal(number: int, command: str, content: Any, *tail: bytes, key: bytes = KEY, nonce: bytes = NONCE) -> bytes:
    """Seal a call as the isolation frame does."""
    cipher = needs_cryptography() and __import__("cryptography.hazmat.primitives.ciphers.aead", fromlist=["AESGCM"])
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    frame = batch_frame(plain, [memoryview(part) for part in tail])
    return nonce + cipher.AESGCM(key).encrypt(nonce, frame, f"{number} {command}".encode())


def as_text(number: int, command: str, sealed: bytes) -> str:
    return json.dumps([[0, number, command, b64encode(sealed).decode()]])


@pytest.fixture
def page() -> FakePage:
    needs_cryptography()
    return FakePage(isolation_key=KEY)


def rejection(page: FakePage, number: int = 1) -> str:
    [[kind, call, text]] = page.taken()
    assert (kind, call) == (1, number)
    assert page.calls == []
    assert text.startswith("isolation pattern error: the call of ")
    return str(text)


def test_a_sealed_call_is_opened_with_its_headers_and_buffers(page: FakePage) -> None:
    span = [["data"], "Uint8Array", 0, 1, 2]
    sealed = seal(1, "save", [{"name": "é", "data": None}, {"x-a": "b"}, [span]], b"abcd")
    page.session.receive(as_text(1, "save", sealed))
    [(_, frame, buffers)] = page.calls
    assert (frame.id, frame.command, json.loads(bytes(frame.payload)), frame.headers) == (
        1,
        "save",
        {"name": "é", "data": None},
        {"x-a": "b"},
    )
    assert [bytes(buffer) for buffer in buffers] == [b"bc"]


def test_a_long_call_comes_as_a_raw_body(page: FakePage) -> None:
    sealed = seal(2, "save", [None, None, [[[], "ArrayBuffer", 0, 0, 4]]], b"abcd")
    message = json.dumps([[0, 2, "save", None, None, [[[], "ArrayBuffer", 0, 0, len(sealed)]]]])
    page.session.receive(message, memoryview(sealed))
    [(_, frame, buffers)] = page.calls
    assert (frame.id, frame.spans[0].path, bytes(buffers[0])) == (2, [], b"abcd")


def test_a_call_that_is_not_sealed_is_refused(page: FakePage) -> None:
    for payload in ({"name": "x"}, None, "text", "", b64encode(b"short").decode(), [1]):
        page.session.receive(json.dumps([[0, 1, "save", payload]]))
        assert "not sealed by the isolation frame" in rejection(page)


def test_buffers_beside_an_unsealed_payload_are_refused(page: FakePage) -> None:
    page.session.receive('[[0,1,"save",{"a":null},null,[[["a"],"Uint8Array",0,0,40]]]]', memoryview(bytes(40)))
    assert "not sealed by the isolation frame" in rejection(page)


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_an_altered_call_is_refused(page: FakePage, place: int) -> None:
    sealed = bytearray(seal(1, "save", [{}, None, []]))
    sealed[place] ^= 1
    page.session.receive(as_text(1, "save", bytes(sealed)))
    assert "it was altered" in rejection(page)


def test_a_sealed_call_belongs_to_its_command_number_and_page(page: FakePage) -> None:
    sealed = seal(1, "save", [{}, None, []])
    page.session.receive(as_text(1, "delete", sealed))
    assert "sealed for another call" in rejection(page)
    page.session.receive(as_text(2, "save", sealed))
    assert "sealed for another call" in rejection(page, 2)
    page.session.receive(as_text(1, "save", seal(1, "save", [{}, None, []], key=b"k" * 32)))
    assert "the frame of another page" in rejection(page)


def test_a_call_counts_once(page: FakePage) -> None:
    sealed = seal(1, "save", [{}, None, []])
    page.session.receive(as_text(1, "save", sealed))
    [(call, _, _)] = page.calls
    call.answer(True, b"null")
    page.taken()
    page.calls.clear()
    page.session.receive(as_text(1, "save", sealed))
    assert "it was sent before" in rejection(page)


def test_what_is_too_old_to_be_told_from_a_copy_is_refused(page: FakePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPLAY_WINDOW", 4)
    opened: list[int] = []
    answers: list[str] = []

    class Sent:
        def answer(self, ok: bool, value: bytes) -> None:
            answers.append(value.decode())

    calls = SealedCalls(KEY, lambda session, call, frame, buffers: opened.append(frame.id), 10)

    def send(number: int) -> None:
        frame = module.InvokeFrame(
            number, "a", module.msgspec.Raw(json.dumps(b64encode(seal(number, "a", [1, None, []])).decode()).encode())
        )
        calls.dispatch(page.session, Sent(), frame, ())

    for number in (1, 3, 2, 9, 8, 7, 6, 5, 20):  # more than twice the window: only numbers from 16 on are known now
        send(number)
    assert opened == [1, 3, 2, 9, 8, 7, 6, 5, 20]
    for number in (20, 9, 15):
        send(number)
    assert opened[9:] == []
    assert all("it was sent before" in answer for answer in answers)
    assert len(answers) == 3
    send(16)
    assert opened[9:] == [16]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b"[{},null]", b"[{},null,[[1]]]", b"[{},{\"a\":1},[]]", b"[" * 5000, b"\xff", b'["\\ud800",null,[]]'],
)  # fmt: skip
def test_content_of_another_form_is_refused(page: FakePage, content: bytes) -> None:
    page.session.receive(as_text(1, "save", seal(1, "save", content)))
    assert "of an unknown form" in rejection(page)


def test_sealed_buffers_keep_to_their_bounds(page: FakePage) -> None:
    page.session.receive(as_text(1, "save", seal(1, "save", [None, None, [[["a"], "U", 0, 0, 9]]], b"abc")))
    [[_, _, text]] = page.taken()
    assert "lies outside of its pack" in text
    page.session.receive(as_text(2, "save", seal(2, "save", [None, None, [[["a"], "U", 0, 0, 3]] * 2], b"abc")))
    [[_, _, text]] = page.taken()
    assert "overlap" in text
    assert page.calls == []


def test_the_first_refusal_is_logged_and_no_flood_is(page: FakePage, caplog: pytest.LogCaptureFixture) -> None:
    page.session.receive(json.dumps([[0, number, "x" * 1000, {}] for number in range(1, 50)]))
    [record] = [record.getMessage() for record in caplog.records]
    assert record.endswith("not sealed by the isolation frame; further ones are not logged")
    assert len(record) < 400


@given(st.binary(max_size=200), st.text(max_size=20), st.integers(0, 1 << 40))
def test_no_bytes_do_anything_but_reject(data: bytes, command: str, number: int) -> None:
    needs_cryptography()
    page = FakePage(isolation_key=KEY)
    page.session.receive(as_text(number, command, data).encode("utf-8", "surrogatepass"))
    assert page.calls == []
