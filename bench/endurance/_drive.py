"""Run the test on one runtime: start the program, sample its processes, and kill and reopen pages."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from bench.worker._project import Running, running

from ._judge import Result, Sample
from ._phases import Phase
from ._processes import memory_by_role, signal_pages

__all__ = ["drive"]

PATIENCE = 120.0
"""The maximum time for a batch on any machine, in seconds; after that it counts as stuck."""
# glibc caches memory that one thread allocates and another frees: up to 236 kB per thread, which fill over hours. The
# variable is not set for the browser, because Chromium could then not name its processes.
_VARIABLES = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}


def drive(runtime: str, phases: Sequence[Phase], patience: float = PATIENCE) -> list[Result]:
    """Run the phases and return their results; a phase that fails is the last.

    Args:
        runtime: `webkitgtk` or `web`.
        phases: The phases to run.
        patience: The maximum time for a batch, in seconds.

    Raises:
        NotMeasured: The machine lacks a requirement.
    """
    results = {phase.name: Result(runtime=runtime, phase=phase) for phase in phases}
    with running(
        "bench.endurance._program", runtime, msgspec.json.encode(phases).decode(), variables=_VARIABLES
    ) as program:
        current = phases[0].name
        ended = False
        for message in program.messages(patience):
            current = message.get("phase", current)
            ended |= "ended" in message
            _take(program, message, results[current])
        broken = program.why() if not ended else _after_end(program)
    if broken and results[current].failed is None:
        results[current].failed = broken
    names = list(results)
    return [results[name] for name in names[: names.index(current) + 1]]


def _take(program: Running, message: dict[str, Any], result: Result) -> None:
    if "kill" in message:
        if signal_pages(program.roots, signal.SIGKILL) == 0:
            result.failed = "no process that runs a page was found to kill"
    elif "freeze" in message:
        # If each page has a process, the process of the first page, which is the busiest, continues.
        signal_pages(program.roots, signal.SIGSTOP, but_busiest=result.runtime == "webkitgtk")
    elif "thaw" in message:
        signal_pages(program.roots, signal.SIGCONT)
    elif "reopen" in message:
        program.reopen()
    elif "failed" in message:
        result.failed = message["failed"]
    elif "done" in message:
        result.done, result.seconds = message["done"], message["seconds"]
        result.samples.append(Sample(done=result.done, **memory_by_role(program.pid, program.roots)))
        whole = result.phase.amount.whole
        print(f"\r{result.runtime} {result.phase.name}: {result.done:,} of {whole:,}  ", end="", file=sys.stderr)
    elif "after" in message:
        result.before, result.after = message["before"], message["after"]
        print(file=sys.stderr)


def _after_end(program: Running) -> str | None:
    """Return the fault in how the program ended, or `None`."""
    status = program.status()
    if status != 0:
        return f"the application's exit status is {'missing, because it does not end' if status is None else status}"
    if "Traceback" in program.errors():
        return f"the application logged an exception: {program.errors()[-1500:]}"
    return None
