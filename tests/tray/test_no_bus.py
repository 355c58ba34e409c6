"""Tray icons where there is no session bus, as in a container."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.requirements import ROOT, needs_webkitgtk

PROGRAM = """
from transom.runtimes.tray import TrayIcons
from transom.runtimes.trays import TrayState

icons = TrayIcons(print, print)
for key in (1, 2):
    for version in range(3):
        icons.set(TrayState(key=key, version=version, id=f"icon-{key}"))
icons.remove(1)
icons.set(TrayState(key=1, version=3, id="again"))
"""


def test_each_icon_is_warned_of_once() -> None:
    needs_webkitgtk()
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus", "PYTHONPATH": f"{ROOT}/src"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    warned = [line for line in done.stderr.splitlines() if "is not shown: there is no D-Bus session bus" in line]
    assert [line.split("'")[1] for line in warned] == ["icon-1", "icon-2", "again"]
