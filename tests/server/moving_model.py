"""A world in which the rules of moving sessions run without a network, a clock, or another process.

What runs is the server's own code: `SessionServer.carry`, `Sessions`, `WebWindows`, `WebLink`, `Mover` and `Saver`. The engine,
pages and processes around it wait for `World.do` to take their next steps, so that a test decides about the order.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextvars import Context
from functools import partial
from typing import Any, NamedTuple

import msgspec

from tests.server.moving_actors import PROCESS, Broken, Loop, ModelPage, Op, Process
from transom.server.moving._record import decode_record
from transom.server.moving._store import Conflict, Stored

__all__ = ["Budget", "World"]

_NEVER = 100.0  # seconds: what waits for longer does not happen in a short history


class Budget(NamedTuple):
    """How often each of these may happen in one history.

    Attributes:
        connects: A page opens a connection, to whichever process it meets.
        calls: A page makes a call whose result is stored before it is answered.
        cuts: A connection breaks.
        kills: A process dies.
        stops: A process is stopped in order.
        silences: A process that lives does not answer a question in time.
        failures: The engine fails before it has done what it was asked, or after it.
        times: The clock moves on to the next timer.
    """

    connects: int = 2
    calls: int = 1
    cuts: int = 0
    kills: int = 0
    stops: int = 0
    silences: int = 0
    failures: int = 0
    times: int = 0


class World:
    """Processes, an engine and pages; call `close` at the end.

    Args:
        budget: What may happen.
        labels: The windows of the session, which the application makes.
        pages: The labels of the windows whose pages there are.
        processes: How many processes.
    """

    def __init__(
        self,
        budget: Budget,
        labels: tuple[str, ...] = ("main",),
        pages: tuple[str, ...] = ("main",),
        processes: int = 2,
    ) -> None:
        self.loop = Loop()
        asyncio.set_event_loop(self.loop)
        self.labels = labels
        self.session_id = "a" * 32
        self._stored: dict[str, Stored] = {}
        self._mark = 0
        self.ops: list[Op] = []
        self.questions: list[Op] = []
        self.answers: dict[str, Callable[[bytes], Awaitable[bytes]]] = {}
        self.promised: set[int] = set()  # calls that were answered, and so are stored
        self.unsettled: set[int] = set()  # calls that wait until they are stored
        self.runs: Counter[int] = Counter()
        self.is_strict = True  # nobody was thought dead who lives, and the engine was there
        self.is_over = False
        self._calls = 0
        self._ran: set[int] = set()  # calls that the session must know of
        self._chance = random.Random(1)
        self._killed = self._moves = (
            False  # whether a process died; whether a page went because of another one or a stop
        )
        self._broken: list[Broken] = []
        self._dead: set[asyncio.Task[Any]] = set()
        self._left = budget._asdict()
        self._stopping: dict[str, asyncio.Task[Any]] = {}
        self.processes: dict[str, Process] = {}
        for number in range(processes):
            self.processes["ABC"[number]] = self._inside("ABC"[number], partial(Process, self, "ABC"[number]))
        self.loop.settle()
        self.pages = [ModelPage(self, label) for label in pages]

    def within(self, process: str, work: Any) -> asyncio.Task[Any]:
        """Run a coroutine as a task of a process."""
        context = Context()
        context.run(PROCESS.set, process)
        task = self.loop.create_task(work, context=context)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Note what a task has raised: nothing raises that is not caught by the rules."""
        if not task.cancelled() and (error := task.exception()) is not None and not self.is_over:
            self._broken.append(error if isinstance(error, Broken) else Broken(f"{type(error).__name__}: {error}"))

    def _inside(self, process: str, work: Callable[[], Any]) -> Any:
        async def run() -> Any:
            return work()

        return self.loop.run_until_complete(self.within(process, run()))

    # The engine

    def _breaks(self, why: str) -> Broken:
        """Return an exception, which is noted too: who catches it is not asked."""
        self._broken.append(Broken(why))
        return self._broken[-1]

    def stored_of(self, session_id: str) -> Stored:
        return self._stored.get(session_id, Stored(None, ""))

    def save(self, process: str, session_id: str, mark: str, data: bytes) -> str:
        """Store a record if the one that is stored has this mark.

        Raises:
            Conflict: It has another one.
        """
        if self.stored_of(session_id).mark != mark:
            raise Conflict
        if session_id == self.session_id:
            self._check(process, data)
        self._mark += 1
        self._stored[session_id] = Stored(data, str(self._mark))
        return str(self._mark)

    def _check(self, process: str, data: bytes) -> None:
        record = decode_record(data)
        assert record is not None
        items = set(msgspec.msgpack.decode(record.state["items"])) if record.state else set()
        if lost := self.promised - items:
            raise self._breaks(f"{process} overwrites what was stored: {sorted(lost)}")
        if self.is_strict and not self._killed and self.owner != process and (lost := self._ran - items):
            raise self._breaks(f"{process} takes the session up without what was done at the other one: {sorted(lost)}")

    def delete(self, process: str, session_id: str, mark: str) -> None:
        """Delete the record if it has this mark."""
        if session_id in self._stored and self.stored_of(session_id).mark == mark:
            if session_id == self.session_id:
                if self.owner not in ("", process):
                    raise self._breaks(f"{process} deletes the session of {self.owner}")
                self.promised.clear()  # the session has ended
                self._ran.clear()
            del self._stored[session_id]

    @property
    def owner(self) -> str:
        data = self.stored_of(self.session_id).data
        record = None if data is None else decode_record(data)
        return "" if record is None else record.owner

    def ran(self, process: str, session_id: str, number: int) -> None:
        """Note that a call runs."""
        self.runs[number] += 1
        if session_id == self.session_id:
            self._ran.add(number)
        if self.runs[number] > 1:
            raise self._breaks(f"the call {number} runs twice")
        if self.is_strict and session_id == self.session_id and self.owner != process:
            raise self._breaks(f"a call runs at {process}, and the session belongs to {self.owner or 'nobody'}")

    def page_goes(self, code: int) -> None:
        """Note that a page that was there was closed.

        Raises:
            Broken: It had to stay.
        """
        if code == 1011:
            raise self._breaks("a session could not be begun")
        if code == 1012 and self.is_strict and not self._moves:
            raise self._breaks("a page has lost its session to another one, and nobody has chosen it")

    # Steps

    def steps(self) -> Iterator[str]:
        """Yield what may happen next."""
        left = self._left
        for number, op in enumerate(self.ops):
            yield f"op {number} {op.name}"
            if left["failures"] and op.name not in ("answer", "ask"):
                yield f"fail {number}"
                if op.name in ("save", "delete"):
                    yield f"lose {number}"
        for number, question in enumerate(self.questions):
            if question.asks not in self.processes or left["silences"]:
                yield f"silence {number}"
        for number, page in enumerate(self.pages):
            yield from self._steps_of(number, page)
        if len(self.processes) > 1:
            for name in self.processes:
                if left["kills"]:
                    yield f"kill {name}"
                if left["stops"] and name not in self._stopping:
                    yield f"stop {name}"
        due = self.loop.due()
        if left["times"] and due is not None and due < self.loop.now + _NEVER:
            yield "time"

    def _steps_of(self, number: int, page: ModelPage) -> Iterator[str]:
        left = self._left
        if page.mode in ("new", "lost") and (page.line is None or page.line.is_over) and left["connects"]:
            yield from (f"connect {number} {name}" for name in self.processes if name not in self._stopping)
        if page.mode == "asks":
            yield f"take {number}"
        if left["calls"] and page.mode in ("open", "new"):
            yield f"call {number}"
        if page.line is not None and page.line.is_cut:
            yield f"notice {number}"
        if left["cuts"] and page.mode == "open" and page.line is not None and not page.line.is_over:
            yield f"cut {number}"

    def do(self, step: str) -> None:
        """Take one step, let everything react to it, and check what has to be true at every time.

        Raises:
            Broken: A rule was broken.
        """
        what, *words = step.split()
        spent = {"connect": "connects", "call": "calls", "cut": "cuts", "kill": "kills", "stop": "stops"}
        spent |= {"fail": "failures", "lose": "failures", "time": "times"}
        if what in spent:
            self._left[spent[what]] -= 1
        getattr(self, f"_do_{what}")(*words)
        self.loop.settle()
        self.questions = [question for question in self.questions if not question.future.done()]
        for name, task in list(self._stopping.items()):
            if task.done() and name in self.processes:
                self._do_exit(name)
                self.loop.settle()
        if self._broken:
            raise self._broken[0]
        owners = [name for name, process in self.processes.items() if self.session_id in process.sessions._sessions]
        if self.is_strict and len(owners) > 1:
            raise Broken(f"the session is at {owners}")

    def _do_op(self, number: str, _name: str = "", *, reply: bool = True) -> None:
        op = self.ops.pop(int(number))
        result: Any = None
        failure: Exception | None = None
        try:
            result = op.perform()
        except Conflict as error:
            failure = error
        if op.future.done():
            return
        if not reply or failure is not None:
            op.future.set_exception(failure or OSError("the connection to the engine is lost"))
        else:
            op.future.set_result(result)

    def _do_lose(self, number: str) -> None:
        self.is_strict = False
        self._do_op(number, reply=False)

    def _do_fail(self, number: str) -> None:
        self.is_strict = False
        op = self.ops.pop(int(number))
        if not op.future.done():
            op.future.set_exception(OSError("the engine is away"))

    def _do_silence(self, number: str) -> None:
        question = self.questions.pop(int(number))
        if question.asks in self.processes:
            self._left["silences"] -= 1
            self.is_strict = False
        if not question.future.done():
            question.future.set_result(None)

    def _do_drain(self) -> None:
        """Let the engine do all that it is asked."""
        while self.ops:
            self._do_op("0")
            self.loop.settle()

    def _do_connect(self, number: str, process: str) -> None:
        self.pages[int(number)].connect(self.processes[process])

    def _do_take(self, number: str) -> None:
        page = self.pages[int(number)]
        page.mode, page.takes = "new", True
        self._moves = True

    def _do_call(self, number: str) -> None:
        self._calls += 1
        self.pages[int(number)].call(self._calls)

    def _do_cut(self, number: str) -> None:
        page = self.pages[int(number)]
        assert page.line is not None
        page.line.is_over = page.line.is_cut = True
        page.closed(1006)

    def _do_notice(self, number: str) -> None:
        line = self.pages[int(number)].line
        assert line is not None
        line.noticed()

    def _do_kill(self, name: str) -> None:
        self._killed = True
        self._do_exit(name)

    def _do_exit(self, name: str) -> None:
        """End a process: what it waits for never comes, and none of its timers."""
        del self.processes[name]
        self._dead |= asyncio.all_tasks(self.loop)  # kept, as nothing else refers to those of the process
        self._stopping.pop(name, None)
        self.ops = [op for op in self.ops if op.process != name]
        for handle, process in self.loop.timers:
            if process == name:
                handle.cancel()
        for page in self.pages:
            if page.line is not None and page.line.process == name:
                page.line.is_cut = False
                if not page.line.is_over:
                    page.line.is_over = True
                    page.closed(1006)

    def _do_stop(self, name: str) -> None:
        self._moves = True
        self._stopping[name] = self.within(name, self.processes[name].sessions.end_all())

    def _do_time(self) -> None:
        due = self.loop.due()
        assert due is not None
        self.loop.now = due

    # The end

    def end_well(self) -> None:
        """Let nothing break any more, and check that every page ends in its session, or has told its user.

        Raises:
            Broken: It does not, or a rule was broken.
        """
        self._left = dict.fromkeys(self._left, 0)
        for _ in range(400):
            self._left |= {"connects": 1, "calls": 1, "times": 1}
            step = self._next_good_step()
            if step is None:
                break
            self.do(step)
        else:
            raise Broken(f"pages do not come to rest: {[page.mode for page in self.pages]}")
        for page in self.pages:
            if page.mode not in ("open", "told", "asks"):
                raise Broken(f"a page is {page.mode} for ever")
        calls = [(self._calls + 1 + number, page) for number, page in enumerate(self.pages) if page.mode == "open"]
        for number, page in calls:
            self._calls = number
            page.call(number)
        self.loop.settle()
        for _ in range(400):
            step = self._next_good_step()
            if step is None:
                break
            self._left |= {"connects": 1, "times": 1}
            self.do(step)
        for number, page in calls:
            if page.mode == "open" and page.loads == 1 and self.runs[number] != 1:
                raise Broken(f"a call of an open page did not run: {number}")

    def _next_good_step(self) -> str | None:
        if self.ops:
            return f"op 0 {self.ops[0].name}"
        steps = [step for step in self.steps() if step.split()[0] in ("silence", "notice", "connect")]
        if steps:
            # Every page meets every process in time.
            return steps[self._chance.randrange(len(steps))]
        due = self.loop.due()
        # What is stored later, and what pages and processes wait for.
        return "time" if due is not None and due < self.loop.now + 4.0 else None

    def close(self) -> None:
        """End what still runs."""
        self.is_over = True
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        for op in self.ops:
            op.future.cancel()
        for _ in range(50):
            self.loop.settle()
            if not asyncio.all_tasks(self.loop):
                break
            if (due := self.loop.due()) is not None:
                self.loop.now = due
        asyncio.set_event_loop(None)
        self.loop.close()

    def state(self) -> tuple[object, ...]:
        """Return what the future depends on, as far as it can be seen."""
        now = self.loop.now
        self.loop.due()
        processes = tuple(
            (
                name,
                name in self._stopping,
                sorted(process.sessions._sessions),
                sorted(process.sessions._beginning),
                len(process.sessions._ending),
                [
                    (session.host.items, session.host.saver._mark, session.host.saver._armed, session.host.saver._over)  # type: ignore[attr-defined]
                    for session in process.sessions._sessions.values()
                ],
            )
            for name, process in self.processes.items()
        )
        pages = [
            (
                page.mode,
                page.takes,
                page.loads,
                page.sent,
                page.line and (page.line.process, page.line.is_over, page.line.is_cut),
            )
            for page in self.pages
        ]
        waiting = [(op.process, op.name) for op in (*self.ops, *self.questions)]
        timers = sorted((round(handle.when() - now, 6), process) for handle, process in self.loop.timers)
        return (
            repr(
                (
                    processes,
                    pages,
                    waiting,
                    timers,
                    sorted(self.promised),
                    sorted(self.unsettled),
                    dict(self.runs),
                    self.is_strict,
                )
            ),
            repr(self._stored),
            tuple(self._left.values()),
        )
