"""Many users of one application: nothing of one reaches another."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.conformance.raw_page import request
from tests.server.people import Page, Rejected, cookie_of, people_of, serving, written
from transom import AppHandle, Builder, Channel, User, WebviewWindow, WebviewWindowBuilder, command, generate_handler
from transom.commands import CommandItem
from transom.server import SessionCore

pytestmark = pytest.mark.slow  # servers that run, and sessions that end after a while


class Thing:
    """A resource."""

    closed = 0

    def close(self) -> None:
        Thing.closed += 1


class Named:
    """A parameter of the application's own, which knows the user."""

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def from_command(cls, item: CommandItem) -> Named:
        return cls(f"{item.user.id} called {item.name}")


@command
async def who(user: User, window: WebviewWindow, app: AppHandle, named: Named) -> dict[str, Any]:
    same = app.user() is user is window.user()
    return {"id": user.id, "roles": sorted(user.roles), "label": window.label, "same": same, "named": named.text}


@command
async def windows(app: AppHandle) -> list[str]:
    return sorted(app.windows())


@command
async def more(app: AppHandle, label: str) -> None:
    WebviewWindowBuilder(app, label, "/").build()


@command
async def say(app: AppHandle, text: str) -> None:
    app.emit("said", text)


@command
async def tell(app: AppHandle, text: str, user: str | None = None, group: str | None = None) -> None:
    app.emit_to(None, "told", text, user=user, group=group)


@command
async def shout(app: AppHandle, text: str) -> None:
    app.broadcast("shouted", text)


@command
async def join(app: AppHandle, group: str) -> None:
    app.join(group)


@command
async def leave(app: AppHandle, group: str) -> None:
    app.leave(group)


@command
async def hold(app: AppHandle) -> int:
    return app.resources_table().add(Thing())


@command
async def held(app: AppHandle, rid: int) -> bool:
    return app.resources_table().has(rid)


@command
async def stream(on_message: Channel[int], count: int) -> None:
    for number in range(count):
        on_message.send(number)


@command
async def for_ever(app: AppHandle, log: str) -> None:
    async def run() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            os.close(os.open(log, os.O_CREAT))

    app.spawn(run())


@command
async def leave_all(app: AppHandle) -> None:
    app.exit()


KEPT: list[AppHandle] = []


@command
async def keep_handle(app: AppHandle) -> None:
    KEPT.append(app)


COMMANDS = generate_handler(
    who, windows, more, say, tell, shout, join, leave, hold, held, stream, for_ever, leave_all, keep_handle
)


def _wait_for_end(app: AppHandle) -> None:
    """Wait until a session takes no task any more."""
    for _ in range(2000):
        try:
            app.spawn(asyncio.sleep(0))
        except RuntimeError:
            return
        threading.Event().wait(0.005)
    raise AssertionError("the session has not ended")


def _builder(**options: Any) -> Builder:
    return Builder().server(**{"authenticate": people_of, "max_user_sessions": 3, **options}).invoke_handler(COMMANDS)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(_builder(), written(tmp_path)) as base:
        yield base


@pytest.fixture
def pages(address: str) -> Iterator[list[Page]]:
    found: list[Page] = []
    yield found
    for page in found:
        page.close()


def _opened(pages: list[Page], *args: Any, **changes: Any) -> Page:
    page = Page(*args, **changes)
    pages.append(page)
    return page


def test_a_command_knows_its_user_by_the_middleware_of_starlette(address: str, pages: list[Page]) -> None:
    ann, bob = _opened(pages, address, "ann:admin-author"), _opened(pages, address, "bob")
    assert ann.invoke("who") == {
        "id": "ann",
        "roles": ["admin", "author"],
        "label": "main",
        "same": True,
        "named": "ann called who",
    }
    assert bob.invoke("who")["id"] == "bob"


def test_nobody_gets_in_without_a_user(address: str, pages: list[Page]) -> None:
    assert request(address + "/").status == 401
    ann = _opened(pages, address, "ann")
    fresh = Page.__new__(Page)
    fresh.address, fresh.who, fresh.key, fresh.ticket = ann.address, None, ann.key, ann.ticket
    with pytest.raises(InvalidStatus) as caught:
        fresh.connect()
    assert caught.value.response.status_code == 403


def test_window_labels_are_of_each_session_alone(address: str, pages: list[Page]) -> None:
    ann, bob = _opened(pages, address, "ann"), _opened(pages, address, "bob")
    ann.invoke("more", label="settings")
    bob.invoke("more", label="settings")  # the label is free in Bob's session
    assert ann.invoke("windows") == bob.invoke("windows") == ["main", "settings"]
    assert ann.invoke("plugin:window|get_all_windows") == ["main", "settings"]
    again = _opened(pages, address, "ann")  # another tab of Ann's is another session
    assert again.invoke("windows") == ["main"]


