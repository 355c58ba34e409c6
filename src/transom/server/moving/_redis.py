"""Redis (or Valkey): one hash for each session, and a channel for each process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from ._store import KEPT_SECONDS, Answer, Conflict, Place, SessionStore, Stored, user_key

__all__ = ["RedisStore"]

_SAVE: Final = """
if (redis.call('HGET', KEYS[1], 'mark') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'mark', ARGV[2], 'data', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
_DELETE: Final = "if redis.call('HGET', KEYS[1], 'mark') == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
# The places of a user are a sorted set of sessions, by the time until which they have them: the clock is the engine's.
_NOW: Final = "local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)\n"
_CLAIM: Final = f"""{_NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
_HOLD: Final = f"""{_NOW}
for number, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[1], ARGV[number + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
"""
_HELD = 500  # places that one message holds
_CONNECTIONS = 4
_WAIT = 0.5  # seconds until the channel of this process is listened to again


class _Letter(msgspec.Struct, array_like=True):
    """A question, with the process that waits for the answer, or an answer, without."""

    number: int
    sender: str
    text: bytes


_letters = msgspec.msgpack.Decoder(_Letter)


class RedisStore(SessionStore):
    """See `SessionStore`.

    Args:
        address: The address of the server.
        name: The application's name in the engine.
        process: The id of this process.
    """

    def __init__(self, address: str, name: str, process: str) -> None:
        from redis.asyncio import BlockingConnectionPool, Redis

        super().__init__(process)
        self._prefix = f"transom:{name}:"
        options: dict[str, Any] = {"socket_timeout": 3, "socket_connect_timeout": 3, "health_check_interval": 5}
        # Thousands of sessions may be stored at once.
        pool: Any = BlockingConnectionPool.from_url(address, max_connections=_CONNECTIONS, timeout=3, **options)
        self._redis: Any = Redis.from_pool(pool)
        # It waits for letters as long as there are none.
        self._listener: Any = Redis.from_url(address, socket_connect_timeout=3, health_check_interval=5)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._answering: set[asyncio.Task[None]] = set()

    def _key(self, session_id: str) -> str:
        return f"{self._prefix}session:{session_id}"

    def _places(self, user: str) -> str:
        return f"{self._prefix}{user_key(user)}"

    def _channel(self, process: str) -> str:
        return f"{self._prefix}process:{process}"

    async def run(self, answer: Answer) -> None:
        """See `SessionStore`."""
        try:
            while True:
                with suppress(OSError, self._errors()):
                    await self._listen(answer)
                await asyncio.sleep(_WAIT)
        finally:
            for client in (self._listener, self._redis):
                with suppress(OSError, self._errors()):
                    await client.aclose()

    @staticmethod
    def _errors() -> type[Exception]:
        from redis.exceptions import RedisError

        return RedisError

    async def _listen(self, answer: Answer) -> None:
        async with self._listener.pubsub() as letters:
            await letters.subscribe(self._channel(self.process))
            async for message in letters.listen():
                if message["type"] != "message":
                    continue
                try:
                    letter = _letters.decode(message["data"])
                except msgspec.MsgspecError:
                    continue
                if letter.sender:
                    task = asyncio.ensure_future(self._reply(letter, answer))
                    self._answering.add(task)
                    task.add_done_callback(self._answering.discard)
                elif (waiting := self._waiting.get(letter.number)) is not None and not waiting.done():
                    waiting.set_result(letter.text)

    async def _reply(self, letter: _Letter, answer: Answer) -> None:
        reply = msgspec.msgpack.encode(_Letter(letter.number, "", await answer(letter.text)))
        with suppress(OSError, self._errors()):
            await self._redis.publish(self._channel(letter.sender), reply)

    async def load(self, session_id: str) -> Stored:
        """See `SessionStore`."""
        mark, data = await self._redis.hmget(self._key(session_id), "mark", "data")
        return Stored(None, "") if mark is None else Stored(data, mark.decode())

    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        """See `SessionStore`.

        Raises:
            Conflict: Something else is stored.
        """
        new = secrets.token_hex(8)
        if not await self._redis.eval(_SAVE, 1, self._key(session_id), mark, new, data, KEPT_SECONDS):
            raise Conflict
        return new

    async def delete(self, session_id: str, mark: str) -> None:
        """See `SessionStore`."""
        await self._redis.eval(_DELETE, 1, self._key(session_id), mark)

    async def claim(self, place: Place, limit: int, seconds: float) -> bool:
        """See `SessionStore`."""
        key, milliseconds = self._places(place.user), int(seconds * 1000)
        return bool(await self._redis.eval(_CLAIM, 1, key, place.session_id, limit, milliseconds))

    async def hold(self, places: Sequence[Place], seconds: float) -> None:
        """See `SessionStore`."""
        for start in range(0, len(places), _HELD):
            some = places[start : start + _HELD]
            keys = [self._places(place.user) for place in some]
            sessions = [place.session_id for place in some]
            await self._redis.eval(_HOLD, len(keys), *keys, int(seconds * 1000), *sessions)

    async def give_back(self, place: Place) -> None:
        """See `SessionStore`."""
        await self._redis.zrem(self._places(place.user), place.session_id)

    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        """See `SessionStore`."""
        self._number += 1
        number, waiting = self._number, asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            letter = msgspec.msgpack.encode(_Letter(number, self.process, question))
            # A process that has died has no connection, and with it no channel.
            if not await self._redis.publish(self._channel(process), letter):
                return None
            return bytes(await asyncio.wait_for(waiting, seconds))
        except TimeoutError:
            return None
        finally:
            del self._waiting[number]

    async def is_alive(self, process: str) -> bool:
        """See `SessionStore`."""
        channel = self._channel(process)
        [(_, count)] = await self._redis.pubsub_numsub(channel)
        return bool(count)
