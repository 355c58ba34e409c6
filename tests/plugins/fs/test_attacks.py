"""Attacks on the scope of files that change what is on the disk while calls run, or write names in other forms."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running
from tests.plugins.fs.pages import APP_DATA, base
from tests.plugins.plugin_app import allow, with_plugins
from tests.requirements import needs_linux
from transom.plugins import fs
from transom.runtimes._mock import MockRejection

needs_linux()  # the system call
ROUNDS = 150
# Swaps two names at once, again and again, until its input ends.
SWAPPER = """
import ctypes, os, select, sys
libc = ctypes.CDLL(None, use_errno=True)
one, two = map(os.fsencode, sys.argv[1:])
print("ready", flush=True)
count = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    if libc.renameat2(-100, one, -100, two, 2):
        raise OSError(ctypes.get_errno())
    count += 1
print(count, flush=True)
"""


@contextmanager
def swapping(one: Path, two: Path) -> Iterator[None]:
    """Swap two files or folders as often as possible."""
    command = [sys.executable, "-c", SWAPPER, one, two]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield
            process.stdin.close()
            assert int(process.stdout.readline()) > 100
        finally:
            process.kill()


def tried(application: Running, name: str, **args: Any) -> Any:
    """Return what a call gives, or `None` when it rejects."""
    try:
        return application.page.invoke(f"plugin:fs|{name}", args)
    except MockRejection:
        return None


def test_links_that_are_swapped_while_calls_run_lead_nowhere(application: Running, data: Path, tmp_path: Path) -> None:
    inside, outside = data / "d", tmp_path / "outside"
    inside.mkdir()
    (inside / "secret.txt").write_text("mine", "utf-8")
    (data / "link").symlink_to(outside)
    both = {"fromPathBaseDir": APP_DATA, "toPathBaseDir": APP_DATA}
    renamed = {"oldPathBaseDir": APP_DATA, "newPathBaseDir": APP_DATA}
    seen = []
    with swapping(inside, data / "link"):
        for number in range(ROUNDS):
            seen.append(tried(application, "read_text_file", path="d/secret.txt", options=base()))
            tried(application, "write_text_file", path="d/secret.txt", data="mine", options=base())
            tried(application, "mkdir", path=f"d/made{number}", options=base())
            tried(application, "remove", path=f"d/made{number}", options=base())
            tried(application, "rename", oldPath="d/secret.txt", newPath="d/moved.txt", options=renamed)
            tried(application, "copy_file", fromPath="d/secret.txt", toPath="d/copy.txt", options=both)
            tried(application, "create", path=f"d/new{number}", options=base())
            seen.append(tried(application, "read_text_file", path="d/copy.txt", options=base()))
    texts = {bytes(each).decode() if not isinstance(each, str) else each for each in seen if each is not None}
    assert texts <= {"mine", ""}
    assert "mine" in texts
    assert [path.name for path in outside.iterdir()] == ["secret.txt"]
    assert (outside / "secret.txt").read_text("utf-8") == "secret"


def test_a_file_that_is_swapped_with_a_link_is_not_followed(application: Running, data: Path, tmp_path: Path) -> None:
    (data / "file").write_text("mine", "utf-8")
    (data / "link").symlink_to(tmp_path / "outside/secret.txt")
    seen = []
    with swapping(data / "file", data / "link"):
        for _ in range(2 * ROUNDS):
            seen.append(tried(application, "read_text_file", path="file", options=base()))
            tried(application, "write_text_file", path="file", data="mine", options=base())
            tried(application, "truncate", path="file", len=2, options=base())
    texts = {bytes(each).decode() if not isinstance(each, str) else each for each in seen if each is not None}
    assert texts <= {"mine", "mi", ""}
    assert (tmp_path / "outside/secret.txt").read_text("utf-8") == "secret"


@pytest.mark.parametrize(
    "name",
    [
        "cafe\u0301/a",
        "CAF\u00c9/a",
        "caf\u00e9\u200b/a",
        "\uff0e\uff0e/a",
        "\u2025/a",
        "caf\u00e9\u2215a",
        "..\u2044outside",
        "%2e%2e/a",
    ],
)
def test_another_form_of_a_name_is_another_name(data: Path, tmp_path: Path, name: str) -> None:
    """What looks like a name that is denied, or like a way out, is neither: the system compares bytes, and so do scopes."""
    (data / "caf\u00e9").mkdir()
    (data / "caf\u00e9" / "a").write_text("denied", "utf-8")
    with with_plugins(fs.init(), permissions=()) as application:
        allow(
            application,
            "fs:allow-read-text-file",
            {"identifier": "fs:scope", "allow": ["$APPDATA/**"], "deny": ["$APPDATA/caf\u00e9/**"]},
        )
        assert tried(application, "read_text_file", path="caf\u00e9/a", options=base()) is None
        assert tried(application, "read_text_file", path=name, options=base()) is None
