"""Run an application for a real browser, which Playwright or any WebDriver then drives."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["served"]

_GRACE = 5.0  # seconds for the application to end


@contextmanager
def served(
    program: str | Path,
    arguments: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float = 30,
) -> Iterator[str]:
    """Run a program with the web runtime, without opening a browser, until the end of the `with` block.

    Args:
        program: The program that runs the application, such as `app.py`.
        arguments: Its arguments.
        environment: More environment variables.
        timeout: Seconds that the start may take.

    Yields:
        The address to open. It admits one browser, once.

    Raises:
        RuntimeError: The program ended before it printed its address; the text has what it wrote.
        TimeoutError: It did not print an address in time.
    """
    variables = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(  # noqa: S603 - the caller's program
        [sys.executable, "-u", str(program), *arguments],
        env={**variables, "TRANSOM_RUNTIME": "web", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines), name="transom-output", daemon=True)
    reader.start()
    try:
        yield _address(lines, timeout)
    finally:
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(_GRACE)
        process.stdout.close()


def _read(stream: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _address(lines: queue.SimpleQueue[str | None], timeout: float) -> str:
    said: list[str] = []
    while True:
        try:
            line = lines.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError(f"no address came within {timeout:g} s; the program wrote: {''.join(said)}") from None
        if line is None:
            raise RuntimeError(f"the program ended before it printed its address; it wrote: {''.join(said)}")
        said.append(line)
        before, _, address = line.strip().rpartition(" is at ")
        if before and address.startswith("http://"):
            return address
