"""Starts the application under test and its page, and reads what they print, each wait with a bound."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.requirements import ROOT

__all__ = ["COMMANDS", "Program", "write_project"]

TOKEN = "the-token-of-the-tests"
COMMANDS = Path(__file__).parent / "commands.py"


def write_project(folder: Path, front_end: str = "dist", **app: object) -> Path:
    """Write a `tauri.conf.json` whose front end is `front_end` and return its folder."""
    config = {
        "productName": "Conformance",
        "identifier": "app.transom.conformance",
        "build": {"frontendDist": front_end},
        "app": {"windows": [{"title": "Conformance"}], **app},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    return folder


class Program:
    """A process whose output is read line by line; leaving it ends the process."""

    def __init__(self, arguments: Sequence[str | Path], environment: Mapping[str, str | None] | None = None) -> None:
        env = {**os.environ, **(environment or {})}
        self.process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in env.items() if value is not None},
        )
        self.errors: list[str] = []
        self._errors_changed = threading.Condition()
        self._token: str | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._readers = [
            threading.Thread(target=_read, args=(self.process.stdout, self._lines.put), daemon=True),
            threading.Thread(target=_read, args=(self.process.stderr, self._add_error), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @classmethod
    def application(cls, project: Path, runtime: str, environment: Mapping[str, str | None] | None = None) -> Self:
        """Start the application under test."""
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        fixed = {"PYTHONFAULTHANDLER": "1", "PYTHONPATH": path, "CONFORMANCE_TOKEN": TOKEN}
        program = cls([sys.executable, COMMANDS, project, runtime], {**fixed, **(environment or {})})
        program._token = TOKEN
        return program

    def line(self, seconds: float = 30) -> str:
        """Return the next line of its output.

        Raises:
            AssertionError: It ended, or was silent for so long; the text has what it wrote to stderr.
        """
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            line = None
        assert line is not None, (
            f"no more output (exit status {self.process.poll()}); stderr: {''.join(self.errors)[-4000:]}"
        )
        return line

    def _add_error(self, line: str | None) -> None:
        with self._errors_changed:
            self.errors.append(line or "")
            self._errors_changed.notify_all()

    def wait_for_error(self, text: str, seconds: float = 30) -> None:
        """Wait until it has written this to stderr.

        Raises:
            AssertionError: It did not; the text has what it wrote.
        """
        with self._errors_changed:
            found = self._errors_changed.wait_for(lambda: text in "".join(self.errors), seconds)
        assert found, f"no {text!r} in {''.join(self.errors)[-4000:]}"

    def address(self) -> str:
        """Return the address that a web application prints; that of the application under test admits any number of pages."""
        printed = self.line().rpartition(" ")[2].strip()
        return printed if self._token is None else f"{printed.partition('?')[0]}?token={self._token}"

    def end(self, seconds: float = 30) -> int:
        """End it as a user would and return its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.status(seconds)

    def status(self, seconds: float = 20) -> int:
        """Wait for its end and return its exit status."""
        status = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        return status

    def close_input(self) -> None:
        """End its stdin, which ends the drivers of pages."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.end()
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait(30)
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                if stream is not None:
                    stream.close()


def _read(stream: IO[str], put: Callable[[str | None], object]) -> None:
    with_end = put.__name__ == "put"
    for line in stream:
        put(line)
    if with_end:
        put(None)
