"""Where processes keep their sessions, count those of a user, and how they ask each other for one."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeAlias
from weakref import WeakValueDictionary

import msgspec

__all__ = ["KEPT_SECONDS", "Answer", "Conflict", "Place", "SessionStore", "Stored", "user_key"]

KEPT_SECONDS = 3600
"""Seconds for which a session is kept that no process stores again."""
_TRIES = 20  # at the places of a user, which other processes change meanwhile
_AT_ONCE = 20  # users whose places are held at the same time
# Answers a question of another process.
Answer: TypeAlias = Callable[[bytes], Awaitable[bytes]]


class Conflict(Exception):
    """Another process has stored the session since it was read."""


class Stored(NamedTuple):
    """A session, as the engine has it.

    Attributes:
        data: Its record; `None` if there is none.
        mark: Tells this record from every other; empty for none.
    """

    data: bytes | None
    mark: str


class Place(NamedTuple):
    """A session among those of its user, in all processes.

    Attributes:
        user: The id of the user.
        session_id: The session.
    """

    user: str
    session_id: str


_places = msgspec.msgpack.Decoder(dict[str, float])  # by session, until when it has its place


class SessionStore(ABC):
    """The sessions of an application in an engine, and the way to its processes. On the event loop.

    Args:
        process: The id of this process.
    """

    def __init__(self, process: str) -> None:
        self.process = process
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by user

    @abstractmethod
    async def run(self, answer: Answer) -> None:
        """Answer the questions of other processes until the task is cancelled."""

    @abstractmethod
    async def load(self, session_id: str) -> Stored:
        """Return what is stored of a session."""

    @abstractmethod
    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        """Store a session, and return the mark of what is stored now.

        Args:
            session_id: The session.
            mark: The mark of what this process has read or stored last.
            data: Its record.

        Raises:
            Conflict: Something else is stored.
        """

    @abstractmethod
    async def delete(self, session_id: str, mark: str) -> None:
        """Delete a session, if nothing else is stored."""

    @abstractmethod
    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        """Return the answer of another process; `None` if it is gone, or says nothing for so long."""

    @abstractmethod
    async def is_alive(self, process: str) -> bool:
        """Tell whether a process can be asked."""

    # The places of a user are one record, which is replaced as sessions are, unless the engine can do better.

    async def claim(self, place: Place, limit: int, seconds: float) -> bool:
        """Give a session a place among those of its user, or hold the one that it has.

        Args:
            place: The session and its user.
            limit: How many places a user has.
            seconds: After how long the place is free again, if it is not held.

        Returns:
            Whether it has one; `False` if other sessions have all of them.

        Raises:
            Conflict: Other processes were faster each time.
            Exception: The engine cannot be reached.
        """

        def add(held: dict[str, float]) -> bool:
            if place.session_id not in held and len(held) >= limit:
                return False
            held[place.session_id] = time.time() + seconds
            return True

        return await self._change(place.user, add)

    async def hold(self, places: Sequence[Place], seconds: float) -> None:
        """Hold the places of sessions that there are. One that has none gets it, over the limit too: it is there.

        Args:
            places: The sessions and their users.
            seconds: After how long the places are free again.

        Raises:
            Exception: The engine cannot be reached.
        """
        of_user: dict[str, list[str]] = {}
        for place in places:
            of_user.setdefault(place.user, []).append(place.session_id)

        async def hold(user: str, sessions: list[str]) -> None:
            def add(held: dict[str, float]) -> bool:
                held.update(dict.fromkeys(sessions, time.time() + seconds))
                return True

            with suppress(Conflict):  # the next time
                await self._change(user, add)

        users = list(of_user.items())
        for start in range(0, len(users), _AT_ONCE):
            await asyncio.gather(*(hold(user, sessions) for user, sessions in users[start : start + _AT_ONCE]))

    async def give_back(self, place: Place) -> None:
        """Free the place of a session that has ended.

        Raises:
            Conflict: Other processes were faster each time. The place is free when it has not been held for long enough.
            Exception: The engine cannot be reached.
        """
        await self._change(place.user, lambda held: held.pop(place.session_id, None) is not None)

    async def _change(self, user: str, change: Callable[[dict[str, float]], bool]) -> bool:
        """Change the places of a user, and tell whether there was something to change."""
        key = user_key(user)
        async with self._changing.setdefault(key, asyncio.Lock()):
            for _ in range(_TRIES):
                stored = await self.load(key)
                held, now = _decoded(stored.data), time.time()
                held = {session_id: until for session_id, until in held.items() if until > now}
                if not change(held):
                    return False
                try:
                    await self.save(key, stored.mark, msgspec.msgpack.encode(held))
                except Conflict:
                    await asyncio.sleep(secrets.randbelow(20) / 1000)
                else:
                    return True
        raise Conflict


def user_key(user: str) -> str:
    """Return what the places of a user are stored under: an id can be of any length and form."""
    return f"user-{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _decoded(stored: bytes | None) -> dict[str, float]:
    """Return the places of a user; none for what is no record of them."""
    if stored:
        with suppress(msgspec.MsgspecError, ValueError):
            return _places.decode(stored)
    return {}
