"""A page of the web runtime without its script: what a stranger, or a broken page, can send."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

from websockets.sync.client import ClientConnection, connect

__all__ = ["Answer", "RawPage", "request"]


class Answer(NamedTuple):
    """An HTTP response; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


def request(
    address: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: str | None = None
) -> Answer:
    """Ask once, follow nothing; a `Host` in `headers` replaces the real one."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(_reachable(parts.hostname or ""), parts.port, timeout=30)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request(method, path, body, headers={"Host": parts.netloc, **(headers or {})})
        with connection.getresponse() as response:  # it has a socket of its own, which a broken read leaves open
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read().decode())
    finally:
        connection.close()


def _reachable(name: str) -> str:
    """Return where a host is: browsers look for no `*.localhost` in the network, the system may."""
    return "127.0.0.1" if name.endswith(".localhost") else name


class RawPage:
    """A document that was fetched as a browser does, and its link.

    Args:
        address: The address with the token.
        words: What the page shows beside its key when it opens its link: `take` for a click of the user on "Use here".
        ticket: The ticket of the page's window; `None` for the first window.
    """

    def __init__(self, address: str, *words: str, ticket: str | None = None) -> None:
        self.words = words if ticket is None else (*words, f"window.{ticket}")
        self.greeting = request(address)
        assert self.greeting.status == 303, self.greeting
        self.cookie = self.greeting.headers["set-cookie"].partition(";")[0]
        self.address = urljoin(address, self.greeting.headers["location"])
        self.origin = "http://" + urlsplit(address).netloc
        self.document = request(self.address, {"Cookie": self.cookie})
        assert self.document.status == 200, self.document
        found = re.search(r'"key":"([0-9a-f]+)"', self.document.text)
        assert found is not None, "the document has no script of ours"
        self.key = found[1]
        self._socket: ClientConnection | None = None
        self._received = 0

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path beside the document, with the cookie."""
        return request(urljoin(self.address, path), {"Cookie": self.cookie, **(headers or {})})

    def socket(self, **changes: Any) -> ClientConnection:
        """Open the link; `changes` replace `key`, `origin`, `cookie` or `host`, and `words` are shown beside the key.

        Raises:
            websockets.exceptions.InvalidStatus: It is refused.
        """
        headers = {"Cookie": changes.get("cookie", self.cookie), **changes.get("headers", {})}
        if "host" in changes:
            headers["Host"] = changes["host"]
        address = urljoin(self.address, ".transom/link").replace("http", "ws", 1)
        protocols = ["transom.1", f"key.{changes.get('key', self.key)}", *changes.get("words", self.words)]
        parts = urlsplit(address)
        return connect(
            address,
            subprotocols=protocols,  # type: ignore[arg-type]  # texts of its own NewType
            origin=changes.get("origin", self.origin),
            additional_headers=headers,
            max_size=None,
            sock=socket.create_connection((_reachable(parts.hostname or ""), parts.port or 80), 10),
            legacy=True,
        )

    def send(self, message: Any) -> None:
        """Send bytes or text as they are, anything else as JSON."""
        assert self._socket is not None
        self._socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def messages(self, seconds: float = 20) -> Iterator[list[Any]]:
        """Yield the messages that come, and acknowledge their frames as a page does."""
        assert self._socket is not None
        while True:
            frame = self._socket.recv(timeout=seconds)
            if (
                isinstance(frame, str) and frame[:1] != "["
            ):  # no frame: how much of what this page sent was read, or arrived
                continue
            self._received += 1
            self._socket.send(f"[[3,{self._received}]]")
            yield from json.loads(frame) if isinstance(frame, str) else ()

    def next(self, kind: int) -> list[Any]:
        """Return the next message of a kind; others, which come before it, are dropped."""
        return next(message for message in self.messages() if message[0] == kind)

    def invoke(self, command: str, args: Any) -> list[Any]:
        """Call a command and return whether it resolved, and with what."""
        self.send([[0, 1, command, args]])
        kind, _, value = next(message for message in self.messages() if message[0] in (0, 1) and message[1] == 1)
        return [kind == 0, value]

    def closed(self) -> tuple[int | None, str]:
        """Wait until the other side closes the link, and return the code and the reason."""
        assert self._socket is not None
        for _ in self._socket:
            pass
        return self._socket.close_code, self._socket.close_reason or ""

    def __enter__(self) -> Self:
        self._socket = self.socket()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._socket is not None
        self._socket.close()
