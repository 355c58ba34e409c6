"""`transom demo --check`: run the demo in a separate process on every available runtime; its own page drives it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from ..errors import RuntimeUnavailable
from ..runtimes import has_display
from ._doctor import CHROMIUMS, can_run, examine, this_machine

__all__ = ["check"]

_ADDRESS = re.compile(r" is at (http://\S+)$")
_LIMIT = 240.0  # seconds for one runtime; longer than the demo's limits for its checks
_LAST_CHECK = "shutdown"
_WINDOWS = ("webkitgtk", "pywebview")
"""The runtimes that need a display."""
# Options for a machine without network, display or GPU.
_BROWSER = (
    "--headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-popup-blocking --window-size=1280,800"
).split()


def check(runtime: str | None, out: TextIO) -> int:
    """Drive the demo on one runtime, or on every available one, and print a line for each check.

    Returns:
        0 if every check passed on every runtime, else 1.

    Raises:
        RuntimeUnavailable: No runtime is available; the text says what is missing.
    """
    able = _runtimes()
    missing = {name: reason for name, reason in able.items() if reason is not None}
    chosen = [runtime] if runtime is not None else [name for name in able if name not in missing]
    if not chosen or chosen[0] in missing:
        raise RuntimeUnavailable("; ".join(f"{name} cannot be checked: {missing[name]}" for name in chosen or missing))
    for name, reason in missing.items():
        if runtime is None:
            print(f"{name}: not checked, {reason}", file=out, flush=True)
    failed = [name for name in chosen if not _check_runtime(name, out)]
    print(
        f"failed: {', '.join(failed)}" if failed else f"all checks passed on {', '.join(chosen)}", file=out, flush=True
    )
    return 1 if failed else 0


def _runtimes() -> dict[str, str | None]:
    """Return the runtimes that can be driven, each with the reason why it is unavailable; `None` if it is available."""
    findings = examine()
    able = can_run([finding for finding in findings if finding.what != "display"])
    lacks = {
        name: "; ".join(
            f"{f.what} is missing ({f.mend})"
            for f in findings
            if f.area == name and f.needed and not f.ok and f.what != "display"
        )
        for name in (*_WINDOWS, "web")
    }
    reasons: dict[str, str | None] = {name: None if name in able else lacks[name] for name in (*_WINDOWS, "web")}
    for name in _WINDOWS:
        if reasons[name] is None and _lacks_display() and shutil.which("Xvfb") is None:
            reasons[name] = "there is neither a display nor Xvfb (`transom doctor` says how to install it)"
    if reasons["web"] is None and _browser() is None:
        reasons["web"] = "there is no Chromium (`transom doctor` says how to install it)"
    return reasons


def _lacks_display() -> bool:
    return sys.platform == "linux" and not has_display()


def _browser() -> str | None:
    # Like the doctor: also search the folder of this Python, and skip scripts that only start a snap.
    return next(filter(None, map(this_machine().program, CHROMIUMS)), None)


def _check_runtime(runtime: str, out: TextIO) -> bool:
    print(f"{runtime}:", file=out, flush=True)
    with ExitStack() as stack:
        environment = dict(os.environ)
        if runtime in _WINDOWS and _lacks_display():
            environment["DISPLAY"] = stack.enter_context(_virtual_display())
        command = [sys.executable, "-m", "transom.cli", "demo", "--driven", "--runtime", runtime]
        demo = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, errors="replace", env=environment, start_new_session=True
        )
        stack.callback(_kill, demo)
        deadline = time.monotonic() + _LIMIT
        # Kill a demo that hangs, so that reading its lines ends too.
        stopper = threading.Timer(_LIMIT, _kill, [demo])
        stopper.start()
        stack.callback(stopper.cancel)
        passed = _read_checks(demo, stack, out)
        return _check_shutdown(demo, deadline, out) and passed


def _read_checks(demo: subprocess.Popen[str], stack: ExitStack, out: TextIO) -> bool:
    """Print the lines of the demo, and start a browser if needed; return whether there were checks and all passed."""
    assert demo.stdout is not None
    lines = 0
    failed = False
    for line in map(str.rstrip, demo.stdout):
        address = _ADDRESS.search(line)
        if address:
            stack.enter_context(_browser_at(address[1]))
            continue
        print(f"  {line}", file=out, flush=True)
        lines += 1
        failed = failed or line.startswith("FAIL")
    return lines > 0 and not failed


def _check_shutdown(demo: subprocess.Popen[str], deadline: float, out: TextIO) -> bool:
    """Print the last check: the process ended in time, by itself, with status 0, and left no child process."""
    try:
        status = demo.wait(max(deadline - time.monotonic(), 1))
    except subprocess.TimeoutExpired:
        status = None
    left = _members(demo.pid, within=1.0)
    ok = status == 0 and not left
    detail = f"exit status {status}" if status is not None else "the process did not end"
    if left:
        detail += f", processes left: {', '.join(left)}"
    print(f"  {'ok  ' if ok else 'FAIL'}  {_LAST_CHECK}: {detail}", file=out, flush=True)
    return ok


def _members(group: int, within: float) -> list[str]:
    """Return the processes of a group that still run after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        left = [str(pid) for pid in _group(group)]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def _group(group: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            yield int(entry.name)


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def _virtual_display() -> Iterator[str]:
    """Run an Xvfb on a free display and yield its name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as lines:
            number = lines.readline().strip()
        if not number:
            raise RuntimeUnavailable("Xvfb did not start; run `Xvfb -displayfd 1` to see why")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _browser_at(address: str) -> Iterator[None]:
    """Show an address in a headless browser with a temporary profile."""
    browser = _browser()
    assert browser is not None, "_runtimes() has looked for it"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # Chromium cannot use its sandbox as root; the page is trusted.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        process = subprocess.Popen(
            [browser, *_BROWSER, *sandbox, f"--user-data-dir={profile}", address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            errors="replace",
        )
        try:
            yield
        finally:
            _kill(process)
