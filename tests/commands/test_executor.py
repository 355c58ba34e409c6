"""Commands in a pool of processes."""

from __future__ import annotations

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

from tests.mock_app import Running, running
from tests.test_children import alive, gone
from transom import AppHandle, Builder, CommandError, ConfigError, command
from transom.commands._command_set import _runner_of
from transom.commands._runner import Runner
from transom.commands._spec import spec_of
from transom.errors import CommandDefinitionError
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
    with running(square, die, wait_for, nowhere, builder=Builder().executor("pool", _pool)) as app:
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
    with pytest.raises(CommandDefinitionError, match="and app is none"):
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
