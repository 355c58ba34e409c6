"""What a recorder keeps of calls, events and channels, and its bounds."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.inspector.inspected import inspected
from transom import AppHandle, Channel, CommandError, command
from transom.inspector import Bounds, Recorder
from transom.pages import CallState
from transom.runtimes import Page
from transom.testing import Rejected


class TooMany(CommandError):
    most: int


@command
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@command
def fail() -> None:
    raise ValueError("the shelf is empty")


@command
def refuse() -> None:
    raise TooMany(most=3)


@command
async def tell(app: AppHandle, text: str) -> None:
    app.emit("told", {"text": text})


@command
def send(on_number: Channel[Any], count: int) -> None:
    for number in range(count):
        on_number.send({"number": number})


@command
async def send_together(on_number: Channel[Any], count: int) -> None:
    await on_number.send_all({"number": number} for number in range(count))


@command
def give(data: bytes) -> bytes:
    return data * 2


def test_a_call_is_kept_with_its_arguments_its_answer_its_thread_and_its_times(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, greet, give) as found:
        found.app.page.invoke("greet", name="Ada", headers={"X-Trace": "7"})
        found.app.page.invoke("give", data=b"abc")
        greeted, given = found.calls()["greet"], found.calls()["give"]
    assert (greeted.state, greeted.where, greeted.page) == ("resolved", "loop", "main")
    assert (greeted.args, greeted.result, greeted.args_bytes) == ('{"name": "Ada"}', '"Hello, Ada!"', 15)
    assert greeted.headers == {"X-Trace": "7"}
    assert greeted.replayable
    assert 0 <= greeted.waited <= greeted.took  # type: ignore[operator]
    assert (given.where, given.buffers, given.result_buffers, given.result_bytes) == ("worker", [3], [6], 10)
    assert not given.replayable


def test_a_failure_is_kept_with_its_traceback_and_a_chosen_rejection_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, fail, refuse) as found:
        for name in ("fail", "refuse"):
            with pytest.raises(Rejected):
                found.app.page.invoke(name)
        failed, refused = found.calls()["fail"], found.calls()["refuse"]
    assert failed.state == refused.state == "rejected"
    assert 'raise ValueError("the shelf is empty")' in failed.error
    assert (refused.error, refused.result) == ("", '{"kind":"tooMany","most":3}')


def test_a_denial_is_kept_with_its_reason_and_what_would_allow_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, greet) as found:
        with pytest.raises(Rejected, match="not allowed"):
            found.app.page.invoke("plugin:window|set_title", value="x")
        denied = found.calls()["plugin:window|set_title"]
    assert denied.denial is not None
    assert denied.denial["reason"] == "no capability"
    assert denied.denial["permissions"] == ["core:window:allow-set-title"]
    assert "capabilities/main.json" in denied.denial["message"] + denied.advice
    assert (denied.where, denied.waited) == ("", None)


def test_a_call_that_is_cancelled_or_whose_page_is_gone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Semaphore(0)

    @command
    async def stay() -> None:
        began.release()
        await asyncio.Event().wait()

    with inspected(monkeypatch, stay) as found:
        page: Any = found.app.page._page
        page.send("stay", {})
        began.acquire(timeout=30)
        assert found.calls()["stay"].state == "running"
        session = found.recorder.page("main")
        assert session is not None
        session.close()
    assert found.calls()["stay"].state == "gone"


def test_events_are_kept_beside_the_coming_and_going_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, tell) as found:
        found.app.page.invoke("tell", text="it rains")
        session = found.recorder.page("main")
        assert session is not None
        session.close()
        events = found.recorder.changes(0).events
    assert [(event.kind, event.name) for event in events if event.kind != "event"] == [
        ("opened", "main"),
        ("closed", "main"),
    ]
    told = next(event for event in events if event.name == "told")
    assert (told.payload, told.payload_bytes, told.everybody) == ('{"text":"it rains"}', 19, True)


@pytest.mark.parametrize("name", ["send", "send_together"])
def test_a_channel_is_kept_with_its_counts_its_end_and_its_last_messages(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with inspected(monkeypatch, send, send_together) as found:
        channel = found.app.page.channel()
        found.app.page.invoke(name, on_number=channel, count=50)
        assert channel.wait(50)
        kept = found.recorder.changes(0).channels[0]
        messages = found.recorder.messages(kept.id)
    assert (kept.callback, kept.sent, kept.bytes) == (
        channel.callback,
        50,
        sum(len(f'{{"number":{n}}}') for n in range(50)),
    )
    assert [message.index for message in messages] == list(range(30, 50))
    assert messages[-1].text == '{"number":49}'


def test_nothing_that_a_page_does_makes_a_recorder_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, greet, tell, send) as found:
        found.recorder.__init__(Bounds(calls=5, events=4, channels=3, messages=2, body=64, message=16))  # type: ignore[misc]
        page = found.app.page
        headers = {f"X-{number}": "h" * 5000 for number in range(100)}
        for number in range(20):
            page.invoke("greet", name="x" * 100_000, headers=headers)
            page.invoke("tell", text="y" * 100_000)
            page.invoke("send", on_number=page.channel(), count=number)
        with pytest.raises(Rejected):
            page.invoke("z" * 500)
        changes = found.recorder.changes(0)
        kept = [message for channel in changes.channels for message in found.recorder.messages(channel.id)]
    assert (len(changes.calls), len(changes.events), len(changes.channels), len(kept)) == (5, 4, 3, 6)
    cut = next(call for call in changes.calls if call.command == "greet")
    assert (len(cut.args), cut.args_bytes, cut.replayable) == (64, 100_012, False)
    assert sum(len(name) + len(value) for name, value in cut.headers.items()) <= 32 * (16 + 5)
    assert max(len(event.payload) for event in changes.events) == 64
    assert max(len(call.command) for call in changes.calls) == 16
    assert max(len(message.text) for message in kept) <= 16


def test_a_reader_gets_each_change_once_and_many_in_parts() -> None:
    recorder = Recorder(Bounds(calls=1000))
    session: Any = type("Session", (), {"page": Page(label="main", window="main", origin="", local=True)})()
    records = [recorder.arrived(session, f"command_{number}") for number in range(500)]
    seen: list[str] = []
    after, more = 0, True
    while more:
        changes = recorder.changes(after)
        assert len(changes.calls) <= 200
        seen += [call.command for call in changes.calls]
        after, more = changes.cursor, changes.more
    assert seen == [record.command for record in records]
    assert recorder.changes(after).calls == []
    recorder.failed(records[7], ValueError("x"))
    recorder.answered(records[7], CallState.ANSWERED, False, b"1", ())
    assert [call.command for call in recorder.changes(after).calls] == ["command_7"]
    recorder.clear()
    assert recorder.changes(0).calls == []
