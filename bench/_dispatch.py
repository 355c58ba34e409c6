"""Measure the time of one call without a page: send batches to a page session of the mock runtime and read the answers.

Run it as `_dispatch.py CALLS NAME...`. It prints the same lines as a page. The figure includes the whole spine (decode,
authorize, find, call, encode) and the hand-over between the window's thread and the loop's thread, but no transport.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from transom import command, generate_handler
from transom.core import AppCore, AppParts
from transom.handles import StateManager
from transom.pages import QueueLimits
from transom.project import load_config
from transom.runtimes import Page, Runtime, Session, Settings, find_runtime

__all__ = ["COMMANDS", "dispatch", "main"]

BATCH = 50
"""The number of calls in one message, and therefore in flight."""
_PATIENCE = 60.0  # seconds for all calls
_ORIGIN = "tauri://localhost"


class Payload(msgspec.Struct):
    """The second argument of the command."""

    state: str
    data: int


class Reply(msgspec.Struct):
    """The result of the command."""

    value: int
    message: str


@command(thread="main")
def echo_main(count: int, payload: Payload) -> Reply:
    """Answer on the window's thread."""
    return Reply(count, payload.state)


@command
async def echo(count: int, payload: Payload) -> Reply:
    """Answer on the event loop."""
    return Reply(count, payload.state)


# Workload -> command. Add here to introduce one.
COMMANDS = {"dispatch_main": "echo_main", "dispatch_async": "echo"}


class _Page:
    """The page's end of the link: stores the frames, and sends the next batch once the previous one is answered.

    It takes frames on the window's thread, once for each wake-up, like a window system.
    """

    def __init__(self, batches: Sequence[str], post: Callable[[Callable[[], None]], None]) -> None:
        self.answers: list[bytes] = []
        self.ended = threading.Event()
        self._post = post
        self._batches = iter(batches)
        self._open = 0
        self.session: Session | None = None

    def wake(self) -> None:
        """See `transom.runtimes.Link`."""
        self._post(self._drain)

    def acknowledged(self, frames: int) -> None:
        """See `transom.runtimes.Link`."""

    def _drain(self) -> None:
        assert self.session is not None
        while frame := self.session.take(1 << 20, 1 << 20):
            self.answers.append(frame.text)
            self._open -= frame.text.count(b"[0,")
        if self._open == 0:
            self.send()

    def send(self) -> None:
        """Send the next batch, on the window's thread."""
        assert self.session is not None
        batch = next(self._batches, None)
        if batch is None:
            self.ended.set()
            return
        self._open = BATCH
        self.session.receive(batch)


def dispatch(workload: str, calls: int) -> float:
    """Make calls in batches, and return the microseconds for one call.

    Raises:
        RuntimeError: A call has no answer or a wrong answer.
    """
    with TemporaryDirectory() as folder:
        (Path(folder) / "tauri.conf.json").write_text('{"identifier": "dev.transom.bench"}', "utf-8")
        core = AppCore(
            load_config(Path(folder)),
            AppParts(state=StateManager(), limits=QueueLimits(), handlers=(generate_handler(echo, echo_main),)),
        )
    runtime = core.start(find_runtime("mock"), Settings())
    core.threads.loop.start()
    page = _Page(_batches(COMMANDS[workload], calls), runtime.post)
    page.session = core.open_page(Page("main", "main", _ORIGIN, True), page)
    try:
        seconds = _drive(runtime, page)
    finally:
        core.stop()
    _check(page.answers, calls // BATCH * BATCH)
    return seconds / (calls // BATCH * BATCH) * 1e6


def _batches(name: str, calls: int) -> list[str]:
    arguments = {"count": 5, "payload": {"state": "some string data", "data": 17}}
    numbers = range(0, calls // BATCH * BATCH, BATCH)
    return [json.dumps([[0, first + i, name, arguments] for i in range(BATCH)]) for first in numbers]


def _drive(runtime: Runtime, page: _Page) -> float:
    """Run the window system until every batch is answered, and return the time in seconds."""

    def stop() -> None:
        page.ended.wait(_PATIENCE)
        runtime.quit(0)

    threading.Thread(target=stop, daemon=True).start()
    runtime.post(page.send)
    start = time.perf_counter()
    runtime.run()
    return time.perf_counter() - start


def _check(frames: Sequence[bytes], calls: int) -> None:
    answers = [answer for frame in frames for answer in json.loads(frame)]
    right = {"value": 5, "message": "some string data"}
    if len(answers) != calls or any(kind != 0 or value != right for kind, _, value in answers):
        raise RuntimeError(f"{calls} calls have {len(answers)} answers, and not all of them are {right}")


def main(arguments: Sequence[str]) -> None:
    """Measure and print a line of JSON for each workload."""
    calls, *names = arguments
    for name in names:
        dispatch(name, 1000)
        value = dispatch(name, int(calls))
        print(json.dumps({"workload": name, "unit": "us/call", "value": value}), flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
