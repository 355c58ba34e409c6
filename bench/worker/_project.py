"""A built copy of the worker's page, and the process trees that show it: the program and, for `web`, a browser."""

from __future__ import annotations

import json
import os
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

__all__ = ["RUNTIMES", "WORKER_FLAGS", "Running", "running"]

RUNTIMES = ("webkitgtk", "web")
NICE = ("nice", "-n", "5")
_GRACE = 20.0  # seconds to end in
HERE = Path(__file__).parent
# The windows of an application are opened by its pages, with nobody there who clicks; and `page.js` calls `gc`.
WORKER_FLAGS = ("--disable-popup-blocking", "--js-flags=--expose-gc")


class Running:
    """A program with the worker's page, started as `python -m MODULE FOLDER RUNTIME ARGUMENTS...`.

    Args:
        module: What is started; it prints lines of JSON.
        runtime: Where its pages are.
        arguments: Further words for it.
        folder: An empty one, for everything that it writes.
        environment: That of its processes.
        variables: What the program's own has more, and the browser's has not.
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
        command = [sys.executable, "-m", module, str(folder), runtime, *arguments]
        self._program = self._start(command, ROOT, variables)

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
        """The application's process."""
        return self._program.pid

    @property
    def roots(self) -> list[int]:
        """The application's process and the browser's."""
        return [self._program.pid, *([self._browser.pid] if self._browser else [])]

    def messages(self, patience: float) -> Iterator[dict[str, Any]]:
        """Yield what the program says, until it ends or is silent for so many seconds, and answer each with a line."""
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
                self._address = line.rpartition(" ")[2]
                self.reopen()

    def reopen(self) -> None:
        """Show the page in a new browser; nothing where windows are the application's own."""
        if self._browser_command is not None:
            if self._browser is not None:
                end(self._browser)
            self._browser = self._start([*self._browser_command, *WORKER_FLAGS, self._address], self._folder, {})

    def why(self) -> str:
        """Say how the program ended, or that it had to be ended because it said no more; and its last words."""
        status: int | str
        try:
            status = self._program.wait(1)
        except subprocess.TimeoutExpired:
            # Python writes the stack of every thread.
            self._program.send_signal(signal.SIGABRT)
            status = "none: it was silent for too long"
        last = self.errors()[-1500:].strip()
        return f"the program's status is {status}; {last or 'it wrote no error'}"

    def errors(self) -> str:
        """Return what the processes wrote to their standard error."""
        return (self._folder / "errors.txt").read_text("utf-8", "replace")

    def status(self) -> int | None:
        """Wait for the program's own end and return its status, `None` when it does not end."""
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
    """Run a program in a folder and, where it needs one, on a display of its own, and end it with all its processes.

    Args:
        module: Is run with the folder, the runtime and the arguments.
        runtime: `webkitgtk` or `web`.
        arguments: More of them.
        variables: What the program's environment has more than the browser's; `None` for nothing.

    Raises:
        NotMeasured: The machine lacks something.
    """
    environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        if runtime == "webkitgtk":
            environment |= stack.enter_context(display())
        yield stack.enter_context(Running(module, runtime, arguments, Path(folder), environment, variables or {}))
