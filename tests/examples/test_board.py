"""The shared board: two people in two browsers, two processes, one Redis; and one person in a window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conformance.application import Program
from tests.requirements import ROOT, needs_chromium, needs_global_api, needs_redis
from tests.runtimes.browser import Tab, browser

BOARD = ROOT / "examples" / "board"
NOTES = "[...document.querySelectorAll('#notes li')].map((note) => note.textContent)"
PEOPLE = "[...document.querySelectorAll('#people li')].map((person) => person.textContent).join()"


def _environment(folder: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join((str(BOARD), str(ROOT / "src")))
    return {"PYTHONPATH": path, "BOARD_KEY": "a key of the tests", "BOARD_DATA": str(folder / "board.sqlite3"), **more}


def _post(tab: Tab, text: str) -> None:
    tab.eval(f"document.getElementById('text').value = {text!r}; document.forms[0].requestSubmit(); 1")


def test_two_people_share_a_board_over_two_processes(tmp_path: Path) -> None:
    needs_global_api("global_api.js")
    needs_chromium()
    needs_redis()
    environment = {**os.environ, **_environment(tmp_path)}
    command = [sys.executable, str(BOARD / "board.py"), "--check", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert (done.returncode, done.stdout) == (0, "Ada and Ben have shared a board over two processes\n"), done.stderr
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in ("ada.png", "ben.png"))


def test_one_person_has_the_same_board(tmp_path: Path) -> None:
    needs_global_api("global_api.js")
    environment = _environment(tmp_path, TRANSOM_RUNTIME="web", XDG_DATA_HOME=str(tmp_path))
    with Program([sys.executable, BOARD / "board.py"], environment) as program, browser() as one:
        tab = one.tab()
        tab.goto(program.address())
        tab.wait(f"document.getElementById('people') !== null && {PEOPLE} === 'local'")
        _post(tab, "For myself")
        tab.wait(f"{NOTES}.includes('For myselflocal')")
