"""Pages of each system, as the load opens them: a call, an event to one user, an event to all."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from ._socket import LightSocket, fetch, open_socket, pending

__all__ = ["Calls", "LoadPage", "TransomPage", "now"]

_KEY = re.compile(rb'"key":"([0-9a-f]+)"')
_TICKET = re.compile(rb'"ticket":"([0-9a-f]+)"')


def now() -> float:
    """Return the clock that everything is measured by."""
    return time.perf_counter()


class LoadPage(Protocol):
    """A page. `heard` is called with the payload of every event."""

    heard: Callable[[Any], None]
    user: str

    async def open(self) -> None:
        """Load the document, if there is one, and open the link."""

    async def call(self, command: str, **arguments: Any) -> Any:
        """Call something on the server and return its answer."""

    def close(self) -> None:
        """Break the connection."""


class Calls:
    """What the pages have in common: calls that wait for their answers."""

    system: ClassVar[str]

    def __init__(self, port: int, user: str) -> None:
        self.port = port
        self.user = user
        self.heard: Callable[[Any], None] = lambda _: None
        self.over = asyncio.Event()
        self.code: int | None = None
        self._socket: LightSocket | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0

    def _begin(self) -> tuple[int, asyncio.Future[Any]]:
        self._number += 1
        answer = self._waiting[self._number] = pending()
        return self._number, answer

    def _answer(self, number: int, value: Any, failed: bool = False) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is None or waiting.done():
            return
        if failed:
            waiting.set_exception(RuntimeError(str(value)))
        else:
            waiting.set_result(value)

    def _ended(self, code: int | None) -> None:
        self.code = code
        self.over.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError(f"the link of {self.user} ended with code {code}"))
        self._waiting.clear()

    def _send(self, text: str) -> None:
        if self._socket is None or self.over.is_set():
            raise ConnectionError("the link has ended")
        self._socket.send(text.encode())

    def close(self) -> None:
        """See `LoadPage`."""
        if self._socket is not None:
            self._socket.close()


class TransomPage(Calls):
    """A page of transom: its document, its link, and acknowledgements as the page's script sends them."""

    system = "transom"

    def __init__(self, port: int, user: str, ticket: str | None = None) -> None:
        super().__init__(port, user)
        self.ticket = ticket
        self._frames = self._acknowledged = 0

    async def open(self) -> None:
        """See `LoadPage`."""
        cookie = {"Cookie": f"who={self.user}"}
        document = await fetch(self.port, "/", cookie)
        key, ticket = _KEY.search(document), _TICKET.search(document)
        assert key is not None
        assert ticket is not None
        self.ticket = self.ticket or ticket[1].decode()
        shown = f"transom.1, key.{key[1].decode()}, window.{self.ticket}"
        headers = {**cookie, "Origin": f"http://127.0.0.1:{self.port}", "Sec-WebSocket-Protocol": shown}
        self._socket = await open_socket(self.port, "/.transom/link", headers, self._receive, self._ended)

    def _receive(self, data: bytes) -> None:
        if data[:1] != b"[":
            return
        self._frames += 1
        if self._frames - self._acknowledged >= 2 and not self.over.is_set():
            self._acknowledged = self._frames
            self._send(f"[[3,{self._frames}]]")
        for message in json.loads(data):
            if message[0] in (0, 1):
                self._answer(message[1], message[2], message[0] == 1)
            elif message[0] == 4:
                self.heard(message[2])
            elif message[:2] == [7, "become"]:
                self.ticket = message[3]
            else:
                self._other(message)

    def _other(self, message: list[Any]) -> None:
        """Take a message that the benchmark does not look at, such as one of a channel."""

    async def call(self, command: str, **arguments: Any) -> Any:
        """See `LoadPage`."""
        number, answer = self._begin()
        batch: list[list[Any]] = [[0, number, command, arguments]]
        if self._frames > self._acknowledged:
            self._acknowledged = self._frames
            batch.insert(0, [3, self._frames])
        self._send(json.dumps(batch, separators=(",", ":")))
        return await answer

    async def listen(self) -> None:
        """Listen to the event of the benchmark."""
        await self.call("plugin:event|listen", event="told", target={"kind": "Any"}, handler=1)
