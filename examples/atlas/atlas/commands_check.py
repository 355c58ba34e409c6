"""The check mode: commands with which the page checks that everything works, and the report."""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from transom import AppHandle, Builder, Channel, CommandError, Request, Response, State, command, generate_handler
from transom.errors import ChannelClosed

from ._index import Index
from ._messages import ScanInfo
from ._settings import Settings

# Add a check here, and a function with the same name in the page's check.ts.
CHECKS = (
    "start",
    "invoke",
    "typed error",
    "channel order and count",
    "cancel",
    "raw bytes",
    "event",
    "second window",
    "reload",
)
"""The checks of the page, in order. The parent process adds "shutdown", because only it sees how the process ends."""

LIMIT = 40.0
"""The time without a report after which the page counts as lost, in seconds; the page allows 30 for each check."""

FOLDERS = 400
"""The number of folders in the generated tree."""


class Fields(Struct, rename="camel", kw_only=True):
    """Base class with field names in camelCase for the page."""


class Plan(Fields):
    """The remaining checks, and the folder to use."""

    folder: str
    files: int
    left: list[str]


class Numbered(Fields):
    """One message of a stream."""

    number: int


class Task(Fields):
    """The state of a stream or scan of the check."""

    name: str
    state: str
    sent: int


class CheckReport:
    """The results of the checks, and the state that must survive a reload of the page. All methods are thread-safe."""

    def __init__(self, on_line: Callable[[str], None] | None = None) -> None:
        self._on_line = on_line or _print_line
        self._lock = threading.Lock()
        self._results: dict[str, bool] = {}
        self._reported = time.monotonic()
        self._finished = False
        self.folder = Path(tempfile.mkdtemp(prefix="atlas-check-"))
        self.files = generate_tree(self.folder)
        self.tasks: dict[str, Task] = {}
        self.details_seen: list[str] = []

    def add(self, name: str, ok: bool, detail: str) -> None:
        """Write the line of a check; a second result for the same check is ignored."""
        with self._lock:
            if name in self._results or name not in CHECKS:
                return
            self._results[name] = ok
            self._reported = time.monotonic()
            self._on_line(
                f"{'ok  ' if ok else 'FAIL'}  {name}: {detail}" if detail else f"{'ok  ' if ok else 'FAIL'}  {name}"
            )

    def left(self) -> list[str]:
        """Return the checks without a result, in order."""
        with self._lock:
            return [name for name in CHECKS if name not in self._results]

    def silent_for(self) -> float:
        """Return the number of seconds since the last report."""
        with self._lock:
            return time.monotonic() - self._reported

    def status(self) -> int:
        """Return the exit status: 0 if every check has passed."""
        with self._lock:
            return 0 if all(self._results.get(name, False) for name in CHECKS) else 1

    def finish(self) -> int:
        """Fail the checks without a result, delete the generated files and return the exit status."""
        for name in self.left():
            self.add(name, False, "not reached")
        shutil.rmtree(self.folder, ignore_errors=True)
        self._finished = True
        return self.status()

    @property
    def finished(self) -> bool:
        """Whether the report is complete."""
        return self._finished


def add(builder: Builder, commands: Sequence[Any], on_line: Callable[[str], None] | None) -> Builder:
    """Add the check mode to an application."""
    report = CheckReport(on_line)
    checks = (
        check_plan,
        check_report,
        check_count,
        check_pace,
        check_tasks,
        check_scans,
        check_bytes,
        check_echo,
        check_touch,
        check_remove,
        check_details,
        check_details_seen,
        check_finish,
    )
    return (
        builder.manage(report)
        .setup(lambda app: _begin_watchdog(app, report))
        .invoke_handler(generate_handler(*commands, *checks))
    )


