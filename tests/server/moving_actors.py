"""The actors of `moving_model.py`: a clock that stands still, an engine, pages, connections, and processes that can die."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, ContextVar
from functools import partial
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import msgspec

from transom.acl import User
from transom.config import WindowConfig
from transom.runtimes import CreateWindow, ServerOptions, Settings, Tickets
from transom.runtimes.web._admission import Again
from transom.runtimes.web._sessions_server import SessionServer
from transom.runtimes.web.access import Served
from transom.runtimes.web.sessions import USER, Sessions
from transom.server.moving import Mover, Saver, SessionRecord
from transom.server.moving._store import KEPT_SECONDS, Answer, Conflict, SessionStore, Stored

__all__ = ["PROCESS", "Broken", "Loop", "ModelPage", "Op", "Process", "Store"]

PROCESS: Final[ContextVar[str]] = ContextVar("process", default="")
"""The process that a task or a timer belongs to."""
ANN = User("ann")
_LOST = (1001, 1005, 1006, 1012, 1013, 1014)  # `LOST` of `transport_web.js`
_TICKETS = Tickets("the secret of all processes")
_OPTIONS = ServerOptions()


class Broken(AssertionError):
    """A rule was broken."""


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock stands still until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.timers: list[tuple[asyncio.TimerHandle, str]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Any, *args: Any, context: Context | None = None) -> asyncio.TimerHandle:
        handle = super().call_at(when, callback, *args, context=context)
        self.timers.append((handle, PROCESS.get()))
        return handle

    def due(self) -> float | None:
        """Return when the next timer is due."""
        self.timers = [timer for timer in self.timers if not timer[0].cancelled() and timer[0].when() > self.now]
        return min((handle.when() for handle, _ in self.timers), default=None)

    def settle(self) -> None:
        """Run until everything waits."""
        while True:
            self.call_soon(self.stop)
            self.run_forever()
            if not self._ready:  # type: ignore[attr-defined]  # of CPython's loop
                return


class Op(NamedTuple):
    """What a process has asked of the engine, which has not been done yet."""

    process: str
    name: str
    perform: Callable[[], Any]
    future: asyncio.Future[Any]
    asks: str = ""  # the process that has to answer


class Store(SessionStore):
    """The engine, as one process reaches it."""

    def __init__(self, world: Any, process: str) -> None:
        super().__init__(process)
        self._world = world

    async def run(self, answer: Answer) -> None:
        self._world.answers[self.process] = answer
        await asyncio.get_running_loop().create_future()

    async def load(self, session_id: str) -> Stored:
        found: Stored = await self._asked("load", lambda: self._world.stored_of(session_id))
        return found

    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        new: str = await self._asked("save", lambda: self._world.save(self.process, session_id, mark, data))
        return new

    async def delete(self, session_id: str, mark: str) -> None:
        await self._asked("delete", lambda: self._world.delete(self.process, session_id, mark))

    async def is_alive(self, process: str) -> bool:
        alive: bool = await self._asked("alive", lambda: process in self._world.processes)
        return alive

    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        answered: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()

        def deliver() -> None:
            if process not in self._world.processes:
                answered.set_result(None)
                return
            self._world.questions.append(Op(self.process, "silence", lambda: None, answered, process))
            self._world.within(process, self._answered(process, question, answered))

        await self._asked("ask", deliver)
        return await answered

    async def _answered(self, process: str, question: bytes, answered: asyncio.Future[bytes | None]) -> None:
        answer = await self._world.answers[process](question)
        self._world.ops.append(Op(process, "answer", lambda: answered.done() or answered.set_result(answer), _no_one()))

    async def _asked(self, name: str, perform: Callable[[], Any]) -> Any:
        if self._world.is_over:
            raise OSError("the world has ended")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._world.ops.append(Op(self.process, name, perform, future))
        return await future


def _no_one() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


class Line:
    """A connection: a `LinkSocket` to the server, and the page's end."""

    def __init__(self, page: ModelPage, process: str) -> None:
        self.page = page
        self.process = process
        self.is_over = False  # nothing crosses it any more
        self.is_cut = False  # and the server does not know yet
        self._arrived: asyncio.Queue[str | bool] = asyncio.Queue()

    def send(self, *texts: str) -> None:
        for text in texts:
            self._arrived.put_nowait(text)

    def noticed(self) -> None:
        self.is_cut = False
        self._arrived.put_nowait(True)

    def wake(self) -> None:
        pass

    def ignore(self) -> None:
        self._arrived.put_nowait(False)

    async def run(self, link: Any) -> bool:
        greeting = link.next()
        if greeting is not None and not self.is_over:
            self.page.goes_on(int(greeting.data.split()[1].rstrip(b'"')))
        while True:
            arrived = await self._arrived.get()
            if isinstance(arrived, bool):
                return arrived
            link.receive(arrived)

    async def close(self, code: int, reason: str) -> None:
        self._arrived.put_nowait(False)
        if not self.is_over:
            self.is_over = True
            self.page.closed(code)


