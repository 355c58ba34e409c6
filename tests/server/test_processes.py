"""`transom serve` with real processes, a real Redis, and their deaths."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conformance.application import Program
from tests.conformance.raw_page import request
from tests.requirements import ROOT
from tests.server.engines import Redis, free_port, until
from tests.server.people import Page, written
from transom.cli import main

PROGRAM = """
import os
from transom import AppHandle, Builder, User, command, generate_handler

@command
async def pid() -> int:
    return os.getpid()

@command
async def tell(app: AppHandle, text: str, user: str | None = None, group: str | None = None) -> None:
    app.emit_to(None, "told", text, user=user, group=group)

@command
async def shout(app: AppHandle, text: str) -> None:
    app.broadcast("told", text)

def authenticate(connection):
    who = connection.cookies.get("who")
    return User(who) if who else None

def on_session(app: AppHandle) -> None:
    app.join("room")

builder = Builder().server(authenticate=authenticate, on_session=on_session)
builder.invoke_handler(generate_handler(pid, tell, shout))
"""


@contextmanager
def _serving(folder: Path, redis: Redis, processes: int) -> Iterator[str]:
    written(folder)
    (folder / "board.py").write_text(PROGRAM, "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "transom.cli", "serve", "board:builder", "--port", str(port)]
    environment = {
        "TRANSOM_BUS": redis.address,
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT / "src"))),
    }
    with Program([*command, "--processes", str(processes)], environment) as program:
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            if program.process.poll() is not None:
                raise RuntimeError("".join(program.errors)[-4000:])
            return request(address + "/", {"Cookie": "who=x"}).status == 200

        until(answers, 60)
        yield address
    assert "was never run" not in "".join(program.errors)


def _pages(address: str, processes: int) -> list[Page]:
    """Open pages until every process has one, and return one of each."""
    found: dict[int, Page] = {}
    for number in range(200):
        page = Page(address, f"user{number}")
        number_of_process = page.invoke("pid")
        if number_of_process in found:
            page.close()
        else:
            found[number_of_process] = page
        if len(found) == processes:
            return list(found.values())
    raise AssertionError(f"only {len(found)} processes answered")


def _heard(page: Page, text: str) -> None:
    page.wait(lambda message: message[0] == 4 and message[2] == text)


def test_events_reach_the_sessions_of_every_process(tmp_path: Path) -> None:
    with Redis(tmp_path) as redis, _serving(tmp_path / "app", redis, 3) as address:
        pages = _pages(address, 3)
        for page in pages:
            page.listen("told", 1)
        pages[0].invoke("shout", text="to all")
        pages[1].invoke("tell", text="to the room", group="room")
        for page in pages:
            _heard(page, "to all")
            _heard(page, "to the room")
        pages[0].invoke("tell", text="to one", user=pages[2].who)
        _heard(pages[2], "to one")
        pages[1].invoke("shout", text="last")
        _heard(pages[0], "last")
        texts = [[payload for _, payload in page.events()] for page in pages]
        # Two processes sent the first two: their order is the engine's, and the same for everybody.
        first = texts[0][:2]
        assert sorted(first) == ["to all", "to the room"]
        assert texts == [[*first, "last"]] * 2 + [[*first, "to one", "last"]]
        for page in pages:
            page.close()


def test_a_process_that_is_killed_costs_its_pages_a_reload_and_nothing_else(tmp_path: Path) -> None:
    with Redis(tmp_path) as redis, _serving(tmp_path / "app", redis, 2) as address:
        one, two = _pages(address, 2)
        two.listen("told", 1)
        os.kill(one.invoke("pid"), signal.SIGKILL)
        assert one.closed() in (None, 1006)
        # Another process takes the session up with its ticket, which all of them can check.
        again = Page(address, one.who, one.ticket)
        again.invoke("shout", text="back")
        _heard(two, "back")
        redis.kill()
        again.invoke("shout", text="while the engine is away")
        redis.start()
        _heard(two, "while the engine is away")
        assert [payload for _, payload in two.events()] == ["back", "while the engine is away"]
        for page in (again, two):
            page.close()


def test_a_ticket_or_key_of_another_user_is_worth_nothing_in_any_process(tmp_path: Path) -> None:
    with Redis(tmp_path) as redis, _serving(tmp_path / "app", redis, 2) as address:
        ann = Page(address, "ann")
        for _ in range(8):  # the system gives a connection to any process
            bob = Page(address, "bob", ann.ticket)
            bob.invoke("pid")
            told = [message for message in bob.log if message[:2] == [7, "become"]]
            assert len(told) == 1
            assert told[0][3][:32] != ann.ticket[:32]
            bob.close()
        ann.close()


def test_several_processes_need_an_engine_and_a_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path)
    (tmp_path / "lone_board.py").write_text(PROGRAM, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("TRANSOM_BUS", "TRANSOM_SERVE_TARGET", "TRANSOM_SECRET"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for arguments, said in (
        (["lone_board:builder", "--processes", "2"], "the processes need an engine"),
        (["lone_board"], "write module:name, such as app:builder"),
        (["lone_board:nothing"], "lone_board:nothing cannot be loaded"),
        (["no_such_module:x"], "no_such_module:x cannot be loaded"),
    ):
        assert main(["serve", *arguments]) == 1
        assert said in capsys.readouterr().err
