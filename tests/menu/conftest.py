"""A desktop of the tests' own: a display, a window manager and a session bus, without which nobody can use a menu."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import (
    ROOT,
    needs_dbus_daemon,
    needs_npm_package,
    needs_openbox,
    needs_webkitgtk,
    needs_xdotool,
    needs_xprop,
    needs_xvfb,
)

SOON = 30.0  # seconds: the machine may be busy, and only a failing test waits for them


class Desktop:
    """A display with a window manager, and a session bus."""

    def __init__(self, display: str, bus: str) -> None:
        self.environ = {
            **os.environ,
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "PYTHONPATH": "src",
        }

    def xdotool(self, *arguments: str) -> str:
        return subprocess.run(
            [needs_xdotool(), *arguments], env=self.environ, check=True, capture_output=True, text=True, timeout=SOON
        ).stdout

    def window(self, title: str) -> str:
        """Return the window whose title ends like this, an empty text when there is none."""
        found = subprocess.run(
            [needs_xdotool(), "search", "--onlyvisible", "--name", f"{title}$"],
            env=self.environ, check=False, capture_output=True, text=True, timeout=SOON,
        )  # fmt: skip
        return (found.stdout.split() or [""])[0]

    def title(self, window: str) -> str:
        return self.xdotool("getwindowname", window).strip()

    def xprop(self, window: str, name: str) -> str:
        return subprocess.run(
            [needs_xprop(), "-id", window, name],
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
            timeout=SOON,
        ).stdout

    def wait_for(self, there: Callable[[], bool]) -> None:
        """Look until something is there, which no signal tells."""
        end = time.monotonic() + SOON
        while not there():
            assert time.monotonic() < end, "what was waited for did not come"


class Program:
    """An application in a process of its own, which prints a JSON value a line."""

    def __init__(self, desktop: Desktop, module: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**desktop.environ, "G_DEBUG": "fatal-criticals"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self._lines.put), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors.append), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Any, put: Callable[[str], object]) -> None:
        with stream:
            for line in stream:
                put(line)
        put("")

    def next(self) -> Any:
        """Return the next value that the program prints."""
        try:
            line = self._lines.get(timeout=SOON)
        except queue.Empty:
            line = ""
        if not line:
            self.process.kill()
            raise AssertionError("the program said nothing more: " + "".join(self.errors))
        return json.loads(line)

    def tell(self, line: str) -> None:
        """Write a line for the program to read."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Close the program's input, wait for its end and return its status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        status = self.process.wait(SOON)
        for reader in self._readers:
            reader.join(SOON)
        return status


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A desktop that the tests of a process share."""
    needs_xdotool()
    openbox, bus_daemon = needs_openbox(), needs_dbus_daemon()
    with subprocess.Popen(
        [needs_xvfb(), "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DISPLAY": ""},
        text=True,
    ) as server:
        assert server.stdout is not None
        display = f":{server.stdout.readline().strip()}"
        with subprocess.Popen(
            [bus_daemon, "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
        ) as bus:
            assert bus.stdout is not None
            desktop = Desktop(display, bus.stdout.readline().strip())
            with subprocess.Popen([openbox], env=desktop.environ, stderr=subprocess.DEVNULL) as manager:
                yield desktop
                manager.terminate()
            bus.terminate()
        server.terminate()


@pytest.fixture
def start(desktop: Desktop) -> Iterator[Callable[..., Program]]:
    """Start a program of these tests; at the end it must have ended by itself, without a word of GTK's."""
    needs_webkitgtk()
    programs: list[Program] = []

    def start(module: str, *arguments: str) -> Program:
        programs.append(Program(desktop, module, *arguments))
        return programs[-1]

    yield start
    for program in programs:
        try:
            status = program.end()
        finally:
            if program.process.poll() is None:
                program.process.kill()
                program.process.wait()
        assert status == 0, "".join(program.errors)
        assert not [line for line in program.errors if "CRITICAL" in line or "Gtk-WARNING" in line], program.errors


@pytest.fixture
def front_end(tmp_path: Path) -> Path:
    """A folder for a front end, with the npm package's own modules in it."""
    shutil.copytree(needs_npm_package("tauri-api-2.12"), tmp_path / "api")
    return tmp_path
