"""Applications for many users, served as a stranger would, and pages of several users."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import Mount
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.conformance.application import write_project
from tests.conformance.raw_page import Answer, request
from tests.runtimes.served import served
from tests.server.engines import until
from transom import Builder, User
from transom.app import generate_context

__all__ = ["Page", "Rejected", "admitted", "cookie_of", "people_of", "serving", "written"]


class CookieUsers(AuthenticationBackend):
    """Users by the cookie `who=<name>:<role>,<role>`, for Starlette's own middleware."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, SimpleUser] | None:
        who = conn.cookies.get("who")
        if who is None:
            return None
        name, _, roles = who.partition(":")
        return AuthCredentials(roles.split("-") if roles else []), SimpleUser(name)


def people_of(connection: HTTPConnection) -> User | None:
    """Return the user that Starlette's middleware has found: the hook of the documentation."""
    if not connection.user.is_authenticated:
        return None
    return User(connection.user.display_name, roles=connection.auth.scopes)


def written(folder: Path, capabilities: Mapping[str, Any] | None = None, **app: Any) -> Path:
    """Write a project with one page and return its folder."""
    write_project(folder, **app)
    (folder / "dist").mkdir(exist_ok=True)
    (folder / "dist" / "index.html").write_text("<!doctype html><title>t</title><p>", "utf-8")
    if capabilities is not None:
        (folder / "capabilities").mkdir(exist_ok=True)
        (folder / "capabilities" / "all.json").write_text(json.dumps(capabilities), "utf-8")
    return folder


@contextmanager
def serving(builder: Builder, folder: Path, *, prefix: str = "") -> Iterator[str]:
    """Serve an application behind Starlette's `AuthenticationMiddleware`; yield its address, without a slash at the end."""
    asgi = builder.build(generate_context(folder)).asgi()
    site = Starlette(
        routes=[Mount(prefix or "/", asgi)],
        middleware=[Middleware(AuthenticationMiddleware, backend=CookieUsers())],
        lifespan=asgi.lifespan,
    )
    with served(site) as base:
        yield base + prefix


class Rejected(Exception):
    """The promise of a call rejected."""


def cookie_of(who: str | None) -> dict[str, str]:
    return {} if who is None else {"Cookie": f"who={who}"}


class Page:
    """A document that was fetched by somebody, and its link."""

    def __init__(self, address: str, who: str | None, ticket: str | None = None, **changes: Any) -> None:
        self.address = address + "/"
        self.who = who
        self.document: Answer = request(self.address, cookie_of(who))
        assert self.document.status == 200, self.document
        self.key = _found(r'"key":"([0-9a-f]+)"', self.document.text)
        self.ticket = ticket or _found(r'"ticket":"([0-9a-f]+)"', self.document.text)
        self.number = 0
        self.received = 0
        self.log: list[list[Any]] = []
        self._socket: ClientConnection | None = self.connect(**changes)

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None
        return self._socket

    def connect(self, *words: str, **changes: Any) -> ClientConnection:
        parts = urlsplit(self.address)
        shown = [
            "transom.1",
            f"key.{changes.get('key', self.key)}",
            f"window.{changes.get('ticket', self.ticket)}",
            *words,
        ]
        return connect(
            urljoin(self.address, ".transom/link").replace("http", "ws", 1),
            subprotocols=shown,  # type: ignore[arg-type]  # texts of its own NewType
            origin=changes.get("origin", f"http://{parts.netloc}"),  # type: ignore[arg-type]
            additional_headers={**cookie_of(changes.get("who", self.who)), **changes.get("headers", {})},
            max_size=None,
            sock=socket.create_connection(("127.0.0.1", parts.port or 80), 10),
            legacy=True,
        )

    def _read(self, seconds: float) -> None:
        frame = self.socket.recv(timeout=seconds)
        if isinstance(frame, str) and frame[:1] == "[":
            self.received += 1
            self.socket.send(f"[[3,{self.received}]]")
            self.log += json.loads(frame)

    def wait(self, wanted: Callable[[list[Any]], bool], seconds: float = 20) -> list[Any]:
        """Return the first message that is wanted, of those that came or come."""
        seen = 0
        while True:
            for message in self.log[seen:]:
                if wanted(message):
                    return message
            seen = len(self.log)
            self._read(seconds)

    def send(self, message: Any) -> None:
        self.socket.send(json.dumps(message))

    def call(self, command: str, **arguments: Any) -> int:
        self.number += 1
        self.send([[0, self.number, command, arguments]])
        return self.number

    def answer(self, number: int) -> Any:
        kind, _, value = self.wait(lambda message: message[0] in (0, 1) and message[1] == number)
        if kind:
            raise Rejected(value)
        return value

    def invoke(self, command: str, **arguments: Any) -> Any:
        """Call a command and return what its promise resolves with."""
        return self.answer(self.call(command, **arguments))

    def listen(self, event: str, handler: int, kind: str = "Any", label: str | None = None) -> int:
        target = {"kind": kind} if label is None else {"kind": kind, "label": label}
        return int(self.invoke("plugin:event|listen", event=event, target=target, handler=handler))

    def channel(self, callback: int) -> list[Any]:
        """Return the messages of a channel that have come, in order."""
        found = [message for message in self.log if message[0] in (2, 8) and message[1] == callback]
        return [value for message in found for value in (message[3] if message[0] == 8 else [message[3]])]

    def events(self) -> list[list[Any]]:
        """Return name and payload of every event so far; a call makes sure that what was sent before it is here."""
        self.invoke("plugin:app|name")
        return [[message[1], message[2]] for message in self.log if message[0] == 4]

    def closed(self) -> int | None:
        """Wait until the other side closes the link, and return the code."""
        try:
            while True:
                self._read(20)
        except ConnectionClosed:
            return self.socket.close_code

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def admitted(address: str, who: str, command: str) -> Page:
    """Return a page whose session has begun, which is refused until the user has a place for it.

    Args:
        address: The address of the server.
        who: The user.
        command: A command without arguments, which is called.
    """
    admitted: list[Page] = []

    def tries() -> bool:
        page = Page(address, who)
        try:
            page.invoke(command)
        except ConnectionClosed:
            assert page.closed() == 4029
            return False
        admitted.append(page)
        return True

    until(tries)
    return admitted[0]


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, (pattern, text[:3000])
    return found[1]
