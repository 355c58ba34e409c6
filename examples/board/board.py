"""A board that many people share: one front end, in a window for one person, or served to many in several processes.

python board.py                                              a window
TRANSOM_BUS=redis://127.0.0.1:6379 BOARD_KEY=... transom serve board:site --factory --processes 2
python board.py --check [folder for pictures]                two people in two browsers, at two processes
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import check
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from transom import AppHandle, Builder, CommandError, State, User, command, generate_context, generate_handler

FOLDER = Path(__file__).resolve().parent
KEY = os.environ.get("BOARD_KEY") or secrets.token_hex(32)  # signs the cookie; several processes need the same
LOGIN = """<!doctype html><meta charset="utf-8"><title>Board</title>
<form method="post"><label>Your name <input name="name" maxlength="30" required autofocus></label> <button>Enter</button></form>"""


class Store:
    """What the processes of the server share: a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.app: AppHandle | None = None  # outside sessions, to tell of people who have left
        with self._open() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, author TEXT, text TEXT)")
            database.execute("CREATE TABLE IF NOT EXISTS people (session TEXT PRIMARY KEY, name TEXT)")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=10)
        try:
            with database:
                yield database
        finally:
            database.close()

    def add(self, by: str, text: str) -> None:
        """Keep a note."""
        with self._open() as database:
            database.execute("INSERT INTO notes (author, text) VALUES (?, ?)", (by, text))

    def notes(self) -> list[dict[str, str]]:
        """Return the last notes, the oldest first."""
        with self._open() as database:
            rows = database.execute("SELECT author, text FROM notes ORDER BY id DESC LIMIT 100").fetchall()
        return [{"by": author, "text": text} for author, text in reversed(rows)]

    def people(self) -> list[str]:
        """Return the names of the people who are here."""
        with self._open() as database:
            return [name for (name,) in database.execute("SELECT DISTINCT name FROM people ORDER BY name")]

    def come(self, session: str, name: str) -> None:
        """Note that somebody is here."""
        with self._open() as database:
            database.execute("INSERT INTO people VALUES (?, ?)", (session, name))

    def go(self, session: str) -> None:
        """Note that somebody has left."""
        with self._open() as database:
            database.execute("DELETE FROM people WHERE session = ?", (session,))


STORE = Store(Path(os.environ.get("BOARD_DATA") or Path(tempfile.mkdtemp()) / "board.sqlite3"))


class Presence:
    """Somebody is here; there is one for each session."""


@asynccontextmanager
async def presence(user: User) -> AsyncIterator[Presence]:
    """Note that a user is here, until the session ends."""
    session = secrets.token_hex(8)
    STORE.come(session, user.name)
    try:
        yield Presence()
    finally:
        STORE.go(session)
        if STORE.app is not None:
            STORE.app.emit_to(None, "people", STORE.people(), group="board")


@command
def post(app: AppHandle, user: User, store: State[Store], text: str) -> None:
    """Put a note on the board of everybody."""
    if not 0 < len(text) <= 200:
        raise CommandError("a note has 1 to 200 characters")
    store.add(user.name, text)
    app.emit_to(None, "posted", {"by": user.name, "text": text}, group="board")


@command
def open_board(app: AppHandle, user: User, store: State[Store]) -> dict[str, Any]:
    """Return the board, and let the others know who has come."""
    app.join("board")
    people = store.people()
    app.emit_to(None, "people", people, group="board")
    return {"me": user.name, "notes": store.notes(), "people": people}


def authenticate(connection: HTTPConnection) -> User | None:
    """Return the user of the cookie that `login` has signed."""
    name, _, seal = connection.cookies.get("board", "").rpartition(".")
    good = bool(name) and hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(name).encode())
    return User(name, name=bytes.fromhex(name).decode()) if good else None


def setup(app: AppHandle) -> None:
    """Keep the handle that reaches every session."""
    STORE.app = app


builder = (
    Builder()
    .manage(STORE)
    .manage(presence, scope="session")
    .setup(setup)
    .invoke_handler(generate_handler(post, open_board))
)


async def login(request: Request) -> Response:
    """Ask for a name; a real application asks an identity provider."""
    if request.method == "GET":
        return HTMLResponse(LOGIN)
    form = (await request.body())[:1000].decode("utf-8", "replace")
    name = parse_qs(form).get("name", [""])[0].strip()[:30]
    return entered(name, RedirectResponse("/", 303)) if name else HTMLResponse(LOGIN, 400)


def entered(name: str, response: Response) -> Response:
    """Let a response say who somebody is from now on."""
    coded = name.encode().hex()
    response.set_cookie("board", f"{coded}.{_seal(coded)}", httponly=True, samesite="lax")
    return response


def _seal(name: str) -> str:
    return hmac.new(KEY.encode(), name.encode(), hashlib.sha256).hexdigest()


def site() -> Starlette:
    """Return the application for many users."""
    builder.server(authenticate=authenticate, login="/login", idle_seconds=2)
    routes = [Route("/login", login, methods=["GET", "POST"])]
    if check.RESULTS in os.environ:
        builder.invoke_handler(generate_handler(post, open_board, check.checked))
        routes.append(check.ROUTE)
    board = builder.build(generate_context(FOLDER)).asgi()
    return Starlette(routes=[*routes, Mount("/", board)], lifespan=board.lifespan)


if __name__ == "__main__":
    if "--check" in sys.argv:  # a program that starts this one twice
        os.execv(sys.executable, [sys.executable, str(FOLDER / "check.py"), *sys.argv[2:]])  # noqa: S606
    sys.exit(builder.run(generate_context(FOLDER)))
