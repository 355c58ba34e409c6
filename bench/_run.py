"""Processes: rounds over the systems, one at a time, each started fresh and ended with all its children."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, NamedTuple

from ._systems import SYSTEMS, NotMeasured, Program, Work

__all__ = [
    "HIDDEN",
    "Outcome",
    "Sample",
    "display",
    "end",
    "lines_of",
    "memory_of",
    "proportional_memory",
    "run_rounds",
]

LIMIT = 400.0
"""Seconds that one system gets for one round."""
HIDDEN = frozenset({"DISPLAY", "PYTHONDONTWRITEBYTECODE", "TRANSOM_DEV", "TRANSOM_RUNTIME", "WAYLAND_DISPLAY"})
"""What programs must not find in their environment: it would change what they do."""
IDLE = 2.0
"""Seconds that a system has nothing to do before what it holds for good is measured."""
_ADDRESS = re.compile(r" is at (http://\S+)$")


class Sample(NamedTuple):
    """One measured figure; `value` is `None` when the system cannot do this, or failed with `error`."""

    system: str
    workload: str
    unit: str
    value: float | None
    error: str | None = None


class Outcome(NamedTuple):
    """What the rounds brought: the figures, and for each system that could not be measured the reason."""

    samples: list[Sample]
    not_measured: dict[str, str]


def run_rounds(systems: Sequence[str], work: Work, rounds: int, limit: float = LIMIT, idle: float = IDLE) -> Outcome:
    """Run the work on every system in turn, as many times, and return what was measured.

    Args:
        systems: Names of systems; those that have none of the workloads are left out.
        work: What their pages do.
        rounds: How often every system is started.
        limit: Seconds that one system gets for one round.
        idle: Seconds before `rss_idle` is measured, when it is wanted.
    """
    if work.only is not None and "rss_idle" not in work.only:
        idle = 0
    outcome = Outcome([], {})
    without_work = [name for name in systems if work.only is not None and not work.only & SYSTEMS[name].workloads]
    for name in without_work:
        print(f"bench: {name} has none of these workloads", file=sys.stderr)
    systems = [name for name in systems if name not in without_work]
    with ExitStack() as stack:
        environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        try:
            if any(SYSTEMS[name].window for name in systems):
                environment |= stack.enter_context(display())
        except NotMeasured as error:
            outcome.not_measured.update({name: str(error) for name in systems if SYSTEMS[name].window})
        for number in range(rounds):
            # The first system of a round finds a cooler machine than the last: every round begins with another.
            turn = number % max(len(systems), 1)
            for system in [*systems[turn:], *systems[:turn]]:
                if system not in outcome.not_measured:
                    print(f"bench: round {number + 1} of {rounds}, {system}", file=sys.stderr)
                    _run_system(system, work, environment, limit, outcome, idle)
    return outcome


def _run_system(
    system: str, work: Work, environment: Mapping[str, str], limit: float, outcome: Outcome, idle: float
) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            program = SYSTEMS[system].prepare(folder, work)
            if "ready" in SYSTEMS[system].workloads and (work.only is None or "ready" in work.only):
                # Once before, so that every start finds its files in memory, not only that of who comes after a system
                # with the same engine.
                with closing(_measure(system, program, folder, environment, limit, idle)) as started:
                    next(started, None)
            for sample in _measure(system, program, folder, environment, limit, idle):
                if work.only is None or sample.workload in work.only:
                    outcome.samples.append(sample)
        except NotMeasured as error:
            outcome.not_measured[system] = str(error)


def _measure(
    system: str, program: Program, folder: Path, environment: Mapping[str, str], limit: float, idle: float
) -> Generator[Sample, None, None]:
    """Start a program, yield the figures it reports, and end it.

    Raises:
        NotMeasured: It ended, or was not done in time; what it reported before has been yielded.
    """
    errors = folder / "errors.txt"
    with ExitStack() as stack:
        start = time.perf_counter()
        said = stack.enter_context(errors.open("w"))
        process = _start(stack, program.command, environment, folder, said)
        assert process.stdout is not None
        groups = [process.pid]
        ready = False
        for line in lines_of(process.stdout, lambda: start + limit):
            address = _ADDRESS.search(line) if program.browser else None
            if address is not None and program.browser is not None:
                groups.append(_start(stack, [*program.browser, address[1]], environment, folder, said).pid)
            elif line == "ready" and not ready:
                ready = True
                yield Sample(system, "ready", "ms", (time.perf_counter() - start) * 1000)
            elif line.startswith("{"):
                yield _sample(system, line)
            elif line == "done":
                if ready:
                    yield Sample(system, "rss", "MB", memory_of(groups))
                    try:
                        process.wait(idle)  # some end by themselves
                    except subprocess.TimeoutExpired:
                        yield Sample(system, "rss_idle", "MB", memory_of(groups))
                return
        late = time.perf_counter() - start >= limit
        process_end = f"it was not done in {limit:g} s" if late else f"it ended with status {process.wait(10)}"
        last = errors.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise NotMeasured("; ".join([process_end, *last]))


def _sample(system: str, line: str) -> Sample:
    found = json.loads(line)
    return Sample(system, found["workload"], found["unit"], found["value"], found.get("error"))


def _start(
    stack: ExitStack, command: Sequence[str], environment: Mapping[str, str], folder: Path, errors: IO[str]
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        start_new_session=True,
        cwd=folder,
        env=environment,
    )
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen[str]) -> None:
    """End a process and all of its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()


def lines_of(stream: IO[str], deadline: Callable[[], float]) -> Iterator[str]:
    """Yield the lines of a stream until it ends or, while waiting for one, the time of `perf_counter` is there."""
    lines: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line.strip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=max(deadline() - time.perf_counter(), 0))
        except Empty:
            return
        if line is None:
            return
        yield line


def memory_of(groups: Sequence[int]) -> float:
    """Return the proportional memory of process groups, in MB: a page that processes share is counted once."""
    total = 0.0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            if os.getpgid(int(entry.name)) in groups:
                total += proportional_memory(int(entry.name))
    return total


def proportional_memory(pid: int) -> float:
    """Return the memory of a process, in MB; of what it shares with others, its part.

    Raises:
        OSError: It has ended, or is somebody else's.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Run a display without a monitor, the same for every system; yield the environment that shows windows there."""
    if shutil.which("Xvfb") is None:
        raise NotMeasured("there is no Xvfb: apt-get install xvfb")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        number = server.stdout.readline().strip()  # written when it is ready
        if not number:
            raise NotMeasured("Xvfb did not start; run it by hand to see why: Xvfb -displayfd 1")
        yield {"DISPLAY": f":{number}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
