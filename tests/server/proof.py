"""Pages that call, listen and stream while processes are killed, the engine is started again, and connections are delayed and cut.

`python -m tests.server.proof --pages 500` is the long form; `test_proof.py` runs the short one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.servers._pages import TransomPage
from bench.servers._socket import fetch, open_socket
from tests.conformance.application import Program
from tests.requirements import ROOT
from tests.server.engines import BUS_ENGINES, Engine, engine_of, free_port, until
from tests.server.people import written
from tests.server.proxy import DelayingProxy

__all__ = ["Proof", "main", "prove"]

PROGRAM = """
import os
from pathlib import Path
from transom import AppHandle, Builder, Channel, User, command, generate_handler

RUNS = os.open(os.environ["PROOF_RUNS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

@command
async def run(id: str) -> str:
    os.write(RUNS, (id + "\\n").encode())
    return id

@command
async def shout(app: AppHandle, text: str) -> None:
    app.broadcast("told", text)

@command
async def stream(on_message: Channel[int], count: int) -> None:
    for number in range(count):
        await on_message.send_async(number)

async def authenticate(connection):
    who = connection.cookies.get("who")
    return User(who) if who else None

builder = Builder().server(authenticate=authenticate, max_user_sessions=1000)
builder.invoke_handler(generate_handler(run, shout, stream))
"""
_STREAMED = 20
_PATIENCE = 120.0  # seconds: hundreds of pages are loaded again at once
_LATE = 0.2  # seconds
_AGAIN = re.compile(rb'"again (\d+)"')


class ProofPage(TransomPage):
    """A page that connects again as the page's own script does, and notes what it hears.

    Args:
        port: Where the server is.
        user: Its user.
        told: What it has heard, by the time that its document was loaded: a list for each document.
    """

    def __init__(self, port: int, user: str) -> None:
        super().__init__(port, user)
        self.told: list[list[str]] = []
        self.streams: dict[int, list[int]] = {}
        self.answers: Counter[str] = Counter()
        self.errors: list[str] = []
        self.loads = self.resumed = 0
        self.ending = self.loading = self._live = self._connecting = False
        self._sent: list[str] = []
        self._key = ""
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Load the document, as often as it takes, and listen."""
        self.loading = True
        while True:
            try:
                await self._load()
                await asyncio.wait_for(self.listen(), 20)
            except (OSError, TimeoutError):
                await asyncio.sleep(0.1)
                continue
            # The answer and the end of the link may come at once.
            if not self.over.is_set():
                self.loading = False
                return

    async def _load(self) -> None:
        self.loads += 1
        self.told.append([])
        self.streams = {}
        self._sent, self._frames, self._live = [], 0, False
        document = await fetch(self.port, "/", {"Cookie": f"who={self.user}"})
        self._key = _in(document, "key")
        self.ticket = self.ticket or _in(document, "ticket")
        await self._connect()
        self._live = True

    async def _connect(self, *words: str) -> None:
        self.over = over = asyncio.Event()
        cookie = {"Cookie": f"who={self.user}"}
        shown = ", ".join(["transom.1", f"key.{self._key}", f"window.{self.ticket}", *words])
        headers = {**cookie, "Origin": f"http://127.0.0.1:{self.port}", "Sec-WebSocket-Protocol": shown}

        def ended(code: int | None) -> None:
            over.set()
            if self.over is not over or self.ending:
                return
            self.code, self._live = code, False
            if self.loading:
                self._reject_all()
            elif not self._connecting:
                self._task = asyncio.ensure_future(self._again())

        self._connecting = True
        try:
            self._socket = await open_socket(self.port, "/.transom/link", headers, self._receive, ended)
        finally:
            self._connecting = False
        if over.is_set():
            raise ConnectionError(f"the link ended at once, with code {self.code}")

    async def call(self, command: str, **arguments: Any) -> Any:
        """See `LoadPage`; a page that is loaded has no script yet that could call."""
        if self.loading and command != "plugin:event|listen":
            raise ConnectionError("the page is being loaded")
        return await super().call(command, **arguments)

    async def _again(self) -> None:
        """Connect again; load the page again when that cannot be done."""
        for _ in range(20):
            if self.code in (4011, 1008):
                break
            try:
                await self._connect(f"again.{self._frames}")
            except (OSError, TimeoutError) as error:
                if "403" in str(error):  # the process with the link is gone
                    break
                await asyncio.sleep(0.1)
            else:
                return
        self.loading = True
        self._reject_all()
        self.code = None
        await self.open()

    def _reject_all(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the page is loaded again"))

    def _receive(self, data: bytes) -> None:
        if (greeting := _AGAIN.fullmatch(data)) is not None:
            self.resumed += 1
            for text in self._sent[int(greeting[1]) :]:
                super()._send(text)
            self._live = True
            return
        super()._receive(data)

    def _send(self, text: str) -> None:
        self._sent.append(text)
        if self._live:  # else it is sent when it is known what has arrived
            super()._send(text)

    def _other(self, message: list[Any]) -> None:
        if message[0] == 2:
            self.streams.setdefault(message[1], []).append(message[3])
        elif message[0] == 8:
            self.streams.setdefault(message[1], []).extend(message[3])
        elif message[:2] == [7, "error"]:
            self.errors.append(message[2])

    def _answer(self, number: int, value: Any, failed: bool = False) -> None:
        self.answers[f"{self.loads}:{number}"] += 1
        super()._answer(number, value, failed)

    def hear(self, payload: str) -> None:
        """Note an event."""
        self.told[-1].append(payload)

    def __str__(self) -> str:
        flags = f"loading {self.loading}, live {self._live}, connecting {self._connecting}"
        return f"the page of {self.user}: {self.loads} loads, {self.resumed} resumed, {flags}, last code {self.code}"

    def end(self) -> None:
        """Close the page for good."""
        self.ending = True
        if self._task is not None:
            self._task.cancel()
        self.close()


def _in(document: bytes, name: str) -> str:
    found = re.search(rf'"{name}":"([0-9a-f]+)"'.encode(), document)
    if found is None:
        raise ConnectionError("this is no document")
    return found[1].decode()


class Proof:
    """What happened, and whether it may."""

    def __init__(self) -> None:
        self.pages: list[ProofPage] = []
        self.resolved: set[str] = set()
        self.rejected: set[str] = set()
        # By publisher and document, what it has told: what its process had not stored dies with the process.
        self.accepted: dict[str, list[str]] = defaultdict(list)
        self.kills = self.restarts = self.cuts = self.delayed = 0

    def check(self, runs: Sequence[str]) -> None:
        """Raise what must not have happened."""
        counts = Counter(runs)
        assert not [call for call, count in counts.items() if count > 1], "a call ran twice"
        assert self.resolved <= counts.keys(), "a call resolved and never ran"
        assert not self.resolved & self.rejected
        for page in self.pages:
            assert max(page.answers.values()) == 1, "a call was answered twice"
            for told in page.told:
                self._check_events(told, page)

    def _check_events(self, told: list[str], page: ProofPage) -> None:
        by_publisher: dict[str, list[int]] = defaultdict(list)
        for text in told:
            publisher, _, number = text.rpartition(" ")
            by_publisher[publisher].append(int(number))
        for publisher, numbers in by_publisher.items():
            assert numbers == sorted(set(numbers)), f"{publisher} out of order or twice: {numbers}"
            accepted = [int(number) for number in self.accepted[publisher]]
            missing = [number for number in accepted if numbers[0] < number < numbers[-1] and number not in numbers]
            assert not missing or page.errors, f"a hole that nobody was told of: {publisher} {missing}"

    def __str__(self) -> str:
        resumed, loads = sum(page.resumed for page in self.pages), sum(page.loads for page in self.pages)
        heard = sum(len(told) for page in self.pages for told in page.told)
        return (
            f"{len(self.pages)} pages: {len(self.resolved)} calls resolved, {len(self.rejected)} rejected, {heard} events heard, "
            f"{resumed} connections resumed, {loads - len(self.pages)} pages loaded again; {self.kills} processes killed, "
            f"{self.restarts} engine restarts, {self.cuts} connections cut, {self.delayed} pieces delayed"
        )


async def prove(
    engine: Engine, port: int, supervisor: int, *, pages: int, rounds: int, seed: int = 1, kills: bool = True
) -> Proof:
    """Let pages work while things break, and return what happened.

    Args:
        engine: The engine that the processes share.
        port: Where the server is.
        supervisor: The process whose children serve.
        pages: How many pages.
        rounds: How many things break.
        seed: Of what breaks.
        kills: Whether processes are killed.
    """
    proof, chance, over = Proof(), random.Random(seed), asyncio.Event()
    gate = asyncio.Semaphore(25)
    # Half of what crosses comes at once, the rest late: answers, events and connections overtake each other.
    late = random.Random(seed)
    proxy = DelayingProxy([port], lambda: max(0.0, late.random() - 0.5) * _LATE)
    await proxy.start()

    async def opened(number: int) -> ProofPage:
        async with gate:
            page = ProofPage(proxy.port, f"user{number}")
            page.heard = page.hear
            await page.open()
            return page

    proof.pages = list(await asyncio.gather(*(opened(number) for number in range(pages))))
    # As much work for few pages as for many.
    pause = 0.02 + pages / 250
    work = [
        asyncio.ensure_future(_work(proof, page, over, pause, number % max(1, pages // 5) == 0))
        for number, page in enumerate(proof.pages)
    ]
    for turn in range(rounds):
        # Pages are to work again before the next thing breaks, most of the time.
        await asyncio.sleep((0.3 + chance.random() * 0.5) * max(1, pages / 40))
        # By turns the pages end their connections, and the network does.
        if turn % 2:
            proxy.cut(0.25, chance)
        else:
            for page in chance.sample(proof.pages, max(1, pages // 4)):
                page.close()
                proof.cuts += 1
        if kills and turn % 3 == 1:
            os.kill(chance.choice(_workers(supervisor)), signal.SIGKILL)
            proof.kills += 1
        if turn % 3 == 2:
            await asyncio.to_thread(engine.kill)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(engine.start)
            proof.restarts += 1
    await asyncio.sleep(1)
    over.set()
    try:
        await asyncio.wait_for(asyncio.gather(*work), 2 * _PATIENCE)
    finally:
        for page in proof.pages:
            page.end()
        await proxy.stop()
    proof.cuts += proxy.cuts
    proof.delayed = proxy.delayed
    return proof


async def _work(proof: Proof, page: ProofPage, over: asyncio.Event, pause: float, publishes: bool) -> None:
    number = 0
    while not over.is_set():
        number += 1
        call = f"{page.user}:{number}"
        try:
            assert await asyncio.wait_for(page.call("run", id=call), _PATIENCE) == call
            proof.resolved.add(call)
        except ConnectionError:
            proof.rejected.add(call)
        except TimeoutError:
            raise AssertionError(f"the call {call} never settled; {page}") from None
        publisher = f"{page.user}.{page.loads}"
        try:
            if number % 5 == 0 and publishes:
                await asyncio.wait_for(page.call("shout", text=f"{publisher} {number}"), _PATIENCE)
                proof.accepted[publisher].append(str(number))
            if number % 7 == 3:
                loads, callback = page.loads, 1000 + number
                await asyncio.wait_for(
                    page.call("stream", onMessage=f"__CHANNEL__:{callback}", count=_STREAMED), _PATIENCE
                )
                if page.loads == loads:
                    assert page.streams.get(callback) == list(range(_STREAMED)), page.streams.get(callback)
        except ConnectionError:
            pass
        await asyncio.sleep(pause)


def _workers(supervisor: int) -> list[int]:
    found = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text("ascii").split()
    ours = [int(pid) for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert ours
    return ours


@contextmanager
def serving(folder: Path, engine: Engine, processes: int) -> Iterator[tuple[int, int]]:
    """Serve the proof's application in processes; yield the port and the process that started them."""
    written(folder)
    (folder / "proof_app.py").write_text(PROGRAM, "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "transom.cli", "serve", "proof_app:builder", "--port", str(port)]
    environment = {
        "TRANSOM_BUS": engine.address,
        "PROOF_RUNS": str(folder / "runs"),
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT / "src"))),
    }
    with Program([*command, "--processes", str(processes)], environment) as program:

        def answers() -> bool:
            if program.process.poll() is not None:
                raise RuntimeError("".join(program.errors)[-4000:])
            return b"key" in asyncio.run(fetch(port, "/", {"Cookie": "who=x"}))

        until(answers, _PATIENCE)
        yield port, program.process.pid


def _say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the long form."""
    parser = argparse.ArgumentParser("tests.server.proof", description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=BUS_ENGINES, default="redis")
    given = parser.parse_args(arguments)
    _say(f"load before: {os.getloadavg()[0]:.1f}")
    with (
        TemporaryDirectory() as home,
        engine_of(given.engine, Path(home) / "engine") as engine,
        serving(Path(home) / "app", engine, given.processes) as (port, supervisor),
    ):
        proof = asyncio.run(prove(engine, port, supervisor, pages=given.pages, rounds=given.rounds, seed=given.seed))
        _say(proof)
        proof.check((Path(home) / "app" / "runs").read_text("utf-8").split())
    _say(
        f"load after: {os.getloadavg()[0]:.1f}\nevery call settled once, and everything came in order and once, or its loss was told"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
