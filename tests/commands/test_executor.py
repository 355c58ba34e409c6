"""Commands in a pool of processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.commands.far import FAR, cancellation_crosses, progress_crosses
from tests.mock_app import SOON, Running, running
from tests.test_children import alive, gone
from transom import AppHandle, Builder, Channel, CommandError, ConfigError, command
from transom.commands._command_set import _runner_of
from transom.commands._runner import Runner
from transom.commands._spec import spec_of
from transom.commands.crossing import CallOfExecutor, Crossing, run_there
from transom.commands.crossing._frames import ChannelFrame, encode_frame
from transom.commands.crossing._there import Place
from transom.errors import CommandCancelled, CommandDefinitionError
from transom.runtimes._mock import MockRejection

pytestmark = pytest.mark.slow  # pools of processes


@command(executor="pool")
def square(number: int) -> dict[str, int]:
    if number > 100:
        raise CommandError({"limit": 100})
    if number < 0:
        raise ValueError("a bug")
    return {"square": number * number, "pid": os.getpid()}


@command(executor="pool")
def die(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@command(executor="pool")
def wait_for(path: str, then: str) -> None:
    Path(then + ".began").touch()
    while not Path(path).exists():
        threading.Event().wait(0.01)
    Path(then).touch()


@command(executor="missing")
def nowhere() -> None: ...


def _pool() -> Executor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


@pytest.fixture
def application() -> Iterator[Running]:
    builder = Builder().executor("pool", _pool).executor("far", _pool)
    with running(square, die, wait_for, nowhere, *FAR, builder=builder) as app:
        yield app


def _rejected(application: Running, name: str, **arguments: Any) -> Any:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke(name, arguments)
    return caught.value.value


def test_a_command_runs_in_another_process(application: Running) -> None:
    answer = application.page.invoke("square", {"number": 7})
    assert answer["square"] == 49
    assert answer["pid"] != os.getpid()
    assert _rejected(application, "square", number=101) == {"limit": 100}
    assert _rejected(application, "square", number=-1)["kind"] == "internal"
    assert "number" in str(_rejected(application, "square", number="x"))


def test_the_death_of_a_process_costs_its_calls_an_error_and_nothing_else(application: Running) -> None:
    error = _rejected(application, "die", number=1)
    assert error["kind"] == "executorBroken"
    assert "the executor 'pool' broke while it ran die" in error["reason"]
    assert application.page.invoke("square", {"number": 2})["square"] == 4


def test_a_call_that_is_cancelled_in_the_queue_never_runs(application: Running, tmp_path: Path) -> None:
    gate, one, two = (str(tmp_path / name) for name in ("gate", "one", "two"))
    page = application.page
    first = page.send("wait_for", {"path": gate, "then": one})
    while not Path(one + ".began").exists():
        threading.Event().wait(0.01)
    # The pool hands one more call ahead to its process, which is then not cancelled any more.
    second, third = (page.send("wait_for", {"path": gate, "then": two}) for _ in range(2))
    last = page.send("wait_for", {"path": gate, "then": str(tmp_path / "last")})
    application.session.receive(f"[[1,{last}]]")
    page.wait(lambda message: message[0] == 1 and message[1] == last, 1)
    Path(gate).touch()
    page.wait(lambda message: message[0] == 0 and message[1] in (first, second, third), 3)
    assert not (tmp_path / "last").exists()


def test_channels_and_cancellation_cross_to_a_pool_of_processes(application: Running, tmp_path: Path) -> None:
    progress_crosses(application)
    cancellation_crosses(application, tmp_path / "log")


def test_a_page_that_is_behind_holds_the_function_and_gets_everything() -> None:
    builder = Builder().limits(max_queued_messages=50).executor("far", _pool)
    with running(*FAR, builder=builder) as application:
        page = application.page
        page.stall(True)
        number = page.send("count", {"to": "__CHANNEL__:1", "parts": "__CHANNEL__:2", "number": 1000})
        for _ in range(4000):
            if not application.session.outbox.has_room:
                break
            threading.Event().wait(0.005)
        page.stall(False)
        page.answer(number, SOON)
        sent = [message[3]["done"] for message in page.messages if message[:2] == [2, 1]]
        assert sent == list(range(1000))


def test_a_process_that_dies_in_the_middle_of_its_progress_is_told(application: Running) -> None:
    page = application.page
    number = page.send("work", {"to": "__CHANNEL__:3", "log": "unused"})
    page.wait(lambda message: message[:2] == [2, 3], 1, 20)
    executor: Any = application.core.threads.executors.get("far")
    for pid in list(executor._processes):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(MockRejection) as caught:
        page.answer(number)
    assert caught.value.value["kind"] == "executorBroken"


def test_strangers_at_the_port_of_a_call_get_nothing() -> None:
    async def check() -> None:
        heard: list[object] = []
        async with Crossing("127.0.0.1") as crossing:
            call, [place], _ = crossing.call(square, [Channel(heard.append)], {})
            assert place == Place(0)
            reader, writer = await asyncio.open_connection(call.host, call.port)
            writer.write(b"?" * 32 + encode_frame(ChannelFrame(0, b'"forged"')))
            assert await reader.read() == b""
            writer.close()
            for wrong in (b"\xff" * 8, encode_frame(ChannelFrame(7, b"1")), encode_frame(ChannelFrame(0, b"1"))[:9]):
                async with Crossing("127.0.0.1") as other:
                    far, _, _ = other.call(square, [Channel(heard.append)], {})
                    reader, writer = await asyncio.open_connection(far.host, far.port)
                    writer.write(far.secret + wrong)
                    writer.write_eof()
                    assert await reader.read() == b""
                    writer.close()
        assert heard == []

    asyncio.run(check())


def test_a_function_whose_call_is_over_is_not_run() -> None:
    async def port_that_is_closed() -> CallOfExecutor:
        async with Crossing("127.0.0.1") as crossing:
            return crossing.call(square, [], {})[0]

    with pytest.raises(CommandCancelled, match="does not wait for this call any more"):
        run_there(asyncio.run(port_that_is_closed()), [7], {})


def test_a_name_without_an_executor_is_told(application: Running, caplog: pytest.LogCaptureFixture) -> None:
    assert _rejected(application, "nowhere")["kind"] == "internal"
    assert "there is no executor 'missing'; add Builder.executor('missing', ...)" in caplog.text


def test_any_executor_will_do() -> None:
    names: list[str] = []

    @command(executor="threads")
    def here() -> int:
        names.append(threading.current_thread().name)
        return os.getpid()

    builder = Builder().executor("threads", lambda: ThreadPoolExecutor(1, thread_name_prefix="mine"))
    with running(here, builder=builder) as application:
        assert application.page.invoke("here") == os.getpid()
    assert names[0].startswith("mine")


def test_what_cannot_cross_processes_is_refused_at_once() -> None:
    @command(executor="pool")
    async def slow() -> None: ...

    @command(executor="pool")
    def handle(app: AppHandle, number: int) -> None: ...

    with pytest.raises(CommandDefinitionError, match=r"with executor= it is a `def`"):
        _runner_of(spec_of(slow))
    with pytest.raises(CommandDefinitionError, match="and app is none of these"):
        _runner_of(spec_of(handle))
    assert isinstance(_runner_of(spec_of(square)), Runner)
    with pytest.raises(ConfigError, match="was added already"):
        Builder().executor("pool", _pool).executor("pool", _pool)
    with pytest.raises(ConfigError, match="needs a function that makes it"):
        Builder().executor("pool", 4)  # type: ignore[arg-type]


_KILLED = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tests.commands.test_executor import square
from tests.mock_app import running
from transom import Builder

def initialize(value):
    sys.argv.append(value)

def pool():
    return ProcessPoolExecutor(2, mp_context=get_context(sys.argv[1]), initializer=initialize, initargs=("a",))

if __name__ == "__main__":
    with running(square, builder=Builder().executor("pool", pool)) as application:
        workers = {application.page.invoke("square", {"number": number})["pid"] for number in range(40)}
        executor = application.app._app.threads.executors.get("pool")
        print(*executor._processes, flush=True)
        sys.stdin.read()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_processes_of_a_pool_end_with_an_application_that_is_killed(method: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_KILLED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(program), method]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as application:
        assert application.stdout is not None
        workers = [int(word) for word in application.stdout.readline().split()]
        assert workers
        assert all(map(alive, workers))
        application.send_signal(signal.SIGKILL)
    assert gone(*workers)
