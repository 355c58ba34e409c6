"""The sessions of a user are counted over all processes: the operation on real engines, what a mover does with it, and servers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from tests.server.engines import BUS_ENGINES, Engine, engine_of
from tests.server.people import Page, admitted, people_of, serving, written
from transom import AppHandle, Builder, command, generate_handler
from transom.errors import LimitReached
from transom.server.moving import Mover, Place, SessionRecord, find_store
from transom.server.moving._store import Answer, Conflict, SessionStore, Stored, user_key

_LONG = 60.0


@pytest.fixture(scope="module", params=BUS_ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_of(request.param, tmp_path_factory.mktemp("engine")) as started:
        yield started


def _with_stores(engine: Engine, scenario: Callable[[SessionStore, SessionStore], Awaitable[None]]) -> None:
    """Run a scenario with the stores of two processes."""

    async def no_answer(_question: bytes) -> bytes:
        return b"gone"

    async def run() -> None:
        stores = [find_store(engine.address, "test", process) for process in ("one", "two")]
        one, two = (store for store in stores if store is not None)
        running = [asyncio.ensure_future(store.run(no_answer)) for store in (one, two)]
        try:
            await scenario(one, two)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    asyncio.run(run())


async def _until_claimed(store: SessionStore, place: Place, limit: int) -> None:
    for _ in range(1000):
        if await store.claim(place, limit, _LONG):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no place was free")


def test_places_are_claimed_up_to_the_limit_kept_and_given_back(engine: Engine) -> None:
    async def scenario(one: SessionStore, two: SessionStore) -> None:
        for store, session_id in ((one, "a"), (two, "b"), (one, "c")):
            assert await store.claim(Place("ann", session_id), 3, _LONG)
        for store in (one, two):
            assert not await store.claim(Place("ann", "d"), 3, _LONG)
            for session_id in "abc":  # its own, in whatever process it is
                assert await store.claim(Place("ann", session_id), 3, _LONG)
        assert await two.claim(Place("a user whose id is *, > and longer" + "r" * 1000, "a"), 1, _LONG)
        await two.give_back(Place("ann", "a"))
        await two.give_back(Place("ann", "a"))  # nothing happens
        await two.give_back(Place("ann", "d"))
        assert await one.claim(Place("ann", "d"), 3, _LONG)
        assert not await two.claim(Place("ann", "a"), 3, _LONG)

    _with_stores(engine, scenario)


def test_of_many_that_come_at_once_as_many_get_places_as_there_are(engine: Engine) -> None:
    async def scenario(one: SessionStore, two: SessionStore) -> None:
        claims = [(one, two)[number % 2].claim(Place("bob", str(number)), 3, _LONG) for number in range(20)]
        assert sum(await asyncio.gather(*claims)) == 3

    _with_stores(engine, scenario)


def test_a_place_that_is_not_held_is_free_again_and_one_that_is_held_stays(engine: Engine) -> None:
    async def scenario(one: SessionStore, two: SessionStore) -> None:
        assert await one.claim(Place("cid", "held"), 2, 0.5)
        assert await one.claim(Place("cid", "of a process that dies"), 2, 0.5)
        await two.hold([Place("cid", "held"), Place("dan", "without a claim")], _LONG)
        await _until_claimed(two, Place("cid", "new"), 2)
        assert not await one.claim(Place("cid", "newer"), 2, _LONG)
        assert await one.claim(Place("cid", "held"), 2, _LONG)
        assert not await one.claim(Place("dan", "another"), 1, _LONG)
        many = [Place(f"user {number % 50}", str(number)) for number in range(1200)]
        await one.hold(many, _LONG)
        assert not await two.claim(Place("user 49", "another"), 24, _LONG)
        assert await two.claim(Place("user 49", "another"), 25, _LONG)

    _with_stores(engine, scenario)


class _Memory(SessionStore):
    """An engine that can be away."""

    def __init__(self) -> None:
        super().__init__("a process")
        self.stored: dict[str, bytes] = {}
        self.is_away = False
        self.before_save: Callable[[], Awaitable[object]] | None = None

    async def run(self, answer: Answer) -> None:
        raise NotImplementedError

    async def load(self, session_id: str) -> Stored:
        if self.is_away:
            raise ConnectionError("away")
        data = self.stored.get(session_id)
        return Stored(data, "" if data is None else str(hash(data)))

    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        if (before := self.before_save) is not None:
            self.before_save = None
            await before()
        if (await self.load(session_id)).mark != mark:
            raise Conflict
        self.stored[session_id] = data
        return str(hash(data))

    async def delete(self, session_id: str, mark: str) -> None:
        self.stored.pop(session_id, None)

    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        raise NotImplementedError

    async def is_alive(self, process: str) -> bool:
        raise NotImplementedError

    def places(self, user: str) -> set[str]:
        return set(msgspec.msgpack.decode(self.stored.get(user_key(user), b"\x80")))


def _record(owner: str) -> bytes:
    return SessionRecord(1, owner, "ann").encode()


def _saver(mover: Mover, session_id: str) -> object:
    return mover.saver(session_id, "", _record, lambda: None, Place("ann", session_id))


def test_without_the_engine_sessions_begin_which_is_logged_once_and_are_counted_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        store = _Memory()
        mover = Mover(store)
        store.is_away = True
        savers = []
        for session_id in ("a", "b"):
            await mover.claim(Place("ann", session_id), 1)
            savers.append(_saver(mover, session_id))
        await mover.hold_places()
        store.is_away = False
        await mover.hold_places()
        assert store.places("ann") == {"a", "b"}
        with pytest.raises(
            LimitReached, match=r"^the user 'ann' .* 1 sessions.*Builder\.server\(max_user_sessions=\.\.\.\)"
        ):
            await mover.claim(Place("ann", "c"), 1)
        await mover.claim(Place("ann", "b"), 1)

    with caplog.at_level(logging.ERROR, "transom"):
        asyncio.run(run())
    assert [record.getMessage() for record in caplog.records] == [
        "the sessions of users are counted in this process alone until the engine is back (ConnectionError: away)"
    ]


def test_a_place_is_given_back_by_an_end_and_not_by_a_move() -> None:
    async def run() -> None:
        store = _Memory()
        mover = Mover(store)
        for session_id in ("ends", "moves", "ends while it is held"):
            await mover.claim(Place("ann", session_id), 3)
        ends, moves, held = (
            mover.saver(each, "", _record, lambda: None, Place("ann", each))
            for each in ("ends", "moves", "ends while it is held")
        )
        await ends.end(keep=False)
        await moves.end(keep=True)
        assert store.places("ann") == {"moves", "ends while it is held"}

        async def end() -> None:
            # An engine may do first what it was asked later.
            held.has_ended = True

        store.before_save = end
        await mover.hold_places()
        assert store.places("ann") == {"moves"}
        store.stored[user_key("ann")] = b"of another version"
        await mover.claim(Place("ann", "new"), 1)
        assert store.places("ann") == {"new"}

    asyncio.run(run())


# Servers


@command
async def leave(app: AppHandle) -> None:
    app.exit()


@command
async def here() -> bool:
    return True


@pytest.mark.parametrize("kind", ["memory", "nats", "redis"])
def test_a_fourth_session_is_refused_wherever_it_comes_and_an_end_makes_room(kind: str, tmp_path: Path) -> None:
    """Two servers over one engine; in memory it is one server."""
    shut = [True]

    def on_session(app: AppHandle) -> None:
        if app.user().id == "eve" and shut:
            raise RuntimeError("not now")

    with ExitStack() as stack:
        engine = None if kind == "memory" else stack.enter_context(engine_of(kind, tmp_path / "engine"))
        folder = written(tmp_path)

        def serve() -> str:
            bus = "memory" if engine is None else engine.address
            builder = Builder().invoke_handler(generate_handler(leave, here))
            builder.server(
                authenticate=people_of, on_session=on_session, max_user_sessions=3, bus=bus, secret="a secret of both"
            )
            return stack.enter_context(serving(builder, folder))

        one = serve()
        two = one if engine is None else serve()
        pages = [Page(address, "ann") for address in (one, two, one)]
        assert all(page.invoke("here") for page in pages)
        for address in (one, two):
            assert Page(address, "ann").closed() == 4029
        other = Page(two, "bob")
        assert other.invoke("here")
        # A session keeps its place where it goes.
        for address in (two, one, two):
            pages[0].close()
            pages[0] = Page(address, "ann", pages[0].ticket)
            assert pages[0].invoke("here")
        assert Page(one, "ann").closed() == 4029
        pages[0].call("leave")
        assert pages[0].closed() == 4002
        pages[0] = admitted(one, "ann", "here")
        assert Page(two, "ann").closed() == 4029
        # What has not begun has no place.
        assert [Page(address, "eve").closed() for address in (one, two) * 2] == [1011] * 4
        shut.clear()
        pages += [other, Page(two, "eve")]
        assert pages[-1].invoke("here")
        for page in pages:
            page.close()
