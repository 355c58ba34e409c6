"""Build a copy of the worker's page, and run the processes that show it: the program and, for `web`, a browser."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from bench._run import HIDDEN, display, end, lines_of
from bench._systems import ROOT, browser_command, bundle

from . import TOKEN

__all__ = ["RUNTIMES", "WORKER_FLAGS", "Running", "running"]

RUNTIMES = ("webkitgtk", "web")
NICE = ("nice", "-n", "5")
_GRACE = 20.0  # the maximum time for a program to end, in seconds
HERE = Path(__file__).parent
# Pages open the windows of the application without a click, and `page.js` calls `gc`.
WORKER_FLAGS = ("--disable-popup-blocking", "--js-flags=--expose-gc")


class Running:
    """A program with the worker's page, started as `python -m MODULE FOLDER RUNTIME ARGUMENTS...`.

    Args:
        module: The module to run; it prints lines of JSON.
        runtime: The runtime of its pages.
        arguments: Further arguments.
        folder: An empty folder for all its files.
        environment: The environment of its processes.
        variables: Additional variables for the program, but not for the browser.
    """

    def __init__(
        self,
        module: str,
        runtime: str,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        variables: Mapping[str, str],
    ) -> None:
        shutil.copy(HERE / "tauri.conf.json", folder)
        bundle(HERE, folder)
        self._browser_command = browser_command(folder) if runtime == "web" else None
        self._folder = folder
        self._environment = {**environment, "XDG_DATA_HOME": str(folder / "data"), "PYTHONFAULTHANDLER": "1"}
        self._errors = (folder / "errors.txt").open("w+")
        self._browser: subprocess.Popen[str] | None = None
        self._address = ""
        self._token = secrets.token_urlsafe(24)
        command = [sys.executable, "-m", module, str(folder), runtime, *arguments]
        self._program = self._start(command, ROOT, {**variables, TOKEN: self._token})

    def _start(self, command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*NICE, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,
            cwd=folder,
            env={**self._environment, **variables},
        )

    @property
    def pid(self) -> int:
        """The process of the application."""
        return self._program.pid

    @property
    def roots(self) -> list[int]:
        """The processes of the application and of the browser."""
        return [self._program.pid, *([self._browser.pid] if self._browser else [])]

    def messages(self, patience: float) -> Iterator[dict[str, Any]]:
        """Yield the messages of the program and answer each with a line; stop if it ends or is silent for too long."""
        assert self._program.stdout is not None
        assert self._program.stdin is not None
        lines = lines_of(self._program.stdout, lambda: time.perf_counter() + patience)
        for line in lines:
            if line.startswith("{"):
                yield json.loads(line)
                with suppress(BrokenPipeError):
                    self._program.stdin.write("\n")
                    self._program.stdin.flush()
            elif " is at http://" in line:
                self._address = f"{line.rpartition(' ')[2].partition('?')[0]}?token={self._token}"
                self.reopen()

    def reopen(self) -> None:
        """Show the page in a new browser, if the runtime uses one."""
        if self._browser_command is not None:
            if self._browser is not None:
                end(self._browser)
            self._browser = self._start([*self._browser_command, *WORKER_FLAGS, self._address], self._folder, {})

    def why(self) -> str:
        """Return how the program ended, or that it was killed because it was silent, with its last output."""
        status: int | str
        try:
            status = self._program.wait(1)
        except subprocess.TimeoutExpired:
            # Python then prints the stack of every thread.
            self._program.send_signal(signal.SIGABRT)
            status = "missing, because it was silent for too long"
        last = self.errors()[-1500:].strip()
        return f"the program's status is {status}; {last or 'it printed no error'}"

    def errors(self) -> str:
        """Return the standard error output of the processes."""
        return (self._folder / "errors.txt").read_text("utf-8", "replace")

    def status(self) -> int | None:
        """Wait until the program ends and return its status, or `None` if it does not end."""
        try:
            return self._program.wait(_GRACE)
        except subprocess.TimeoutExpired:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._browser, self._program):
            if process is not None:
                end(process)
        self._errors.close()


@contextmanager
def running(
    module: str, runtime: str, *arguments: str, variables: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Run a program in a temporary folder, with a virtual display if needed; kill all its processes at the end.

    Args:
        module: The module to run with the folder, the runtime and the arguments.
        runtime: `webkitgtk` or `web`.
        arguments: Further arguments.
        variables: Additional environment variables for the program, but not for the browser.

    Raises:
        NotMeasured: The machine lacks a requirement.
    """
    environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        if runtime == "webkitgtk":
            environment |= stack.enter_context(display())
        yield stack.enter_context(Running(module, runtime, arguments, Path(folder), environment, variables or {}))