def test_an_event_stays_in_its_session_and_pages_cannot_emit_to_others(address: str, pages: list[Page]) -> None:
    ann, second, bob = (_opened(pages, address, name) for name in ("ann", "ann", "bob"))
    for page in (ann, second, bob):
        for event in ("said", "own"):
            page.listen(event, 1)
            page.listen(event, 2, "WebviewWindow", "main")
            page.listen(event, 3, "App")
    ann.invoke("say", text="here")
    ann.invoke("plugin:event|emit", event="own", payload=1)
    for target in ({"kind": "Any"}, {"kind": "App"}, {"kind": "AnyLabel", "label": "main"}):
        ann.invoke("plugin:event|emit_to", event="own", target=target, payload=2)
    heard = ann.events()
    assert ["said", "here"] in heard
    assert ["own", 2] in heard
    assert second.events() == bob.events() == []


def test_other_sessions_are_reached_by_name_only(address: str, pages: list[Page]) -> None:
    ann, second, bob, cy = (_opened(pages, address, name) for name in ("ann", "ann", "bob", "cy"))
    everybody = (ann, second, bob, cy)
    for page in everybody:
        page.listen("told", 1)
        page.listen("shouted", 1)
    cy.invoke("tell", text="to Ann", user="ann")
    bob.invoke("join", group="room")
    cy.invoke("join", group="room")
    cy.invoke("tell", text="to the room", group="room")
    bob.invoke("leave", group="room")
    ann.invoke("tell", text="to the rest of the room", group="room")
    ann.invoke("shout", text="to all")
    assert [page.events() for page in everybody] == [
        [["told", "to Ann"], ["shouted", "to all"]],
        [["told", "to Ann"], ["shouted", "to all"]],
        [["told", "to the room"], ["shouted", "to all"]],
        [["told", "to the room"], ["told", "to the rest of the room"], ["shouted", "to all"]],
    ]


def test_ids_of_another_session_mean_nothing(address: str, pages: list[Page]) -> None:
    ann, bob = _opened(pages, address, "ann"), _opened(pages, address, "bob")
    rid = ann.invoke("hold")
    assert not bob.invoke("held", rid=rid)
    with pytest.raises(Rejected, match="resource"):
        bob.invoke("plugin:resources|close", rid=rid)
    assert ann.invoke("held", rid=rid)
    listener = ann.listen("said", 5)
    bob.invoke("plugin:event|unlisten", event="said", eventId=listener)
    bob.send([[1, ann.number]])  # cancels a call of Ann's number
    ann.invoke("say", text="still")
    assert ["said", "still"] in ann.events()


def test_channels_of_one_number_are_of_their_own_pages(address: str, pages: list[Page]) -> None:
    ann, bob = _opened(pages, address, "ann"), _opened(pages, address, "bob")
    ann.invoke("stream", onMessage="__CHANNEL__:7", count=3)
    bob.invoke("stream", onMessage="__CHANNEL__:7", count=1)
    assert [page.channel(7) for page in (ann, bob)] == [[0, 1, 2], [0]]


def test_a_ticket_and_a_key_of_another_user_are_worth_nothing(address: str, pages: list[Page]) -> None:
    ann = _opened(pages, address, "ann")
    ann.invoke("more", label="settings")
    # Her ticket: Bob gets a session of his own, and is told its ticket.
    bob = _opened(pages, address, "bob", ann.ticket)
    assert bob.invoke("who")["id"] == "bob"
    assert bob.invoke("windows") == ["main"]
    [(_, _, label, ticket)] = [message for message in bob.log if message[:2] == [7, "become"]]
    assert label == "main"
    assert ticket[:32] != ann.ticket[:32]
    # Her key, as long as it was not used, and to connect again in her place.
    other = _opened(pages, address, "ann")
    unused = Page.__new__(Page)
    unused.address, unused.who = ann.address, "bob"
    unused.key, unused.ticket = other.key, other.ticket
    for words in ((), ("again.0",), (f"again.{other.received}",)):
        with suppress(InvalidStatus):
            socket = unused.connect(*words)
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=20)  # nothing is said before it is closed
            assert socket.close_code in (4011, 1008)
    assert other.invoke("who")["id"] == "ann"


def test_a_key_opens_one_link(address: str, pages: list[Page]) -> None:
    ann = _opened(pages, address, "ann")
    with pytest.raises(InvalidStatus):
        ann.connect()
    with pytest.raises(InvalidStatus):
        ann.connect(key="0" * 74)


def test_a_page_that_is_loaded_again_is_in_its_session(address: str, pages: list[Page]) -> None:
    ann = _opened(pages, address, "ann")
    ann.invoke("more", label="settings")
    ann.close()
    again = _opened(pages, address, "ann", ann.ticket)
    assert again.invoke("windows") == ["main", "settings"]


def test_roles_that_a_user_has_lost_are_lost_with_the_next_page(address: str, pages: list[Page]) -> None:
    ann = _opened(pages, address, "ann:admin")
    ann.invoke("more", label="settings")
    for who in ("ann", "ann:author"):
        again = _opened(pages, address, who, ann.ticket)
        assert again.invoke("who")["roles"] == who.split(":")[1:]
        assert again.invoke("windows") == ["main"]
        # Nor does her link go on, which was opened with them.
        with suppress(InvalidStatus):
            socket = ann.connect(f"again.{ann.received}", who=who)
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=20)
            assert socket.close_code == 4011


