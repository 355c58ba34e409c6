"""State of a session and of a user."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, running
from tests.server.people import Page, people_of, serving, written
from transom import AppHandle, Builder, ConfigError, State, User, command, generate_handler
from transom.runtimes import ServerOptions, Tickets
from transom.runtimes.web.sessions import Sessions

pytestmark = pytest.mark.slow  # servers that run

LOG: list[str] = []


class Cart:
    """State of a session, made without anything."""

    def __init__(self) -> None:
        self.items: list[str] = []


class Account:
    def __init__(self, user: User) -> None:
        self.owner = user.id
        self.visits = 0


class Shop:
    """State of the application."""


class Note:
    """What a session manages itself."""


@asynccontextmanager
async def account(user: User) -> AsyncIterator[Account]:
    if user.id == "broken":
        raise OSError("the account is broken")
    LOG.append(f"+{user.id}")
    try:
        yield Account(user)
    finally:
        LOG.append(f"-{user.id}")


@command
async def put(item: str, cart: State[Cart], account: State[Account], shop: State[Shop]) -> dict[str, Any]:
    cart.items.append(item)
    account.visits += 1
    return {"items": cart.items, "owner": account.owner, "visits": account.visits}


@command
async def note(app: AppHandle) -> bool:
    return app.manage(Note())


@command
async def noted(app: AppHandle) -> bool:
    return app.try_state(Note) is not None


@command
async def leave(app: AppHandle) -> None:
    app.exit()


def _builder() -> Builder:
    builder = Builder().manage(Shop()).manage(Cart, scope="session").manage(account, scope="user")
    return builder.invoke_handler(generate_handler(put, note, noted, leave))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    LOG.clear()
    with serving(_builder().server(authenticate=people_of, idle_seconds=1), written(tmp_path)) as base:
        yield base


def _until(condition: Callable[[], object]) -> None:
    for _ in range(2000):
        if condition():
            return
        threading.Event().wait(0.005)
    raise AssertionError(LOG)


def test_a_session_has_a_cart_and_a_user_an_account(address: str) -> None:
    first, second, bob = Page(address, "ann"), Page(address, "ann"), Page(address, "bob")
    assert first.invoke("put", item="a") == {"items": ["a"], "owner": "ann", "visits": 1}
    assert second.invoke("put", item="b") == {"items": ["b"], "owner": "ann", "visits": 2}
    assert bob.invoke("put", item="c") == {"items": ["c"], "owner": "bob", "visits": 1}
    assert first.invoke("note")
    assert [page.invoke("noted") for page in (first, second, bob)] == [True, False, False]
    assert LOG == ["+ann", "+bob"]
    first.call("leave")
    assert first.closed() == 4002
    assert second.invoke("put", item="d")["visits"] == 3
    assert LOG == ["+ann", "+bob"]  # Ann has a session yet
    second.call("leave")
    _until(lambda: LOG == ["+ann", "+bob", "-ann"])
    bob.close()  # a page that goes leaves its session, which ends when it was idle
    _until(lambda: LOG == ["+ann", "+bob", "-ann", "-bob"])


def test_a_factory_that_fails_costs_its_session_alone(address: str, caplog: pytest.LogCaptureFixture) -> None:
    assert Page(address, "broken").closed() == 1011
    assert Page(address, "broken").closed() == 1011
    assert "the account is broken" in caplog.text
    ann = Page(address, "ann")
    assert ann.invoke("put", item="a")["owner"] == "ann"
    ann.close()


def test_the_end_of_the_server_closes_all_state(tmp_path: Path) -> None:
    LOG.clear()
    with serving(_builder().server(authenticate=people_of), written(tmp_path)) as base:
        pages = [Page(base, "ann"), Page(base, "bob")]
        for page in pages:
            page.invoke("put", item="x")
    assert sorted(LOG) == ["+ann", "+bob", "-ann", "-bob"]
    for page in pages:
        page.close()


def test_the_end_of_the_server_ends_the_sessions_that_begin() -> None:
    async def check() -> None:
        began, cancelled = asyncio.Event(), asyncio.Event()

        class Host:
            moving = None

            async def begin_session(self, *_: Any, **__: Any) -> Any:
                began.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    cancelled.set()

        host: Any = Host()
        sessions = Sessions(host, ServerOptions(), Tickets("secret"), lambda _: None)
        taking = asyncio.ensure_future(sessions.take("a", User("ann")))
        async with asyncio.timeout(SOON):
            await began.wait()
            await sessions.end_all()
            assert cancelled.is_set()
            with pytest.raises(asyncio.CancelledError):
                await taking
        assert sessions.count == 0

    asyncio.run(check())


def test_an_application_for_one_user_has_both(tmp_path: Path) -> None:
    LOG.clear()
    with running(builder=_builder()) as application:
        assert application.page.invoke("put", {"item": "a"}) == {"items": ["a"], "owner": "local", "visits": 1}
    assert LOG == ["+local", "-local"]


def test_what_is_no_factory_is_refused() -> None:
    def two(user: User, more: int) -> Cart:
        return Cart()

    with pytest.raises(ConfigError, match="takes a factory"):
        Builder().manage(Cart(), scope="session")
    with pytest.raises(ConfigError, match="takes nothing, or the User alone"):
        Builder().manage(two, scope="session")
    with pytest.raises(ConfigError, match="'page' is not a scope"):
        Builder().manage(Cart, scope="page")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"needs Builder\.server"):
        Builder().manage(Cart, scope="session").build(_context()).asgi()


def _context() -> Any:
    from tests.mock_app import context

    return context()


def test_two_factories_of_one_class_are_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    builder = Builder().manage(Cart, scope="session").manage(lambda: Cart(), scope="session")
    with serving(builder.server(authenticate=people_of), written(tmp_path)) as base:
        assert Page(base, "ann").closed() == 1011
    assert "two factories" in caplog.text
