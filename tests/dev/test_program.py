"""The process that runs the author's program: it ends as Python ends one, only sooner."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from transom.dev import LINK


@pytest.mark.parametrize(("end", "status"), [
    ("", 0),
    ("raise SystemExit", 0),
    ("raise SystemExit(3)", 3),
    ("raise SystemExit('no licence')", 1),
    ("raise ValueError('broken')", 1),
])  # fmt: skip
def test_threads_hooks_and_output_of_the_program_come_to_their_end(tmp_path: Path, end: str, status: int) -> None:
    program = tmp_path / "app.py"
    program.write_text(
        "import atexit, sys, threading\n"
        "go = threading.Event()\n"
        "threading.Thread(target=lambda: (go.wait(), sys.stdout.write('thread '))).start()\n"
        "atexit.register(sys.stdout.write, 'hook')\n"
        f"go.set()\n{end}\n",
        "utf-8",
    )
    ours, theirs = socket.socketpair()
    with ours, theirs:
        done = subprocess.run(
            [sys.executable, "-m", "transom.dev._program", program],
            env={**os.environ, LINK: str(theirs.fileno())},
            pass_fds=[theirs.fileno()],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stdout) == (status, "thread hook")
    for word in ("no licence", "broken"):
        assert (word in done.stderr) == (word in end)