def test_a_session_that_ends_late_leaves_the_one_after_it_in_place(address: str, pages: list[Page]) -> None:
    KEPT.clear()
    ann, bob = _opened(pages, address, "ann"), _opened(pages, address, "bob")
    ann.invoke("keep_handle")
    ended = KEPT.pop()
    ann.call("leave_all")
    assert ann.closed() == 4002
    _wait_for_end(ended)
    again = _opened(pages, address, "ann", ann.ticket)
    again.listen("shouted", 1)
    core: Any = ended._app
    core._server.forget(core)
    bob.invoke("shout", text="x")
    assert again.events() == [["shouted", "x"]]


def test_exit_ends_the_session_and_nothing_else(address: str, pages: list[Page], tmp_path: Path) -> None:
    ann, bob = _opened(pages, address, "ann"), _opened(pages, address, "bob")
    log = tmp_path / "log"
    ann.invoke("for_ever", log=str(log))
    closed = Thing.closed
    ann.invoke("hold")
    ann.call("leave_all")
    assert ann.closed() == 4002
    assert bob.invoke("who")["id"] == "bob"
    for _ in range(2000):
        if log.exists():
            break
        bob.invoke("who")
    assert log.exists()
    assert Thing.closed == closed + 1


def test_sessions_and_windows_are_bounded_and_an_ended_session_makes_room(address: str, pages: list[Page]) -> None:
    three = [_opened(pages, address, "ann") for _ in range(3)]
    for page in three:
        page.invoke("who")
    fourth = _opened(pages, address, "ann")
    assert fourth.closed() == 4029
    assert _opened(pages, address, "bob").invoke("who")["id"] == "bob"
    three[0].call("leave_all")
    assert three[0].closed() == 4002
    assert _opened(pages, address, "ann").invoke("who")["id"] == "ann"
    for number in range(19):
        three[1].invoke("more", label=f"w{number}")
    with pytest.raises(Rejected, match=r"Builder\.server\(max_windows=\.\.\.\)"):
        three[1].invoke("more", label="one-more")


def test_another_site_may_lead_here_and_its_requests_stay_out(address: str, pages: list[Page]) -> None:
    navigation = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}
    answer = request(address + "/?page=2", {**cookie_of("ann"), **navigation})
    assert answer.status == 200
    assert 'location.replace("/?page=2"' in answer.text
    assert '"key"' not in answer.text
    part = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script", "Sec-Fetch-Site": "cross-site"}
    assert request(address + "/", {**cookie_of("ann"), **part}).status == 403
    ann = _opened(pages, address, "ann")
    for origin in ("http://evil.example", None):
        with pytest.raises(InvalidStatus):
            ann.connect(key=_fresh_key(address), origin=origin)


def _fresh_key(address: str) -> str:
    page = Page(address, "ann")
    page.close()
    return page.key


def test_anonymous_sessions_have_nothing_in_common(tmp_path: Path) -> None:
    with serving(_builder(anonymous=True), written(tmp_path)) as base:
        one, two, ann = Page(base, None), Page(base, None), Page(base, "ann")
        ids = {page.invoke("who")["id"] for page in (one, two, ann)}
        assert len(ids) == 3
        two.listen("told", 1)
        one.invoke("tell", text="x", user="anonymous")
        assert two.events() == []
        # Its ticket is all that an anonymous page has: made up, it begins a session of its own.
        made_up = Page(base, None, "0" * 64)
        assert made_up.invoke("who")["id"] not in ids
        for page in (one, two, ann, made_up):
            page.close()


def test_sessions_that_have_ended_do_not_pile_up(tmp_path: Path) -> None:
    KEPT.clear()
    with serving(_builder(max_user_sessions=50), written(tmp_path)) as base:
        stays = Page(base, "stays")
        stays.invoke("join", group="room")
        for _ in range(5):
            pages = [Page(base, "gone") for _ in range(8)]
            for page in pages:
                page.invoke("join", group="room")
                page.invoke("hold")
                page.invoke("keep_handle")
                page.listen("told", 1)
                page.call("leave_all")
            for page in pages:
                assert page.closed() == 4002
            for app in KEPT:
                _wait_for_end(app)
                app.join("late")  # as a command that still runs
            KEPT.clear()
        del app
        count = 40
        for _ in range(100):  # the last calls of a page have three seconds
            gc.collect()
            cores = (each for each in gc.get_objects() if isinstance(each, SessionCore))
            count = sum(core.client.user.id == "gone" for core in cores)
            if not count:
                break
            threading.Event().wait(0.1)
        assert count == 0
        stays.close()


def test_an_application_in_a_window_has_one_local_user() -> None:
    assert User.LOCAL.id == "local"
