"""A session goes on in the process that takes it up: two real processes over a real Redis and a real NATS."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, repeat
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.conformance.application import Program
from tests.conformance.raw_page import request
from tests.requirements import ROOT
from tests.runtimes.browser import Tab, browser
from tests.server.engines import ENGINES, Engine, engine_of, free_port, until
from tests.server.people import Page, admitted, written
from tests.server.proxy import proxied
from transom.server.moving import SessionRecord, find_store

pytestmark = pytest.mark.slow  # servers that run

IDENTIFIER = "app.transom.conformance"

PROGRAM = """
import os
from dataclasses import dataclass, field
from transom import AppHandle, Builder, State, User, WebviewWindowBuilder, command, generate_handler
from transom.server.moving import Mover

@dataclass
class Cart:
    items: list[str] = field(default_factory=list)

@command
async def pid() -> int:
    return os.getpid()

@command
def put(item: str, cart: State[Cart]) -> list[str]:
    cart.items.append(item)
    return cart.items

@command
async def put_and_save(app: AppHandle, item: str, cart: State[Cart]) -> None:
    cart.items.append(item)
    await app.save_session()

@command
async def join(app: AppHandle, group: str) -> None:
    app.join(group)

@command
async def tell(app: AppHandle, group: str, text: str) -> None:
    app.emit_to(None, "told", text, group=group)

@command
async def more(app: AppHandle, label: str) -> None:
    WebviewWindowBuilder(app, label, "/").build()

@command
async def windows(app: AppHandle) -> list[str]:
    return list(app.windows())

@command
async def leave(app: AppHandle) -> None:
    app.exit()

def authenticate(connection):
    who = connection.cookies.get("who")
    return User(who) if who else None

