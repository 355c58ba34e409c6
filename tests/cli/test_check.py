"""`transom demo --check` on the real runtimes, and what it does when something is wrong."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from tests.requirements import needs_chromium, needs_front_end, needs_webkitgtk, needs_xvfb
from transom.cli import _check

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
    "shutdown",
)


@pytest.mark.parametrize("runtime", ["webkitgtk", "web"])
def test_the_demo_passes_its_checks(runtime: str) -> None:
    needs_front_end()
    if runtime == "web":
        needs_chromium()
    else:
        needs_webkitgtk()
        needs_xvfb()
    out = io.StringIO()
    status = _check.check(runtime, out)
    lines = [line.strip() for line in out.getvalue().splitlines()]
    assert [line.split("  ")[-1].split(":")[0] for line in lines if line.startswith(("ok", "FAIL"))] == list(CHECKS), (
        out.getvalue()
    )
    assert status == 0, out.getvalue()
    assert lines[-1] == f"all checks passed on {runtime}"


def test_a_demo_that_fails_is_reported() -> None:
    demo = subprocess.Popen(
        [sys.executable, "-c", "print('ok    start'); print('FAIL  invoke: no'); raise SystemExit(3)"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out = io.StringIO()
    with demo, _check.ExitStack() as stack:
        assert not _check._read_checks(demo, stack, out)
    assert not _check._check_shutdown(demo, deadline=0, out=out)
    assert out.getvalue().splitlines() == ["  ok    start", "  FAIL  invoke: no", "  FAIL  shutdown: exit status 3"]


def test_a_process_that_is_left_is_found() -> None:
    reading, writing = os.pipe()
    child = (
        "import os, subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import os; os.read({reading}, 1)'], pass_fds=[{reading}])\n"
        "os._exit(0)"
    )
    demo = subprocess.Popen(
        [sys.executable, "-c", child], stdout=subprocess.DEVNULL, text=True, start_new_session=True, pass_fds=[reading]
    )
    os.close(reading)
    demo.wait()
    assert len(_check._members(demo.pid, within=0)) == 1
    os.close(writing)
    assert _check._members(demo.pid, within=5) == []
