"""A desktop for tests: an X display with a window manager and a session bus, and an application on it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.conformance.application import Program
from tests.desktop.application import write_project
from tests.requirements import ROOT, needs_global_api, needs_webkitgtk, needs_window_manager, needs_xvfb

__all__ = ["App", "Desktop", "Rejected", "application", "desktop", "eventually"]

T = TypeVar("T")
_SECONDS = 40.0  # for what a busy machine does late


def eventually(read: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """Return what `read` returns as soon as it is wanted, or at last."""
    until = time.monotonic() + _SECONDS
    pause = 0.02
    while not wanted(found := read()) and time.monotonic() < until:
        time.sleep(pause)
    return found


class Desktop:
    """The display, seen by the tools of X11.

    Args:
        environment: What programs on it get.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def ask(self, *command: str) -> str:
        """Run a program and return what it prints."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        return done.stdout

    def window(self, title: str) -> str:
        """Return the id of the window with this title."""
        pattern = f"^{re.escape(title)}$"
        found = eventually(lambda: self.ask("xdotool", "search", "--onlyvisible", "--name", pattern).split(), bool)
        assert len(found) == 1, f"{title}: {found}"
        return found[0]

    def properties(self, window: str, *names: str) -> str:
        """Return properties of a window, as `xprop` prints them."""
        return self.ask("xprop", "-id", window, *names)

    def state(self, window: str) -> set[str]:
        """Return the words of `_NET_WM_STATE`, such as `ABOVE`."""
        return set(re.findall(r"_NET_WM_STATE_(\w+)", self.properties(window, "_NET_WM_STATE")))

    def place(self, window: str) -> tuple[int, int, int, int]:
        """Return the place and the size of a window's content, in pixels of the screen."""
        text = self.ask("xwininfo", "-id", window)
        numbers = [
            re.search(rf"{name}:\s+(-?\d+)", text)
            for name in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        ]
        x, y, width, height = (int(found[1]) if found else -1 for found in numbers)
        return x, y, width, height

    def frame(self, window: str) -> tuple[int, ...]:
        """Return the widths of the borders: left, right, top, bottom."""
        return tuple(map(int, re.findall(r"\d+", self.properties(window, "_NET_FRAME_EXTENTS").partition("=")[2])))

    def active(self) -> str:
        """Return the id of the window that has the keyboard; empty for none."""
        return self.ask("xdotool", "getactivewindow").strip()


class App:
    """The application of `application.py`.

    Args:
        program: Its process.
        desktop: What it is on.
    """

    def __init__(self, program: Program, desktop: Desktop) -> None:
        self.program = program
        self.desktop = desktop

    def run(self, script: str) -> Any:
        """Run the body of an `async` function in the page and return what it returns.

        Raises:
            Rejected: It rejected.
        """
        assert self.program.process.stdin is not None
        self.program.process.stdin.write(f"{json.dumps(script)}\n")
        self.program.process.stdin.flush()
        outcome = json.loads(self.program.line(4 * _SECONDS))
        if "error" in outcome:
            raise Rejected(outcome["error"])
        return outcome["value"]

    def window(self, call: str) -> Any:
        """Call a method of the page's own window, such as `setTitle('x')`."""
        return self.run(f"return await api.window.getCurrentWindow().{call};")

    def has(self, xid: str, word: str, wanted: bool = True) -> bool:
        """Tell whether a window has, or has not, a word of its state, as soon as it is so."""
        return (word in eventually(lambda: self.desktop.state(xid), lambda state: (word in state) is wanted)) is wanted

    def becomes(self, method: str, wanted: Any) -> bool:
        """Tell whether a getter comes to return this."""
        return bool(eventually(lambda: self.window(method), lambda found: found == wanted) == wanted)


class Rejected(Exception):
    """A promise rejected; `value` is what with."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


@contextmanager
def desktop(folder: Path, server: Sequence[str] = ()) -> Iterator[Desktop]:
    """Start a display, a session bus and a window manager, in this order.

    Args:
        folder: Folder for their files.
        server: Another X server than Xvfb, with its arguments.
    """
    needs_webkitgtk()
    needs_global_api()
    openbox = needs_window_manager()
    one_monitor = (needs_xvfb(), "-screen", "0", "1280x900x24", "-nolisten", "tcp")
    with subprocess.Popen(
        [*(server or one_monitor), "-displayfd", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as screen:
        assert screen.stdout is not None
        display = f":{screen.stdout.readline().strip()}"
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert bus.stdout is not None
        environment = {
            **{name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"},
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip(),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
        }
        manager = subprocess.Popen([openbox], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = Desktop(environment)
        try:
            eventually(lambda: found.ask("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), lambda text: "#" in text)
            yield found
        finally:
            for process in (manager, bus, screen):
                process.terminate()
            manager.wait(_SECONDS)
            bus.wait(_SECONDS)
            bus.stdout.close()


@contextmanager
def application(
    on: Desktop, folder: Path, *plugins: str, environment: Mapping[str, str] | None = None, **window: Any
) -> Iterator[App]:
    """Start the application, with these plugins. What GTK calls critical ends it; its warnings fail the test at the end."""
    write_project(folder, **window)
    given = {**on.environment, "G_DEBUG": "fatal-criticals", "PYTHONFAULTHANDLER": "1", **(environment or {})}
    with Program([sys.executable, "-m", "tests.desktop.application", folder, *plugins], given) as program:
        yield App(program, on)
        program.close_input()
        status = program.status()
        errors = "".join(program.errors)
        assert status == 0, errors
        assert "Gtk-WARNING" not in errors, errors
        assert "Gdk-WARNING" not in errors, errors
