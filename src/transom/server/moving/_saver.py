"""Stores one session whenever it has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from ._record import decode_record
from ._store import Conflict, Place, SessionStore

__all__ = ["Saver"]

_log = logging.getLogger("transom")
_SOON = 0.05  # seconds from a call to the first look at what it has changed
_LATEST = 1.0  # seconds between two looks while calls run
_END_SECONDS = 2.0  # what the engine gets at the end of a session


class Saver:
    """Stores one session in the engine. On the event loop, except for `touch`.

    Args:
        store: Where it is kept.
        session_id: The session.
        mark: The mark of what is stored.
        record: Returns its record for the owner that it is given: this process, or none.
        lost: Called when another process has taken the session.
        place: What it is counted as among the sessions of its user; `None` if it is not counted.
    """

    def __init__(
        self,
        store: SessionStore,
        session_id: str,
        mark: str,
        record: Callable[[str], bytes],
        lost: Callable[[], object],
        place: Place | None = None,
    ) -> None:
        self._store = store
        self._id = session_id
        self._mark = mark
        self._record = record
        self._lost = lost
        self._place = place
        self.has_ended = False  # for good: it does not go on in another process
        self._loop = asyncio.get_running_loop()
        self._stored = b""
        self._saving = asyncio.Lock()
        self._armed = self._over = self._failed = False
        self._pause = _SOON
        self._timer: asyncio.TimerHandle | None = None
        self._storing: asyncio.Task[None] | None = None
        # Whether calls run, which may change something later.
        self.is_busy: Callable[[], bool] = lambda: False

    @property
    def place(self) -> Place | None:
        """The place that this process holds for the session."""
        return None if self._over else self._place

    def touch(self) -> None:
        """Note that something may change: it is stored soon. Any thread."""
        if not self._armed:
            self._armed = True
            self._loop.call_soon_threadsafe(self._arm)

    def changed(self) -> None:
        """Note that something has changed that other processes look up: it is stored at once. Any thread."""
        self._armed = True
        self._loop.call_soon_threadsafe(self._wait, 0.0)

    def _arm(self) -> None:
        self._pause = _SOON
        self._wait(_SOON)

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self._over:
            self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """Store what has changed, and look again while calls run. It mostly finds nothing, so it is no task."""
        # What changes from now on looks again.
        self._armed = busy = self.is_busy()
        if self._storing is None and self._record(self._store.process) != self._stored:
            self._storing = asyncio.ensure_future(self._save())
        if busy:
            self._pause = min(self._pause * 2, _LATEST)
            self._wait(self._pause)

    async def _save(self) -> None:
        try:
            await self.save()
            self._failed = False
            if not self._over and self._record(self._store.process) != self._stored:
                self._wait(_SOON)  # it has changed meanwhile
        except Conflict:
            pass  # the session ends here
        except Exception as error:  # noqa: BLE001 - an engine goes away in many ways, and comes back
            if not self._failed:
                _log.error("a session could not be stored, and it is tried again (%s: %s)", type(error).__name__, error)
            self._failed = self._armed = True
            self._wait(_LATEST)
        finally:
            self._storing = None

    async def save(self, *, again: bool = False) -> None:
        """Store the session if it has changed.

        Args:
            again: Whether to do so even if it has not.

        Raises:
            Conflict: Another process has taken it. This one ends it.
            Exception: The engine cannot be reached.
        """
        async with self._saving:
            if self._over:
                return
            data = self._record(self._store.process)
            if data == self._stored and not again:
                return
            try:
                await self._put(data)
            except Conflict:
                self._over = True
                _log.warning("a session of this process was taken up by another one; it ends here")
                self._lost()
                raise
            self._stored = data

    async def _put(self, data: bytes) -> None:
        try:
            self._mark = await self._store.save(self._id, self._mark, data)
        except Conflict:
            # What the engine has forgotten, or was stored when a connection ended, is of this session all the same. One that
            # began while the engine was away has never stored anything, so that it is another one's, also of this process.
            stored = await self._store.load(self._id)
            record = None if stored.data is None else decode_record(stored.data)
            is_own = self._mark and record is not None and record.owner == self._store.process
            if stored.data is not None and not is_own:
                raise
            self._mark = await self._store.save(self._id, stored.mark, data)

    async def end(self, *, keep: bool) -> None:
        """Store the session a last time, for another process to take it up, or delete it.

        Args:
            keep: Whether another process may take it up.
        """
        try:
            async with self._saving:
                if self._timer is not None:
                    self._timer.cancel()
                if self._over:
                    return
                self._over = True
                if keep:
                    await asyncio.wait_for(self._put(self._record("")), _END_SECONDS)
                else:
                    self.has_ended = True
                    await asyncio.wait_for(self._delete(), _END_SECONDS)
        except Conflict:
            _log.warning("a session was taken up by another process while it ended here")
        except Exception as error:  # noqa: BLE001 - the session ends all the same
            _log.error("the end of a session could not be stored (%s: %s)", type(error).__name__, error)

    async def _delete(self) -> None:
        if self._place is not None:
            with suppress(Conflict):
                await self._store.give_back(self._place)
        if self._mark:  # else nothing of it was ever stored
            await self._store.delete(self._id, self._mark)