class ModelPage:
    """A page, which reacts as `transport_web.js` does.

    Attributes:
        mode: `new`: it has a document and no connection; `open`; `lost`: it connects again; `asks`: it asks its user, as the
            window is open elsewhere; `told`: it has said that it is over.
    """

    def __init__(self, world: Any, label: str) -> None:
        self._world = world
        self.label = label
        self.ticket = _TICKETS.ticket(world.session_id, ANN, label)
        self.line: Line | None = None
        self.takes = False
        self.calls: list[int] = []  # made before there is a connection
        self.loads = 0
        self.load()

    def load(self) -> None:
        """Load the document again: what had no answer rejects."""
        self.loads += 1
        self.mode = "new"
        self.key = f"{id(self)} {self.loads}"
        self.sent: list[str] = []

    def call(self, number: int) -> None:
        self.sent.append(f"[{number}]")
        if self.mode == "open" and self.line is not None:
            self.line.send(self.sent[-1])

    def goes_on(self, received: int) -> None:
        """Note that the application continues the link: what it has not received is sent again."""
        self.mode = "open"
        if self.line is not None:
            self.line.send(*self.sent[received:])

    def closed(self, code: int) -> None:
        """React to the end of the connection (`onclose` and `stillLost`)."""
        if self.mode == "open":
            if code == 4010:
                self.mode = "asks"
            elif code == 4013:
                self.mode = "new"
            else:
                self.mode = "lost" if code in _LOST else "told"
                self._world.page_goes(code)
        elif code in (4001, 4011):
            self.load()
        elif code in (4002, 4003):
            self.mode = "told"

    def connect(self, process: Process) -> None:
        self.line = Line(self, process.name)
        admission: Any
        if self.mode == "lost":
            admission = Again(process.server._carried.get(self.key), 0, self.ticket)
        else:
            shown = {"window": self.ticket, **({"take": ""} if self.takes else {})}
            served = Served(self.key, "http://host", "http://host/", True, "")
            self.takes = False
            self.mode = "open"
            admission = process.server._admission(SimpleNamespace(scope={USER: ANN}, client=None), served, shown)  # type: ignore[arg-type]
            self.line.send(*self.sent)
        self._world.within(process.name, process.server.carry(admission, self.line))


class _Session:
    """The application's end of one session: the host of its windows, and of their pages."""

    def __init__(self, world: Any, process: str, session_id: str, record: SessionRecord | None) -> None:
        self._world = world
        self._process = process
        self.id = session_id
        self.saver: Saver = None  # type: ignore[assignment]  # set at once
        self.items: list[int] = []
        if record is not None and record.state:
            self.items = msgspec.msgpack.decode(record.state["items"])
        labels = world.labels if record is None or not record.windows else [each.label for each in record.windows]
        self.windows = {label: WindowConfig(label=label) for label in labels}
        self.loop = world.loop

    def record(self, owner: str) -> bytes:
        state = {"items": msgspec.msgpack.encode(self.items)}
        return SessionRecord(1, owner, ANN.id, [], list(self.windows.values()), state).encode()

    def open_page(self, _page: Any, _link: Any) -> _Generation:
        return _Generation(self)

    def page_load(self, *_: object) -> None:
        pass

    def window_event(self, event: Any) -> bool:
        if event.name == "destroyed":
            self.windows.pop(event.label, None)
        return True

    def run(self, number: int) -> None:
        self._world.ran(self._process, self.id, number)
        self.items.append(number)
        self.saver.touch()
        self._world.within(self._process, self._save(number))

    async def _save(self, number: int) -> None:
        self._world.unsettled.add(number)
        try:
            await self.saver.save()
        except (Conflict, OSError):
            return
        finally:
            self._world.unsettled.discard(number)
        if not self.saver._over and self.id == self._world.session_id:
            self._world.promised.add(number)

    async def end_session(self, *, keep: bool = False) -> None:
        await self.saver.end(keep=keep)


class _Generation:
    """A page generation; a call is one number."""

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._is_over = False

    def receive(self, batch: str) -> None:
        if not self._is_over:
            self._session.run(int(batch.strip("[]")))

    def take(self, *_: object) -> None:
        return None

    def operate(self, *_: object) -> None:
        pass

    def close(self) -> None:
        self._is_over = True


class Process:
    """A process of the server: the host of its sessions."""

    is_ready = True

    def __init__(self, world: Any, name: str) -> None:
        self._world = world
        self.name = name
        self.moving = Mover(Store(world, name))
        self.moving.place_seconds = KEPT_SECONDS  # no timer of a short history
        self.sessions = Sessions(self, _OPTIONS, _TICKETS, lambda work: work())  # type: ignore[arg-type]  # as much as is used
        self.server = _server(self.sessions, world.labels)
        world.within(name, self.moving.run())

    def reconnected(self) -> None:
        pass

    async def begin_session(
        self, session_id: str, user: User, factory: Callable[[Any], Any], label: str = "", *, takes: bool = False
    ) -> _Session:
        """Begin a session in the order of `ServerCore.begin_session`."""
        taken = await self.moving.take_or_begin(session_id, user, label, takes=takes)
        session = _Session(self._world, self.name, session_id, taken.record)
        lost = partial(self.moving.drop, session_id)
        session.saver = self.moving.saver(session_id, taken.mark, session.record, lost)
        runtime = factory(session)
        for options in list(session.windows.values()):
            runtime.perform(CreateWindow(options))
        session.saver.changed()
        return session


def _server(sessions: Sessions, labels: tuple[str, ...]) -> SessionServer:
    """Return a server with as much as `carry` uses: no routes, no access, which are not what is looked at."""
    server = SessionServer.__new__(SessionServer)
    server._sessions, server._tickets, server._first_labels = sessions, _TICKETS, labels
    server._settings, server._keep = Settings(), (5.0, 1 << 20)
    server._keys, server._used, server._carried, server._closing = {}, {}, {}, set()
    return server
