"""`Builder.server(on_session=...)` that raises, hangs or exits, and state that does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.server.people import Page, people_of, serving, written
from transom import AppHandle, Builder, User
from transom.app import _collector
from transom.runtimes.web.sessions._session import WebSession

pytestmark = pytest.mark.slow  # servers that run, and time limits


def _builder(on_session: Callable[[AppHandle], Any], **options: Any) -> Builder:
    return Builder().server(authenticate=people_of, on_session=on_session, hook_seconds=1, **options)


def _for(who: str, act: Callable[[AppHandle], Any]) -> Callable[[AppHandle], Any]:
    """Return a hook that acts for one user only."""

    async def hook(app: AppHandle) -> None:
        if app.user().id == who:
            await act(app)

    return hook


def _others_get_in(base: str) -> None:
    bob = Page(base, "bob")
    assert bob.invoke("plugin:app|name")
    bob.close()


async def _hangs(_app: AppHandle) -> None:
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if asyncio.current_task() in STUBBORN:
                raise
            STUBBORN.add(asyncio.current_task())  # the first time it goes on


STUBBORN: set[Any] = set()


def test_a_hook_that_raises_ends_its_session_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def raises(_app: AppHandle) -> None:
        raise OSError("no database")

    with serving(_builder(_for("ann", raises)), written(tmp_path)) as base:
        ann = Page(base, "ann")
        assert ann.closed() == 1011
        assert "no database" not in str(ann.socket.close_reason)
        _others_get_in(base)
    assert "the session of the user 'ann' could not be begun" in caplog.text
    assert "no database" in caplog.text


def test_a_hook_that_hangs_is_given_up_and_the_server_stops(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serving(_builder(_for("ann", _hangs)), written(tmp_path)) as base:
        ann = Page(base, "ann")
        assert ann.closed() == 1011
        _others_get_in(base)
        waits = Page(base, "ann")  # the server stops while this one begins
    assert waits.closed() is not None
    assert "Builder.server(on_session=...) for the user 'ann' took more than 1 seconds" in caplog.text


def test_blocking_hooks_keep_no_server_from_its_end(tmp_path: Path) -> None:
    go_on = threading.Event()

    def blocks(_app: AppHandle) -> None:
        go_on.wait(60)

    try:
        with serving(_builder(blocks), written(tmp_path)) as base:
            pages = [Page(base, f"user{number}") for number in range(40)]  # more than there are workers
            assert {page.closed() for page in pages} == {1011}
    finally:
        go_on.set()


def test_a_session_waits_for_its_page_while_the_loop_is_behind() -> None:
    """Thousands of pages at once make everything late that is due, also the end of sessions whose page is still coming."""

    async def run() -> None:
        ended = asyncio.Event()
        nothing: Any = None
        session = WebSession("1", User("ann"), User("ann"), nothing, nothing, 0.05, ended.set)
        threading.Event().wait(0.3)  # the loop is held
        for _ in range(3):
            await asyncio.sleep(0)
        assert not ended.is_set()
        session.page_comes()
        session.page_goes()
        await asyncio.wait_for(ended.wait(), 20)

    asyncio.run(run())


def test_a_hook_that_exits_ends_its_session(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def leaves(app: AppHandle) -> None:
        app.exit()

    with serving(_builder(_for("ann", leaves)), written(tmp_path)) as base:
        for _ in range(3):
            assert Page(base, "ann").closed() == 4002
        _others_get_in(base)
    assert "could not be begun" not in caplog.text


def test_state_that_hangs_costs_its_user_a_time_limit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Slow:
        pass

    class Stuck:
        pass

    async def slow() -> Slow:
        await asyncio.Event().wait()
        return Slow()

    @asynccontextmanager
    async def stuck() -> AsyncIterator[Stuck]:
        yield Stuck()
        await asyncio.Event().wait()

    for scope in ("user", "session"):
        builder = Builder().server(authenticate=people_of, hook_seconds=1).manage(slow, scope=scope)  # type: ignore[arg-type]
        with serving(builder, written(tmp_path / f"slow-{scope}")) as base:
            assert Page(base, "ann").closed() == 1011
        builder = Builder().server(authenticate=people_of, hook_seconds=1).manage(stuck, scope=scope)  # type: ignore[arg-type]
        with serving(builder, written(tmp_path / f"stuck-{scope}")) as base:
            _others_get_in(base)
        assert f"the state of {'the user' if scope == 'user' else 'a session'}" in caplog.text
    assert "closing the state of a session took more than 1 seconds" in caplog.text


def test_the_end_of_a_session_is_told_to_the_watch_over_the_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()
    monkeypatch.setattr(_collector._Watch, "session_ended", lambda _watch: told.set())

    async def leaves(app: AppHandle) -> None:
        app.exit()

    with serving(_builder(_for("ann", leaves)), written(tmp_path)) as base:
        _others_get_in(base)
        assert not told.is_set()
        Page(base, "ann").closed()
        assert told.wait(20)
