from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.mock_app import SOON, Running, invoke_buffers, running
from transom.commands import command
from transom.errors import CommandError
from transom.handles import AppHandle
from transom.runtimes._mock import MockRejection
from transom.values import Channel, Response

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("VARIABLE", default="none")


class Probe:
    """What a command and its test tell each other."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.ended = threading.Event()
        self.release = threading.Event()
        self.seen: list[str] = []


PROBES: dict[str, Probe] = {}


@pytest.fixture
def probe() -> Iterator[Probe]:
    PROBES["now"] = Probe()
    yield PROBES["now"]
    PROBES["now"].release.set()


def _where() -> str:
    return threading.current_thread().name


@command
async def on_loop() -> str:
    return _where()


@command
def on_worker() -> str:
    return _where()


@command(thread="main")
def on_main() -> str:
    return _where()


@command
async def context_on_loop() -> str:
    VARIABLE.set("loop")
    return await asyncio.to_thread(VARIABLE.get)


@command
def context_on_worker() -> str:
    return VARIABLE.get()


@command(thread="main")
def context_on_main() -> str:
    return VARIABLE.get()


@command
async def context_seen_on_loop() -> str:
    return VARIABLE.get()


@command
async def waits() -> None:
    probe = PROBES["now"]
    probe.started.set()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        probe.seen.append("cancelled")
        raise
    finally:
        probe.ended.set()


@command
async def gives_in() -> str:
    PROBES["now"].started.set()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return "what there was"
    return "never"


@command
def blocks() -> str:
    probe = PROBES["now"]
    probe.started.set()
    probe.release.wait(SOON)
    probe.seen.append("ran to its end")
    probe.ended.set()
    return "late"


@command
async def counts(on_event: Channel[int], total: int) -> int:
    for index in range(total):
        await on_event.send_async(index)
    return total


def _raise(kind: str) -> Any:
    if kind == "bug":
        raise ValueError("/home/secret")
    if kind == "error":
        raise CommandError({"kind": "known"})
    if kind == "unsendable error":
        raise CommandError(object())
    if kind == "unsendable":
        return object()
    if kind == "exit":
        sys.exit(3)
    if kind == "cancelled":
        raise asyncio.CancelledError
    if kind == "surrogate":
        return "\udcff"
    if kind == "base":
        raise BaseException("rare")
    return kind


@command
async def fails_on_loop(kind: str) -> Any:
    return _raise(kind)


@command
def fails_on_worker(kind: str) -> Any:
    return _raise(kind)


@command(thread="main")
def fails_on_main(kind: str) -> Any:
    return _raise(kind)


@command
async def echo(data: bytes) -> Response:
    return Response(data)


COMMANDS = (
    on_loop,
    on_worker,
    on_main,
    context_on_loop,
    context_on_worker,
    context_on_main,
    context_seen_on_loop,
    waits,
    gives_in,
    blocks,
    command(name="blocks_main", thread="main")(partial(blocks)),
    counts,
    fails_on_loop,
    fails_on_worker,
    fails_on_main,
    echo,
)


@pytest.fixture
def application() -> Iterator[Running]:
    with running(*COMMANDS) as application:
        yield application


def _cancel(application: Running, call: int) -> None:
    application.session.receive(f"[[1,{call}]]")


def _answers(application: Running, call: int) -> list[Any]:
    return [message for message in application.page.messages if message[0] in (0, 1) and message[1] == call]


@pytest.mark.parametrize(
    ("name", "thread"), [("on_loop", "transom-loop"), ("on_worker", "transom-worker"), ("on_main", "test-main")]
)
def test_commands_run_where_they_should(application: Running, name: str, thread: str) -> None:
    assert application.page.invoke(name) == thread


def test_context_variables_are_those_of_where_the_call_arrived(application: Running) -> None:
    assert application.page.invoke("context_on_loop") == "loop"
    token = VARIABLE.set("link")
    try:
        for name in ("context_on_worker", "context_on_main", "context_seen_on_loop"):
            assert application.page.invoke(name) == "link"
    finally:
        VARIABLE.reset(token)
    assert application.page.invoke("context_on_worker") == "none"


@pytest.mark.parametrize("name", ["fails_on_loop", "fails_on_worker", "fails_on_main"])
@pytest.mark.parametrize(
    "kind", ["bug", "error", "unsendable error", "unsendable", "exit", "cancelled", "surrogate", "base", "fine"]
)
def test_every_call_has_exactly_one_answer(application: Running, name: str, kind: str) -> None:
    call = application.page.send(name, {"kind": kind})
    [[answer, _, value]] = application.page.wait(lambda message: message[0] in (0, 1) and message[1] == call, 1)
    known = {"error": "known", "cancelled": "cancelled" if name == "fails_on_loop" else "internal"}
    assert answer == (0 if kind == "fine" else 1)
    assert value == "fine" or value["kind"] == known.get(kind, "internal")
    assert "secret" not in str(value)
    assert application.page.invoke("on_loop") == "transom-loop"
    assert application.page.invoke("on_worker") == "transom-worker"
    assert application.page.invoke("on_main") == "test-main"
    assert len(_answers(application, call)) == 1
    assert application.session.calls == {}


@pytest.mark.parametrize("waits", [False, True])
def test_a_coroutine_that_closes_itself_is_answered_and_makes_room_for_the_next(
    waits: bool, caplog: pytest.LogCaptureFixture
) -> None:
    @command(concurrency=1)
    async def closes() -> None:
        if waits:
            await asyncio.sleep(0)
        raise GeneratorExit

    with running(closes) as application:
        for _ in range(2):
            with pytest.raises(MockRejection, match="internal"):
                application.page.invoke("closes")
    gc.collect()
    assert "command 'closes' failed" in caplog.text
    assert "never retrieved" not in caplog.text


@pytest.mark.parametrize("name", ["fails_on_loop", "fails_on_worker", "fails_on_main"])
def test_wrong_arguments_are_answered_on_every_thread(application: Running, name: str) -> None:
    with pytest.raises(MockRejection, match="missing required key kind"):
        application.page.invoke(name)


def test_the_text_of_a_bug_is_for_developers_only(application: Running) -> None:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke("fails_on_worker", {"kind": "bug"})
    assert caught.value.value == {
        "kind": "internal",
        "command": "fails_on_worker",
        "message": "the command fails_on_worker failed; see the application's log",
    }
    with running(*COMMANDS, development=True) as developed, pytest.raises(MockRejection) as caught:
        developed.page.invoke("fails_on_worker", {"kind": "bug"})
    assert caught.value.value["message"] == "ValueError: /home/secret"


def test_cancelling_reaches_the_coroutine(application: Running, probe: Probe) -> None:
    call = application.page.send("waits")
    assert probe.started.wait(SOON)
    _cancel(application, call)
    with pytest.raises(MockRejection) as caught:
        application.page.answer(call)
    assert caught.value.value == {"kind": "cancelled", "command": "waits", "message": "the call of waits was cancelled"}
    assert probe.seen == ["cancelled"]
    _cancel(application, call)
    application.on_loop()
    assert len(_answers(application, call)) == 1


def test_a_call_cancelled_in_the_batch_that_made_it_has_its_answer(application: Running, probe: Probe) -> None:
    application.session.receive('[[0,900,"waits"],[1,900]]')
    with pytest.raises(MockRejection, match="cancelled"):
        application.page.answer(900)
    assert probe.seen in ([], ["cancelled"]), "it may not have begun"


def test_a_command_may_answer_its_cancelling(application: Running, probe: Probe) -> None:
    call = application.page.send("gives_in")
    assert probe.started.wait(SOON)
    _cancel(application, call)
    assert application.page.answer(call) == "what there was"


def test_a_worker_that_runs_is_not_cancelled(application: Running, probe: Probe) -> None:
    call = application.page.send("blocks")
    assert probe.started.wait(SOON)
    _cancel(application, call)
    probe.release.set()
    assert application.page.answer(call) == "late"
    assert len(_answers(application, call)) == 1


def test_a_worker_that_waits_for_its_turn_is_cancelled_and_never_runs(application: Running, probe: Probe) -> None:
    application.core.threads.workers._limit = 1
    blocking = application.page.send("blocks")
    assert probe.started.wait(SOON)
    waiting = application.page.send("blocks")
    _cancel(application, waiting)
    with pytest.raises(MockRejection, match="cancelled"):
        application.page.answer(waiting)
    probe.release.set()
    assert application.page.answer(blocking) == "late"
    assert application.page.invoke("on_worker") == "transom-worker"
    assert probe.seen == ["ran to its end"]


def test_a_call_for_the_main_thread_that_is_cancelled_or_whose_page_ends_before_it_began_never_runs(
    application: Running, probe: Probe
) -> None:
    busy, go = threading.Event(), threading.Event()
    application.core.run_on_main_thread(lambda: (busy.set(), go.wait(SOON)))
    assert busy.wait(SOON)
    cancelled = application.page.send("blocks_main")
    _cancel(application, cancelled)
    with pytest.raises(MockRejection, match="cancelled"):
        application.page.answer(cancelled)
    application.page.send("blocks_main")
    application.session.close()
    go.set()
    application.on_main()
    assert probe.seen == []


def test_a_call_cancelled_after_its_answer_has_one(application: Running) -> None:
    call = application.page.send("on_loop")
    application.page.answer(call)
    _cancel(application, call)
    application.on_loop()
    assert len(_answers(application, call)) == 1


def test_the_end_of_a_page_cancels_its_tasks(application: Running, probe: Probe) -> None:
    page, session = application.page, application.session
    call = page.send("waits")
    assert probe.started.wait(SOON)
    session.close()
    assert probe.ended.wait(SOON)
    application.on_loop()
    assert probe.seen == ["cancelled"]
    assert [message for message in page.messages if message[1] == call] == []


def test_a_call_of_a_page_that_is_gone_is_not_begun(application: Running, probe: Probe) -> None:
    session = application.session
    session.close()
    session.receive('[[0,900,"waits"]]')
    application.on_loop()
    assert not probe.started.is_set()


def test_the_answer_of_a_worker_to_a_page_that_is_gone_is_dropped(application: Running, probe: Probe) -> None:
    page, session = application.page, application.session
    page.send("blocks")
    assert probe.started.wait(SOON)
    session.close()
    probe.release.set()
    assert probe.ended.wait(SOON)
    assert page.messages == []


def test_a_channel_delivers_all_before_its_end_and_the_answer(application: Running) -> None:
    call = application.page.send("counts", {"onEvent": "__CHANNEL__:5", "total": 50})
    assert application.page.answer(call) == 50
    application.page.wait(lambda message: message[0] == 3, 1)
    streamed = [message for message in application.page.messages if message[0] in (2, 3)]
    assert streamed == [[2, 5, index, index] for index in range(50)] + [[3, 5, 50]]


def test_bytes_go_both_ways(application: Running) -> None:
    spans = [[["data"], "Uint8Array", 0, 1, 3]]
    assert invoke_buffers(application.page, 900, "echo", '{"data":null}', spans, b"xabcx") == b"abc"


def test_tasks_may_be_started_beside_commands(application: Running) -> None:
    async def work(app: AppHandle) -> str:
        return _where()

    handle = application.app.handle()
    assert handle.spawn(work(handle)).result(SOON) == "transom-loop"


@pytest.mark.parametrize(("development", "slow", "said"), [(True, 0.0, 1), (True, SOON, 0), (False, 0.0, 0)])
def test_a_slow_command_on_the_main_thread_is_named_in_development(
    development: bool, slow: float, said: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("transom.commands._runner._SLOW", slow)
    with running(*COMMANDS, development=development) as application:
        assert application.page.invoke("on_main") == "test-main"
        application.on_main()
    found = [record.getMessage() for record in caplog.records if "blocked the main thread for" in record.getMessage()]
    assert len(found) == said
    assert all(text.startswith("command 'on_main' blocked the main thread for ") for text in found)
