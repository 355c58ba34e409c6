"""The shared board: two people in two browsers, two processes, one Redis; and one person in a window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.conformance.application import Program
from tests.conformance.raw_page import request
from tests.requirements import ROOT, needs_global_api
from tests.runtimes.browser import Tab, browser
from tests.server.engines import Redis, free_port, until

BOARD = ROOT / "examples" / "board"
NOTES = "[...document.querySelectorAll('#notes li')].map((note) => note.textContent)"
PEOPLE = "[...document.querySelectorAll('#people li')].map((person) => person.textContent).join()"


def _environment(folder: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join((str(BOARD), str(ROOT / "src")))
    return {"PYTHONPATH": path, "BOARD_KEY": "a key of the tests", "BOARD_DATA": str(folder / "board.sqlite3"), **more}


def _enter(tab: Tab, address: str, name: str) -> None:
    tab.goto(address)
    tab.wait("document.querySelector('[name=name]') !== null")  # it was led to the login
    tab.eval(
        f"document.querySelector('[name=name]').value = {name!r}; setTimeout(() => document.forms[0].submit(), 0); 1"
    )
    tab.wait(f"document.getElementById('people') !== null && {PEOPLE}.includes({name!r})")


def _post(tab: Tab, text: str) -> None:
    tab.eval(f"document.getElementById('text').value = {text!r}; document.forms[0].requestSubmit(); 1")


def test_two_people_share_a_board_over_two_processes(tmp_path: Path) -> None:
    needs_global_api("global_api.js")
    port = free_port()
    command = [sys.executable, "-m", "transom.cli", "serve", "board:site", "--factory", "--processes", "2"]
    with Redis(tmp_path) as redis:
        environment = _environment(tmp_path, TRANSOM_BUS=redis.address)
        with Program([*command, "--port", str(port)], environment) as program, browser() as one, browser() as two:
            address = f"http://127.0.0.1:{port}"

            def answers() -> bool:
                if program.process.poll() is not None:
                    raise RuntimeError("".join(program.errors)[-4000:])
                return request(address + "/login").status == 200

            until(answers, 60)
            ada, ben = one.tab(), two.tab()
            _enter(ada, address, "Ada")
            _enter(ben, address, "Ben")
            ada.wait(f"{PEOPLE} === 'Ada,Ben'")
            _post(ada, "Hello, Ben")
            ben.wait(f"{NOTES}.includes('Hello, BenAda')")
            _post(ben, "<b>Hello</b>, Ada")
            ada.wait(f"{NOTES}.includes('<b>Hello</b>, AdaBen')")
            assert ada.eval(NOTES) == ben.eval(NOTES) == ["<b>Hello</b>, AdaBen", "Hello, BenAda"]
            if folder := os.environ.get("BOARD_SCREENSHOTS"):
                ada.do("screenshot", f"{folder}/ada.png")
                ben.do("screenshot", f"{folder}/ben.png")
            # A page that is loaded again has lost nothing; one that is left is gone for the others.
            ben.goto(address)
            ben.wait(f"{NOTES}.length === 2 && {PEOPLE} === 'Ada,Ben'")
            ben.goto("about:blank")
            ada.wait(f"{PEOPLE} === 'Ada'")


def test_one_person_has_the_same_board(tmp_path: Path) -> None:
    needs_global_api("global_api.js")
    environment = _environment(tmp_path, TRANSOM_RUNTIME="web", XDG_DATA_HOME=str(tmp_path))
    with Program([sys.executable, BOARD / "board.py"], environment) as program, browser() as one:
        tab = one.tab()
        tab.goto(program.address())
        tab.wait(f"document.getElementById('people') !== null && {PEOPLE} === 'local'")
        _post(tab, "For myself")
        tab.wait(f"{NOTES}.includes('For myselflocal')")
