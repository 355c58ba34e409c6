"""Runs pairs of a document, one application after the other: `run_pairs.py RUNTIME FOLDER...`.

Prints a JSON line for each: before, in the web runtime, the address of its page; then what it reported. A pair's program is
run as its author would run it. It may run itself; else its `builder` is run, or an application with its commands.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from transom import App, Builder, Context, Event, generate_context, generate_handler

_PATIENCE = 60  # seconds for one pair
_OUT = sys.stdout


def say(**line: Any) -> None:
    _OUT.write(json.dumps(line) + "\n")
    _OUT.flush()


class Printed(io.TextIOBase):
    """Stands in for `sys.stdout`: hands on whole lines."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take
        self._rest = ""

    def write(self, text: str) -> int:
        *whole, self._rest = (self._rest + text).split("\n")
        for line in whole:
            self._take(line)
        return len(text)


class Notes(logging.Handler):
    """What one pair printed, logged and reported."""

    def __init__(self, expected: dict[str, list[str]]) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[tuple[str, str]] = []
        self.trouble: str | None = "the page has not reported"
        self._expected = sum(len(expected[kind]) for kind in ("python prints", "python logs"))
        self._changed = threading.Condition()

    def printed(self, line: str) -> None:
        if " is at http://" in line:
            say(address=line.rpartition(" ")[2])
        elif not line.startswith("that address was used"):
            self._note("python prints", line)

    def emit(self, record: logging.LogRecord) -> None:
        self._note("python logs", record.getMessage())

    def _note(self, kind: str, line: str) -> None:
        with self._changed:
            if self.trouble is None:
                return  # how the application ends is not of the pair
            self.lines.append((kind, line))
            self._changed.notify_all()

    def reported(self, event: Event) -> None:
        """Take the page's report, and wait for what Python has still to say."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.lines) >= self._expected, _PATIENCE / 2)
        # What a client before 1.0 emits is text.
        lines = json.loads(event.payload) if isinstance(event.payload, str) else event.payload
        self.lines += map(tuple, lines)
        self.trouble = None


@contextmanager
def observed(notes: Notes) -> Iterator[list[App]]:
    """Let every application that is built here end when its page has reported; yields the list of them."""
    build = Builder.build
    apps: list[App] = []

    def build_observed(builder: Builder, context: Context, runtime: str | None = None) -> App:
        app = build(builder, context, runtime)
        watch = threading.Timer(_PATIENCE, lambda: app.handle().exit(1))
        watch.daemon = True

        def report(event: Event) -> None:
            watch.cancel()
            notes.reported(event)
            app.handle().exit(0)

        app.listen("docs/report", report)
        watch.start()
        apps.append(app)
        return app

    Builder.build = build_observed  # type: ignore[method-assign]
    try:
        yield apps
    finally:
        Builder.build = build  # type: ignore[method-assign]


@contextmanager
def heard(notes: Notes, folder: Path) -> Iterator[None]:
    """Let `notes` hear what is printed and logged, and imports find the modules of a project."""
    log = logging.getLogger("transom")
    known = set(sys.modules)
    log.addHandler(notes)
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    sys.stdout = Printed(notes.printed)
    try:
        yield
    finally:
        sys.stdout = _OUT
        sys.path.remove(str(folder))
        log.removeHandler(notes)
        for name in set(sys.modules) - known:
            if (folder / f"{name}.py").exists():
                del sys.modules[name]


def run(folder: Path, runtime: str, apps: list[App]) -> None:
    """Run a pair's program, and the application that it makes."""
    program = folder / "main.py"
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(program)}
    with suppress(SystemExit):
        exec(compile(program.read_text("utf-8"), str(program), "exec", dont_inherit=True), names)
    if apps:
        return
    builder = names.get("builder")
    if builder is None:
        commands = [value for value in names.values() if hasattr(value, "__transom_command__")]
        client = json.loads((folder / "client.json").read_text("utf-8"))["generation"]
        builder = Builder().client(client).invoke_handler(generate_handler(*commands))
    builder.run(generate_context(folder), runtime)


def main() -> None:
    runtime, *folders = sys.argv[1:]
    for folder in map(Path, folders):
        notes = Notes(json.loads((folder / "expected.json").read_text("utf-8")))
        with heard(notes, folder), observed(notes) as apps:
            try:
                run(folder, runtime, apps)
            except BaseException:  # noqa: BLE001 - the test shows it
                notes.trouble = traceback.format_exc()
        say(pair=folder.name, lines=notes.lines, trouble=notes.trouble)


if __name__ == "__main__":
    main()
