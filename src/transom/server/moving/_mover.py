"""Takes sessions up that were at other processes, and hands over those of this one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeAlias, TypeVar
from weakref import WeakSet

import msgspec

from ...acl import User
from ...errors import LimitReached
from ...runtimes import SessionElsewhere, Verdict
from ._record import VERSION, SessionRecord, decode_record
from ._saver import Saver
from ._store import KEPT_SECONDS, Conflict, Place, SessionStore

__all__ = ["Mover", "Release", "Taken"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_ATTEMPTS = 5
_ASK_SECONDS = 2.0  # a process that says nothing for so long has lost the session
_LOOK_SECONDS = 3.0  # what the engine gets for an answer
# Seconds after attempts to ask the engine: a connection may be one to an engine that was started again.
_WAITS = (0.05, 0.2, 0)
# Gives a session up for a page of another process: session, label of the page's window, whether the user has chosen it.
Release: TypeAlias = Callable[[str, str, bool], Awaitable[Verdict]]


class _Question(msgspec.Struct, frozen=True, array_like=True):
    session_id: str
    label: str
    takes: bool


_questions = msgspec.msgpack.Decoder(_Question)


class Taken(msgspec.Struct, frozen=True):
    """A session that this process owns now.

    Attributes:
        record: What it was at another process; `None` for a session that begins.
        mark: See `Stored`.
    """

    record: SessionRecord | None
    mark: str


class Mover:
    """The sessions of this process in the engine. On the event loop.

    Args:
        store: Where they are kept.
    """

    # How long a session that no process holds is counted for its user; it is held three times as often. A page that has lost its
    # process is in another one within seconds, and a session without a page would have ended after half a minute.
    place_seconds = 180.0

    def __init__(self, store: SessionStore) -> None:
        self._store = store
        self._counts_alone = False  # since the engine did not answer
        self._savers: WeakSet[Saver] = WeakSet()
        self._release: Release | None = None
        # Ends a session that another process has taken up.
        self.drop: Callable[[str], object] = lambda _: None

    def on_release(self, release: Release, drop: Callable[[str], object]) -> None:
        """See `runtimes.Moving`."""
        self._release = release
        self.drop = drop

    async def run(self) -> None:
        """Answer other processes, and keep what is stored from being forgotten, until the task is cancelled."""
        answering = asyncio.ensure_future(self._store.run(self._answer))
        waited = 0.0
        try:
            while True:
                await asyncio.sleep(self.place_seconds / 3)
                await self.hold_places()
                waited += self.place_seconds / 3
                if waited < KEPT_SECONDS / 3:
                    continue
                waited = 0.0
                for saver in list(self._savers):
                    with suppress(Exception):  # it is logged where there is something new to store
                        await saver.save(again=True)
        finally:
            # A loop that ends has cancelled every task: twice would leave connections open.
            if not answering.cancelling():
                answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)

    async def _answer(self, question: bytes) -> bytes:
        verdict: Verdict = "gone"
        try:
            asked = _questions.decode(question)
            if self._release is not None:
                verdict = await self._release(asked.session_id, asked.label, asked.takes)
        except Exception:  # noqa: BLE001 - the other process gets an answer, and the record says who owns the session
            _log.exception("a session could not be handed over to another process")
        return verdict.encode()

    # The places of users

    async def claim(self, place: Place, limit: int) -> None:
        """Claim a place for a session among those of its user in all processes.

        Without the engine, the session has none until the engine is back: then only the count of each process is a bound.

        Args:
            place: The session and its user.
            limit: How many sessions a user may have.

        Raises:
            LimitReached: The user has so many.
        """

        def claimed() -> Awaitable[bool]:
            return asyncio.wait_for(self._store.claim(place, limit, self.place_seconds), _LOOK_SECONDS)

        try:
            has_place = await _patiently(claimed, _WAITS[-1:] if self._counts_alone else _WAITS)
        except Exception as error:  # noqa: BLE001 - an engine goes away in many ways
            self._count_alone(error)
            return
        self._counts_alone = False
        if not has_place:
            raise LimitReached(f"the user {place.user!r}", limit, "sessions", "max_user_sessions", "Builder.server")

    async def hold_places(self) -> None:
        """Hold the places of the sessions of this process."""
        held = {saver: saver.place for saver in list(self._savers) if saver.place is not None}
        if not held:
            return
        try:
            await self._store.hold(list(held.values()), self.place_seconds)
        except Exception as error:  # noqa: BLE001 - an engine goes away in many ways
            self._count_alone(error)
            return
        self._counts_alone = False
        for saver, place in held.items():
            if saver.has_ended:  # meanwhile, so that its place may have been held after it was given back
                await self.give_back(place)

    async def give_back(self, place: Place) -> None:
        """Free the place of a session that there is not."""
        with suppress(Exception):  # it is free when it was not held for long enough
            await asyncio.wait_for(self._store.give_back(place), _LOOK_SECONDS)

    def _count_alone(self, failure: Exception) -> None:
        if not self._counts_alone:
            self._counts_alone = True
            _log.error(
                "the sessions of users are counted in this process alone until the engine is back (%s: %s)",
                type(failure).__name__,
                failure,
            )

    # Sessions that move

    async def take_or_begin(self, session_id: str, user: User, label: str, *, takes: bool) -> Taken:
        """Make this process the owner of a session, as `take` does; without the engine, let it begin anew.

        When the engine is back, the session is stored, unless there is one already.

        Raises:
            SessionElsewhere: It stays at the process that has it.
        """
        try:
            return await _patiently(partial(self.take, session_id, user, label, takes=takes), _WAITS)
        except SessionElsewhere:
            raise
        except Exception as error:  # noqa: BLE001 - an engine goes away in many ways
            _log.error("a session begins without what is stored of it (%s: %s)", type(error).__name__, error)
            return Taken(None, "")

    async def take(self, session_id: str, user: User, label: str, *, takes: bool) -> Taken:
        """Make this process the owner of a session.

        Args:
            session_id: The session.
            user: Its user.
            label: Label of the window whose page is here.
            takes: Whether the user has chosen this page over another one of the window.

        Raises:
            SessionElsewhere: It stays at the process that has it.
            Exception: The engine cannot be reached.
        """
        for _ in range(_ATTEMPTS):
            record, mark = await self._find(session_id, user)
            if record is not None and record.owner not in ("", self._store.process):
                question = msgspec.msgpack.encode(_Question(session_id, label, takes))
                answer = await self._store.ask(record.owner, question, _ASK_SECONDS)
                if answer in (b"kept", b"elsewhere"):
                    raise SessionElsewhere(may_take=answer == b"elsewhere")
                if answer == b"released":
                    before = mark
                    record, mark = await self._find(session_id, user)
                    if mark != before and record is not None and record.owner:
                        continue  # it has begun there again, or at a third process: that one is asked
            claimed = msgspec.structs.replace(
                SessionRecord(VERSION, "", user.id) if record is None else record, owner=self._store.process
            )
            with suppress(Conflict):  # another process was faster: it is asked for the session
                return Taken(record, await self._store.save(session_id, mark, claimed.encode()))
        raise SessionElsewhere(may_take=False)

    async def _find(self, session_id: str, user: User | None = None) -> tuple[SessionRecord | None, str]:
        """Return the record of a session and its mark; `None` if there is none, or it is of another user than this one."""
        data, mark = await self._store.load(session_id)
        if data is None:
            return None, mark
        record = decode_record(data)
        if record is None:
            _log.warning("a session is stored in the form of another version of transom; it begins anew")
        elif user is not None and record.user != user.id:
            record = None
        return record, mark

    async def labels_of(self, session_id: str) -> tuple[str, ...]:
        """See `runtimes.Moving`."""
        try:
            record, _ = await asyncio.wait_for(self._find(session_id), _LOOK_SECONDS)
        except Exception as error:  # noqa: BLE001 - an engine goes away in many ways
            _log.error("it could not be looked up which windows a session has (%s: %s)", type(error).__name__, error)
            return ()
        return () if record is None else tuple(window.label for window in record.windows)

    async def is_elsewhere(self, session_id: str) -> bool:
        """See `runtimes.Moving`."""
        try:
            record, _ = await asyncio.wait_for(self._find(session_id), _LOOK_SECONDS)
            if record is None or record.owner in ("", self._store.process):
                return False
            return await self._store.is_alive(record.owner)
        except Exception:  # noqa: BLE001 - the page tries again, or is loaded again
            return False

    def saver(
        self,
        session_id: str,
        mark: str,
        record: Callable[[str], bytes],
        lost: Callable[[], object],
        place: Place | None = None,
    ) -> Saver:
        """Return what stores a session of this process.

        Args:
            session_id: The session.
            mark: What `take` has returned.
            record: Returns its record for the owner that it is given.
            lost: Called when another process has taken the session.
            place: What it is counted as among the sessions of its user; `None` if it is not counted.
        """
        saver = Saver(self._store, session_id, mark, record, lost, place)
        self._savers.add(saver)
        return saver


async def _patiently(ask: Callable[[], Awaitable[T]], waits: Sequence[float]) -> T:
    """Ask the engine, and again after each of these seconds while it fails; raise what it failed with last.

    Raises:
        SessionElsewhere: At once: it is an answer.
        Exception: The engine cannot be reached.
    """
    failure: Exception | None = None
    for wait in waits:
        try:
            return await ask()
        except SessionElsewhere:
            raise
        except Exception as error:  # noqa: BLE001 - an engine goes away in many ways
            failure = error
            await asyncio.sleep(wait)
    assert failure is not None
    raise failure
