"""NATS: one JetStream stream for each application. A message of it holds a batch of events, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any

import msgspec

from ...errors import RuntimeUnavailable
from ._engine import EngineBus, Stored, without_password
from ._word import word_of

__all__ = ["NatsBus"]

_KEPT = 100_000  # messages of the stream
_HEARTBEAT = 2.0  # seconds after which the server says that there is nothing
_SILENCE = 3 * _HEARTBEAT
_PAYLOAD = 1024 * 1024  # what a server takes by default
_OVERHEAD = 1024  # of a batch's own bytes, and the protocol's
_PER_EVENT = 5
_INDEX_BITS = 12  # of a cursor: the place in a batch; the rest is the number of the message
_batches = msgspec.msgpack.Decoder(list[bytes])


class NatsBus(EngineBus):
    """Carries events by a stream of NATS JetStream.

    Args:
        address: `nats://[user:password@]host:port`, or `tls://` for TLS.
        name: The application's name in the engine.

    Raises:
        RuntimeUnavailable: The package `nats-py` is not installed.
    """

    def __init__(self, address: str, name: str) -> None:
        try:
            import nats
        except ImportError:
            raise RuntimeUnavailable("the bus of nats needs a package: pip install 'transom[nats]'") from None
        super().__init__(without_password(address))
        self._nats: Any = nats
        self._server = address
        word = word_of(name)
        self._stream, self._subject = f"transom-{word}-events", f"transom.{word}.events"
        self._reader: _Connection | None = None
        self._writer: _Connection | None = None
        self._last: int | None = None
        self._made: object = None
        self._payload = _PAYLOAD

    @property
    def max_event_bytes(self) -> int:
        """See `EngineBus`: what the server takes in one message."""
        return min(super().max_event_bytes, self._payload - _OVERHEAD)

    async def _entries(self) -> AsyncIterator[Stored | None]:
        reader = self._reader = await self._connect(self._reader)
        info = await self._stream_of(reader)
        first, made = info.state.first_seq, info.created
        last: int = info.state.last_seq if self._last is None else self._last
        if self._made is not None and made != self._made:  # another stream: the server has forgotten everything
            yield Stored(0, None)
            last = 0
        elif first > last + 1:
            yield Stored(0, None)
            last = first - 1
        self._made, self._last = made, last
        messages = await self._consume(reader, last + 1)
        yield None
        consumed = 0
        async for message in messages:
            about = message.metadata
            consumed += 1
            if about.sequence.consumer != consumed:
                raise ConnectionError("messages were lost on the way from the server")
            if about.sequence.stream != last + 1:
                yield Stored(0, None)
            self._last = last = about.sequence.stream
            for index, data in enumerate(_events(message.data)):
                yield Stored((last << _INDEX_BITS) | index, data)

    async def _connect(self, before: _Connection | None) -> _Connection:
        if before is not None:
            await before.close()
        connection = _Connection()
        # Not by the library: what was missed meanwhile must be read, and this class knows where it was.
        try:
            connection.client = await self._nats.connect(
                self._server,
                allow_reconnect=False,
                max_reconnect_attempts=1,  # none would mean for ever
                reconnect_time_wait=0,
                connect_timeout=5,
                error_cb=connection.failed,
                closed_cb=connection.ended,
                disconnected_cb=connection.ended,
            )
        except self._nats.errors.NoServersError:
            raise ConnectionError(connection.reason) from None
        self._payload = connection.client.max_payload
        return connection

    async def _stream_of(self, connection: _Connection) -> Any:
        from nats.js.errors import NotFoundError, ServiceUnavailableError

        stream = connection.client.jetstream(timeout=5)
        try:
            try:
                return await stream.stream_info(self._stream)
            except NotFoundError:
                await stream.add_stream(name=self._stream, subjects=[self._subject], max_msgs=_KEPT)
                return await stream.stream_info(self._stream)
        except (ServiceUnavailableError, self._nats.errors.NoRespondersError):
            raise ConnectionError("JetStream is off: start nats-server with -js") from None

    async def _consume(self, connection: _Connection, start: int) -> AsyncIterator[Any]:
        """Return the messages of the stream from a number on."""
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

        client = connection.client
        inbox = client.new_inbox()
        await client.subscribe(
            inbox, cb=connection.messages.put, pending_msgs_limit=-1, pending_bytes_limit=-1
        )  # the server's flow control is the bound
        await client.jetstream(timeout=5).add_consumer(
            self._stream,
            ConsumerConfig(
                deliver_subject=inbox,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=start,
                ack_policy=AckPolicy.NONE,
                idle_heartbeat=_HEARTBEAT,
                flow_control=True,
            ),
        )
        return connection.received()

    async def _open(self) -> None:
        self._writer = await self._connect(self._writer)
        await self._stream_of(self._writer)

    async def _store(self, batch: Sequence[bytes]) -> None:
        assert self._writer is not None
        stream = self._writer.client.jetstream(timeout=5)
        for together in self._fitting(batch):
            # One message: it is stored as a whole or not at all, so nothing can come out of order.
            data = msgspec.msgpack.encode(together)
            await self._writer.answer(stream.publish(self._subject, data, stream=self._stream))

    def _fitting(self, batch: Sequence[bytes]) -> list[list[bytes]]:
        """Return the events in parts that fit into messages; what fits into none is left out, and logged."""
        parts: list[list[bytes]] = [[]]
        size = 0
        for data in batch:
            if len(data) > self.max_event_bytes:  # the server's limit was not known when it was published
                self.refuse(len(data))
                continue
            if size + len(data) + _PER_EVENT > self.max_event_bytes + _PER_EVENT:
                parts.append([])
                size = 0
            parts[-1].append(data)
            size += len(data) + _PER_EVENT
        return [part for part in parts if part]

    async def _close(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                await connection.close()

    async def _idle(self, more: asyncio.Event) -> None:
        assert self._writer is not None
        await self._writer.answer(more.wait())


class _Connection:
    """A connection to the server, and the messages that it brings."""

    def __init__(self) -> None:
        self.client: Any = None
        self.over = asyncio.Event()
        self.messages: asyncio.Queue[Any] = asyncio.Queue()
        self.reason = "no server answers"

    async def failed(self, error: Exception) -> None:
        """Keep why nothing works: what was called, or the end of the connection, tells that it does not."""
        self.reason = f"{type(error).__name__}: {error}"

    async def ended(self) -> None:
        """Note that the connection has ended; called by the library."""
        self.over.set()
        self.messages.put_nowait(None)

    async def answer(self, request: Coroutine[Any, Any, object]) -> None:
        """Wait for something as long as there is a connection: the library would wait for an answer that cannot come.

        Raises:
            ConnectionError: The connection has ended.
            Exception: What the request raises.
        """
        waits = [asyncio.ensure_future(each) for each in (request, self.over.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if not waits[0].done():
                raise ConnectionError("the connection has ended")
            waits[0].result()
        finally:
            for wait in waits:
                wait.cancel()

    async def received(self) -> AsyncIterator[Any]:
        """Yield messages of the stream, and answer the server's flow control, until the connection ends.

        Raises:
            ConnectionError: It has ended.
            TimeoutError: The server says nothing any more.
        """
        while True:
            message = await asyncio.wait_for(self.messages.get(), _SILENCE)
            if message is None:
                raise ConnectionError("the connection has ended")
            headers = message.headers or {}
            if "Status" not in headers:
                yield message
            elif reply := message.reply or headers.get("Nats-Consumer-Stalled"):
                await self.client.publish(reply)

    async def close(self) -> None:
        """Close the connection, whatever state it is in."""
        if self.client is not None and not self.client.is_closed:
            await self.client.close()


def _events(data: bytes) -> list[bytes]:
    """Return the events of a message; what is no batch is an event that nobody knows."""
    try:
        return _batches.decode(data)
    except msgspec.MsgspecError:
        return [b""]
