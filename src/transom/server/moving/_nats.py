"""NATS: a bucket of JetStream's for the sessions, and a subject for each process."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from ..buses import word_of
from ._store import KEPT_SECONDS, Answer, Conflict, SessionStore, Stored

__all__ = ["NatsStore"]

_WAIT = 0.5  # seconds until the server is tried again
_SECONDS = 3.0
_ALIVE = b""  # the question whether a process is there


class NatsStore(SessionStore):
    """See `SessionStore`.

    Args:
        address: The address of the server.
        name: The application's name in the engine.
        process: The id of this process.
    """

    def __init__(self, address: str, name: str, process: str) -> None:
        super().__init__(process)
        self._address = address
        self._bucket, self._subject = f"transom-{word_of(name)}-sessions", f"transom.{word_of(name)}.process."
        self._client: Any = None
        self._sessions: Any = None
        self._connecting = asyncio.Lock()

    async def run(self, answer: Answer) -> None:
        """See `SessionStore`."""

        async def reply(message: Any) -> None:
            await message.respond(await answer(message.data) if message.data != _ALIVE else _ALIVE)

        subscribed: Any = None
        try:
            while True:
                with suppress(OSError, asyncio.TimeoutError, self._errors()):
                    await self._bucket_of()
                    if subscribed is not self._client:
                        await self._client.subscribe(self._subject + self.process, cb=reply)
                        subscribed = self._client
                await asyncio.sleep(_WAIT)
        finally:
            if self._client is not None:
                with suppress(OSError, asyncio.TimeoutError, self._errors()):
                    await self._client.close()

    @staticmethod
    def _errors() -> type[Exception]:
        from nats.errors import Error

        return Error

    async def _bucket_of(self) -> Any:
        """Return the bucket, connected to now if it is not.

        Raises:
            Exception: The server cannot be reached.
        """
        import nats
        from nats.js.api import KeyValueConfig
        from nats.js.errors import BucketNotFoundError

        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._client = self._sessions = None
                client = await nats.connect(
                    self._address,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,  # none would mean for ever
                    reconnect_time_wait=0,
                    connect_timeout=3,
                    error_cb=_ignore,
                )
                self._client = client
            if self._sessions is None:
                stream = self._client.jetstream(timeout=_SECONDS)
                try:
                    self._sessions = await stream.key_value(self._bucket)
                except BucketNotFoundError:
                    config = KeyValueConfig(bucket=self._bucket, ttl=KEPT_SECONDS)
                    self._sessions = await stream.create_key_value(config)
            return self._sessions

    async def load(self, session_id: str) -> Stored:
        """See `SessionStore`."""
        from nats.js.errors import KeyNotFoundError

        bucket = await self._bucket_of()
        try:
            entry = await bucket.get(session_id)
        except KeyNotFoundError:
            return Stored(None, "")
        return Stored(entry.value, str(entry.revision))

    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        """See `SessionStore`.

        Raises:
            Conflict: Something else is stored.
        """
        from nats.js.errors import KeyWrongLastSequenceError

        bucket = await self._bucket_of()
        try:
            return str(
                await (bucket.update(session_id, data, last=int(mark)) if mark else bucket.create(session_id, data))
            )
        except KeyWrongLastSequenceError:
            raise Conflict from None

    async def delete(self, session_id: str, mark: str) -> None:
        """See `SessionStore`."""
        from nats.js.errors import BadRequestError

        bucket = await self._bucket_of()
        with suppress(BadRequestError):  # something else is stored
            await bucket.delete(session_id, last=int(mark))

    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        """See `SessionStore`."""
        from nats.errors import NoRespondersError

        await self._bucket_of()
        with suppress(NoRespondersError, asyncio.TimeoutError):
            reply = await self._client.request(self._subject + process, question, timeout=seconds)
            return bytes(reply.data)
        return None

    async def is_alive(self, process: str) -> bool:
        """See `SessionStore`."""
        return await self.ask(process, _ALIVE, 1) is not None


async def _ignore(_error: Exception) -> None:
    """Leave what the library reports between calls: each call says what it meets."""