def generate_tree(folder: Path) -> int:
    """Create files for the check: many folders, equal contents, a circular link; return the number of files."""
    files = 3 * FOLDERS + 3
    for number in range(FOLDERS):
        place = folder / "many" / f"{number % 20:02}" / f"{number:03}"
        place.mkdir(parents=True)
        for twin in range(3):
            (place / f"file-{twin}.txt").write_text(f"{number} {twin % 2}\n" * (number + 1))
    (folder / "vanishing.txt").write_text("It is deleted before it is read.\n")
    (folder / "steady.txt").write_text("It stays.\n")
    (folder / "up").symlink_to(folder, target_is_directory=True)
    try:
        Path(str(folder / "not-") + "\udcff\udcfe.bin").write_bytes(bytes(1000))
    except OSError:
        # Some file systems accept only names that are UTF-8.
        return files
    return files + 1


def _print_line(line: str) -> None:
    print(line, file=sys.stdout, flush=True)


def _begin_watchdog(app: AppHandle, report: CheckReport) -> None:
    app.spawn(_watchdog(app, report))


async def _watchdog(app: AppHandle, report: CheckReport) -> None:
    while report.silent_for() < LIMIT:
        if report.finished:
            return
        await asyncio.sleep(0.5)
    left = report.left()
    if left:
        report.add(left[0], False, f"no report from the page for {LIMIT:.0f} s")
    app.exit(report.finish())


@command
def check_plan(report: State[CheckReport]) -> Plan:
    """Return the remaining checks."""
    return Plan(folder=str(report.folder), files=report.files, left=report.left())


@command
def check_report(report: State[CheckReport], name: str, ok: bool, detail: str) -> None:
    """Record the result of a check."""
    report.add(name, ok, detail)


@command
async def check_count(
    report: State[CheckReport], name: str, count: int, batch: int, pause: float, on_event: Channel[Numbered]
) -> int:
    """Send `count` numbered messages, and pause for `pause` seconds after each `batch`."""
    task = report.tasks[name] = Task(name=name, state="running", sent=0)
    try:
        for number in range(count):
            await on_event.send_async(Numbered(number=number))
            task.sent += 1
            if pause and number % batch == batch - 1:
                await asyncio.sleep(pause)
        task.state = "finished"
    except (asyncio.CancelledError, ChannelClosed):
        # When the page is closed, either its channel or its calls may end first.
        task.state = "cancelled"
        raise
    finally:
        if task.state == "running":
            task.state = "failed"
    return task.sent


@command
def check_pace(settings: State[Settings], work: float, rest: float) -> None:
    """Change how long scans work and rest, so that the page can interrupt one."""
    settings.work = work
    settings.rest = rest


@command
def check_tasks(report: State[CheckReport]) -> list[Task]:
    """Return the states of the streams."""
    return list(report.tasks.values())


@command
def check_scans(index: State[Index]) -> list[ScanInfo]:
    """Return the states of the scans."""
    return [item.info() for item in index.scans()]


@command
def check_bytes(seed: int, size: int) -> Response:
    """Return pseudo-random bytes for a seed, followed by the four bytes of their CRC-32."""
    body = random.Random(seed).randbytes(size)
    return Response(body + zlib.crc32(body).to_bytes(4, "big"))


@command
def check_echo(request: Request) -> Response:
    """Return a raw body unchanged."""
    if not isinstance(request.body, (bytes, bytearray, memoryview)):
        raise CommandError({"kind": "notRaw", "got": type(request.body).__name__})
    return Response(bytes(request.body))


@command
def check_touch(report: State[CheckReport], name: str, size: int) -> None:
    """Write a file into the generated folder."""
    (report.folder / Path(name).name).write_bytes(b"x" * size)


@command
def check_remove(report: State[CheckReport], name: str) -> None:
    """Delete a file of the generated folder."""
    (report.folder / Path(name).name).unlink(missing_ok=True)


@command
def check_details(report: State[CheckReport], name: str, how: str) -> None:
    """Record that the details window shows this file, and how it received it."""
    report.details_seen.append(f"{how} {name}")


@command
def check_details_seen(report: State[CheckReport]) -> list[str]:
    """Return the files that the details window has shown."""
    return list(report.details_seen)


@command
def check_finish(app: AppHandle, report: State[CheckReport]) -> None:
    """End the application with the status of the report."""
    app.exit(report.finish())
