"""Programs that die with the process that watches them, seen in the process table."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.requirements import needs_linux
from transom.children import ChildGuard

needs_linux()
# A program that starts another, and prints the process ids of both.
FAMILY = "sleep 600 & echo $$ $!; wait"


def start() -> tuple[subprocess.Popen[str], list[int]]:
    program = subprocess.Popen(["sh", "-c", FAMILY], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert program.stdout is not None
    with program.stdout:
        return program, [int(word) for word in program.stdout.readline().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(*pids: int) -> bool:
    """Wait until processes have ended."""
    until = time.monotonic() + 20
    while any(map(alive, pids)):
        if time.monotonic() > until:
            return False
        os.sched_yield()
    return True


WATCHER = """
import sys
from tests.test_children import start
from transom.children import ChildGuard
guard = ChildGuard()
families = [start() for _ in range(3)]
for program, _ in families:
    guard.watch(program.pid)
guard.forget(families[1][0].pid)
print(*(pid for _, pids in families for pid in pids), guard._shell.pid, flush=True)
sys.stdin.read()
"""


def test_what_is_watched_ends_with_a_process_that_is_killed_and_what_it_started_too() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WATCHER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as watcher:
        assert watcher.stdout is not None
        *pids, shell = [int(word) for word in watcher.stdout.readline().split()]
        assert all(map(alive, [*pids, shell]))
        watcher.send_signal(signal.SIGKILL)
    watched, forgotten = [*pids[:2], *pids[4:]], pids[2:4]
    assert gone(*watched, shell)
    assert all(map(alive, forgotten))
    os.killpg(forgotten[0], signal.SIGKILL)


def test_closing_ends_what_is_watched_and_what_comes_later() -> None:
    guard = ChildGuard()
    with start()[0] as first, start()[0] as second, start()[0] as third:
        guard.watch(first.pid)
        guard.watch(second.pid)
        second.kill()
        second.wait()
        guard.forget(second.pid)
        guard.forget(1)  # never watched
        guard.close()
        guard.watch(third.pid)
        assert (first.wait(), third.wait()) == (-signal.SIGKILL, -signal.SIGKILL)
        os.killpg(second.pid, signal.SIGKILL)  # what it started was left alone


def test_a_guard_whose_shell_was_killed_starts_another() -> None:
    guard = ChildGuard()
    with start()[0] as first, start()[0] as second:
        guard.watch(first.pid)
        shell = guard._shell
        assert shell is not None
        shell.kill()
        shell.wait()
        guard.watch(second.pid)
        assert guard._shell is not shell
        assert guard._shell is not None
        assert alive(guard._shell.pid)
        guard.close()


def test_a_shell_that_was_stopped_stops_nobody() -> None:
    guard = ChildGuard()
    with start()[0] as program:
        guard.watch(program.pid)
        assert guard._shell is not None
        guard._shell.send_signal(signal.SIGSTOP)
        for _ in range(20_000):  # more than a pipe holds
            guard.forget(program.pid)
            guard._groups.add(program.pid)
        guard.close()
