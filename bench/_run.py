"""Run the systems in rounds, one at a time, each in a fresh process that is killed with all its children."""

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
    "start",
]

LIMIT = 400.0
"""The maximum time of one system in one round, in seconds."""
HIDDEN = frozenset({"DISPLAY", "PYTHONDONTWRITEBYTECODE", "TRANSOM_DEV", "TRANSOM_RUNTIME", "WAYLAND_DISPLAY"})
"""Environment variables that are removed, because they change the behaviour of the programs."""
IDLE = 2.0
"""The idle time before `rss_idle` is measured, in seconds."""
_ADDRESS = re.compile(r" is at (http://\S+)$")


class Sample(NamedTuple):
    """One measured figure. `value` is `None` if the system does not support the workload or failed with `error`."""

    system: str
    workload: str
    unit: str
    value: float | None
    error: str | None = None


class Outcome(NamedTuple):
    """The result of all rounds: the figures, and the reason for each system that could not be measured."""

    samples: list[Sample]
    not_measured: dict[str, str]


def run_rounds(systems: Sequence[str], work: Work, rounds: int, limit: float = LIMIT, idle: float = IDLE) -> Outcome:
    """Run the work on every system in several rounds, and return the figures.

    Args:
        systems: Names of systems; those without any of the workloads are skipped.
        work: The work of the pages.
        rounds: The number of runs of every system.
        limit: The maximum time of one system in one round, in seconds.
        idle: The idle time before `rss_idle` is measured, in seconds.
    """
    if work.only is not None and "rss_idle" not in work.only:
        idle = 0
    outcome = Outcome([], {})
    without_work = [name for name in systems if work.only is not None and not work.only & SYSTEMS[name].workloads]
    for name in without_work:
        print(f"bench: {name} does not have these workloads", file=sys.stderr)
    systems = [name for name in systems if name not in without_work]
    with ExitStack() as stack:
        environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        try:
            if any(SYSTEMS[name].window for name in systems):
                environment |= stack.enter_context(display())
        except NotMeasured as error:
            outcome.not_measured.update({name: str(error) for name in systems if SYSTEMS[name].window})
        for number in range(rounds):
            # The first system of a round runs on a cooler machine than the last, so every round begins with another
            # one.
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
                # Start it once before, so that the files of every system are in the page cache when it is measured.
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
    """Start a program, yield the figures that it reports, and kill it.

    Raises:
        NotMeasured: It ended early or ran out of time; figures reported before have been yielded.
    """
    errors = folder / "errors.txt"
    with ExitStack() as stack:
        begin = time.perf_counter()
        said = stack.enter_context(errors.open("w"))
        process = start(stack, program.command, environment, folder, said)
        assert process.stdout is not None
        groups = [process.pid]
        ready = False
        for line in lines_of(process.stdout, lambda: begin + limit):
            address = _ADDRESS.search(line) if program.browser else None
            if address is not None and program.browser is not None:
                groups.append(start(stack, [*program.browser, address[1]], environment, folder, said).pid)
            elif line == "ready" and not ready:
                ready = True
                yield Sample(system, "ready", "ms", (time.perf_counter() - begin) * 1000)
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
        late = time.perf_counter() - begin >= limit
        process_end = f"it did not finish in {limit:g} s" if late else f"it ended with status {process.wait(10)}"
        last = errors.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise NotMeasured("; ".join([process_end, *last]))


def _sample(system: str, line: str) -> Sample:
    found = json.loads(line)
    return Sample(system, found["workload"], found["unit"], found["value"], found.get("error"))


def start(
    stack: ExitStack,
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path | None = None,
    errors: IO[str] | None = None,
) -> subprocess.Popen[str]:
    """Start a program whose output can be read, and let the stack kill it with all its children.

    Args:
        stack: Kills the program when it is closed.
        command: The program and its arguments.
        environment: All of its environment.
        folder: Its working directory; `None` for ours.
        errors: Takes what it writes to standard error; `None` drops it.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if errors is None else errors,
        text=True,
        start_new_session=True,
        cwd=folder,
        env=environment,
    )
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process and its process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()


def lines_of(stream: IO[str], deadline: Callable[[], float]) -> Iterator[str]:
    """Yield the lines of a stream until it ends, or until `perf_counter` reaches the deadline."""
    lines: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        with suppress(ValueError):  # `end` has closed the stream: nobody waits for its lines any more
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
    """Return the proportional memory of process groups in MB; shared memory is counted once."""
    total = 0.0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # the process has ended
            if os.getpgid(int(entry.name)) in groups:
                total += proportional_memory(int(entry.name))
    return total


def proportional_memory(pid: int) -> float:
    """Return the proportional memory of a process in MB.

    Raises:
        OSError: The process has ended or belongs to another user.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Run a virtual display, and yield the environment variables that show windows on it."""
    if shutil.which("Xvfb") is None:
        raise NotMeasured("there is no Xvfb: apt-get install xvfb")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        number = server.stdout.readline().strip()  # printed once it is ready
        if not number:
            raise NotMeasured("Xvfb did not start; run `Xvfb -displayfd 1` to see why")
        yield {"DISPLAY": f":{number}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