# The places of a process that has died are free in seconds.
Mover.place_seconds = 4.0
builder = Builder().manage(Cart, scope="session", shared=True)
builder.server(authenticate=authenticate, max_shared_bytes=1000, max_user_sessions=6)
builder.invoke_handler(generate_handler(pid, put, put_and_save, join, tell, more, windows, leave))
"""


class Two(NamedTuple):
    """Two processes that share an engine and a secret; no proxy decides which of them a page meets."""

    one: str
    two: str
    engine: Engine


def _start(programs: ExitStack, folder: Path, engine: Engine) -> str:
    port = free_port()
    command = [sys.executable, "-m", "transom.cli", "serve", "board:builder", "--port", str(port)]
    environment = {
        "TRANSOM_BUS": engine.address,
        "TRANSOM_SECRET": "a secret of two processes",
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT / "src"))),
    }
    program = programs.enter_context(Program(command, environment))
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        if program.process.poll() is not None:
            raise RuntimeError("".join(program.errors)[-4000:])
        return request(address + "/", {"Cookie": "who=x"}).status == 200

    until(answers, 60)
    return address


@pytest.fixture(scope="module", params=ENGINES)
def processes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = written(tmp_path_factory.mktemp("app"))
    (folder / "board.py").write_text(PROGRAM, "utf-8")
    with engine_of(request.param, folder / "engine") as engine, ExitStack() as programs:
        yield Two(_start(programs, folder, engine), _start(programs, folder, engine), engine)


def _there(address: str, page: Page) -> Page:
    """Return the same tab, loaded again at another process."""
    return Page(address, page.who, page.ticket)


def _heard(page: Page, text: str) -> None:
    page.wait(lambda message: message[0] == 4 and message[2] == text)


def test_state_groups_and_windows_are_there_after_a_reload_at_another_process(processes: Two) -> None:
    page = Page(processes.one, "ann")
    page.listen("told", 1)
    assert page.invoke("put", item="apples") == ["apples"]
    page.invoke("join", group="buyers")
    page.invoke("more", label="settings")
    first = page.invoke("pid")
    page.close()
    moved = _there(processes.two, page)
    assert moved.invoke("pid") != first
    assert moved.invoke("put", item="pears") == ["apples", "pears"]
    assert moved.invoke("windows") == ["main", "settings"]
    moved.listen("told", 1)
    moved.invoke("tell", group="buyers", text="to the buyers")
    _heard(moved, "to the buyers")
    moved.close()
    back = _there(processes.one, page)
    assert back.invoke("pid") == first
    assert back.invoke("put", item="plums") == ["apples", "pears", "plums"]
    back.close()


def test_one_process_has_a_session_at_a_time(processes: Two) -> None:
    page = Page(processes.one, "eve")
    page.invoke("put", item="tea")
    # A second tab with the same ticket, as a browser makes it when a tab is duplicated: the user decides.
    second = _there(processes.two, page)
    assert second.closed() == 4010
    assert page.invoke("put", item="milk") == ["tea", "milk"]
    second._socket = second.connect("take")
    assert second.invoke("put", item="sugar") == ["tea", "milk", "sugar"]
    assert page.closed() == 1012
    second.close()


def test_a_page_meets_the_process_that_has_other_windows_of_its_session(processes: Two) -> None:
    main = Page(processes.one, "dan")
    main.invoke("more", label="settings")
    ticket = main.wait(lambda message: message[:2] == [7, "open"])[4]
    settings = Page(processes.two, "dan", ticket)
    assert settings.closed() == 4013  # it connects again, until it meets the other process
    settings = Page(processes.one, "dan", ticket)
    assert settings.invoke("windows") == ["main", "settings"]
    # A connection that was lost is told the same, as its link goes on elsewhere.
    main.close()
    lost = Page.__new__(Page)
    lost.__dict__.update(main.__dict__, address=processes.two + "/")
    lost._socket = lost.connect("again.0")
    assert lost.closed() == 1013
    settings.close()


def test_state_of_others_or_of_a_session_that_has_ended_is_not_found(processes: Two) -> None:
    page = Page(processes.one, "fay")
    page.invoke("put_and_save", item="secret")
    thief = Page(processes.two, "tom", page.ticket)
    assert thief.invoke("put", item="nothing") == ["nothing"]
    thief.close()
    page.call("leave")
    assert page.closed() == 4002
    new = _there(processes.two, page)
    assert new.invoke("put", item="fresh") == ["fresh"]
    new.close()


def test_what_is_stored_in_another_form_begins_anew_and_what_is_sent_in_another_form_is_left_out(
    processes: Two,
) -> None:
    no_fields = SessionRecord(1, "", "kim", state={"board.Cart": msgspec.msgpack.encode({"items": 5})}).encode()
    for stored in (msgspec.msgpack.encode([2, "", "kim"]), b"?", no_fields):
        page = Page(processes.one, "kim")
        page.invoke("put_and_save", item="old")
        page.close()
        asyncio.run(_store(processes.engine, page.ticket[:32], stored))
        again = _there(processes.two, page)
        assert again.invoke("put", item="new") == ["new"]
        again.close()
    listening = Page(processes.two, "lee")
    listening.invoke("join", group="buyers")
    listening.listen("told", 1)
    processes.engine.write(msgspec.msgpack.encode([99, "a process", 1, "told"]), b"?", name=IDENTIFIER)
    teller = Page(processes.one, "kim")
    teller.invoke("tell", group="buyers", text="in this version")
    _heard(listening, "in this version")
    assert [payload for _, payload in listening.events()] == ["in this version"]
    for each in (listening, teller):
        each.close()


async def _store(engine: Engine, session_id: str, data: bytes) -> None:
    store = find_store(engine.address, IDENTIFIER, "a process of another version")
    assert store is not None
    running = asyncio.ensure_future(store.run(_no_answer))
    try:
        await store.save(session_id, (await store.load(session_id)).mark, data)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _no_answer(_question: bytes) -> bytes:
    return b"gone"


def test_a_page_that_claims_more_than_was_sent_is_loaded_again(processes: Two) -> None:
    page = Page(processes.one, "max")
    page.invoke("put_and_save", item="here")
    future = Page.__new__(Page)
    future.__dict__.update(page.__dict__)
    future._socket = future.connect("again.999999999")
    assert future.closed() == 4011
    page.close()
    again = _there(processes.one, page)
    assert again.invoke("put", item="too") == ["here", "too"]
    again.close()


def test_state_over_the_bound_is_not_stored_and_begins_anew(processes: Two) -> None:
    page = Page(processes.one, "gus")
    page.invoke("put_and_save", item="x" * 2000)
    page.close()
    moved = _there(processes.two, page)
    assert moved.invoke("put", item="y") == ["y"]
    moved.close()


_INVOKE = "window.__TAURI_INTERNALS__.invoke"


def _put(tab: Tab, item: str) -> str:
    return str(tab.eval(f"{_INVOKE}('put', {{ item: {item!r} }}).then(String)"))


@pytest.mark.parametrize("processes", ["redis"], indirect=True)
def test_a_page_in_a_browser_finds_its_session_in_whatever_process_it_meets(processes: Two) -> None:
    one, two = (urlsplit(address).port or 0 for address in (processes.one, processes.two))
    with proxied([one]) as proxy, browser() as found:
        address = f"http://127.0.0.1:{proxy.port}/"
        tab = found.tab()
        tab.goto(address)
        tab.eval("document.cookie = 'who=ivy'")
        tab.goto(address)
        first = tab.eval(f"{_INVOKE}('pid')")
        assert _put(tab, "apples") == "apples"
        # Another window of the session meets the other process, and tries until it meets this one.
        proxy.targets = chain([two] * 3, repeat(one))
        tab.eval(f"{_INVOKE}('more', {{ label: 'settings' }})")
        settings = found.tab_number(1)
        settings.wait("window.__TAURI_INTERNALS__?.metadata.currentWindow.label === 'settings'")
        assert settings.eval(f"{_INVOKE}('pid')") == first
        assert _put(settings, "pears") == "apples,pears"
        settings.goto("about:blank")
        # The page is loaded again, by the other process.
        proxy.targets = repeat(two)
        proxy.drop()
        tab.goto(address)
        assert tab.eval(f"{_INVOKE}('pid')") != first
        assert _put(tab, "plums") == "apples,pears,plums"


def test_over_an_engine_that_goes_away_the_session_stays_and_is_stored_later(processes: Two) -> None:
    page = Page(processes.one, "hal")
    page.invoke("put_and_save", item="one")
    processes.engine.kill()
    assert page.invoke("put", item="two") == ["one", "two"]
    # Each process counts the sessions of a user for itself meanwhile.
    many = [Page(processes.one, "jim") for _ in range(7)]
    assert all(each.invoke("pid") for each in many[:6])
    assert many[6].closed() == 4029
    processes.engine.start()
    until(lambda: _saves(page))
    page.close()
    moved = _there(processes.two, page)
    assert moved.invoke("put", item="three")[:2] == ["one", "two"]
    for each in (moved, *many):
        each.close()


def _saves(page: Page) -> bool:
    answer: Any = page.call("put_and_save", item="more")
    kind, *_ = page.wait(lambda message: message[0] in (0, 1) and message[1] == answer)
    return bool(kind == 0)


def test_what_was_stored_outlives_a_process_that_is_killed_and_the_places_of_its_sessions_come_back(
    processes: Two,
) -> None:
    """The last one, as the process is gone."""
    page = Page(processes.two, "bob")
    page.invoke("put_and_save", item="bread")
    stays = [Page(processes.one, "bob") for _ in range(2)]
    lost = [Page(processes.two, "bob") for _ in range(3)]
    for each in (*stays, *lost):
        each.invoke("pid")
    assert Page(processes.one, "bob").closed() == 4029
    os.kill(page.invoke("pid"), signal.SIGKILL)
    assert page.closed() in (None, 1006)
    again = _there(processes.one, page)
    assert again.invoke("put", item="salt") == ["bread", "salt"], "it has its place"
    new = [admitted(processes.one, "bob", "pid") for _ in lost]
    assert Page(processes.one, "bob").closed() == 4029, "those of the process that lives are held"
    for each in (again, *stays, *new):
        each.close()
