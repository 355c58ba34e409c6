"""One application with two windows: the page of one floods it, the page of the other makes one call after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from transom.app import App, Builder, Context
from transom.commands import command, generate_handler
from transom.config import AppConfig, BuildConfig, Config, WindowConfig
from transom.handles import AppHandle
from transom.runtimes import Page, Session
from transom.runtimes._mock import MockPage, MockRuntime

__all__ = ["FLOODS", "Waits", "measure"]

_PAUSE = 0.002  # seconds between two calls of the page that waits
_BATCH = 500_000  # bytes; a page's script sends less at once


class Waits(NamedTuple):
    """How long the calls of the other window took.

    Attributes:
        calls: The number of its calls.
        median: Seconds.
        longest: Seconds.
        batches: The number of batches that the flood has sent meanwhile.
    """

    calls: int
    median: float
    longest: float
    batches: int


@command
async def on_loop(value: Any = None) -> int:
    """Answer on the event loop."""
    return 0 if value is None else len(value)


@command
def in_worker(value: Any = None) -> int:
    """Answer in a worker."""
    return 0 if value is None else len(value)


@command
def blocks() -> None:
    """Block a worker."""
    time.sleep(0.5)


def _batch_of(message: str) -> str:
    return f"[{','.join([message] * (_BATCH // (len(message) + 1)))}]"


def _calls(template: str) -> Callable[[], Iterator[str]]:
    """Return batches of calls, each with a number of its own."""

    def batches() -> Iterator[str]:
        number, count = 0, _BATCH // (len(template) + 10)
        while True:
            yield f"[{','.join([template % n for n in range(number, number + count)])}]"
            number += count

    return batches


def _forever(text: str) -> Callable[[], Iterator[str]]:
    def batches() -> Iterator[str]:
        while True:
            yield text

    return batches


# Name of a flood -> the batches that its page sends, one after the other. Add here to measure another.
FLOODS: dict[str, Callable[[], Iterator[str]]] = {
    "calls on the event loop": _calls('[0,%d,"on_loop"]'),
    "calls in workers": _calls('[0,%d,"in_worker"]'),
    "calls that block": _calls('[0,%d,"blocks"]'),
    "refused calls": _calls('[0,%d,"plugin:none|x"]'),
    "calls of no command": _calls('[0,%d,"on_lopo"]'),
    "messages": _forever(_batch_of("[1,7]")),
    "batches that are not JSON": _forever("[" * 100),
    "batches over the bound": _forever(f"[{','.join(['[1,7]'] * 2_000_000)}]"),
    "large JSON": _calls('[0,%d,"on_loop",{"value":[' + ",".join(['{"a":[1,2,3]}'] * 20_000) + "]}]"),
}


class _Sink:
    """The page that floods: it reads what is sent to it and forgets it."""

    def __init__(self, app: Any) -> None:
        self.session: Session = app.open_page(Page("flood", "flood", "tauri://localhost", True), self)

    def wake(self) -> None:
        """Take every frame."""
        while self.session.take(1 << 20, 1 << 30):
            """Nothing is counted."""

    def acknowledged(self, frames: int) -> None:
        """Nothing is counted."""


@contextmanager
def _application() -> Iterator[tuple[Any, MockPage]]:
    config = Config(
        folder=Path(__file__).parent,
        file="tauri.conf.json",
        identifier="org.example.fairness",
        app=AppConfig(windows=(WindowConfig(label="flood"), WindowConfig(label="other"))),
        build=BuildConfig(frontend_dist="."),
    )
    started = threading.Event()

    def setup(app: AppHandle) -> None:
        app.run_on_main_thread(started.set)

    builder = Builder().setup(setup).invoke_handler(generate_handler(on_loop, in_worker, blocks))
    app: App = builder.build(Context(config=config), "mock")
    thread = threading.Thread(target=app.run, daemon=True)
    thread.start()
    assert started.wait(10)
    core = app._core  # noqa: SLF001 - a page needs the runtime's side of the application
    runtime = core.runtime
    assert isinstance(runtime, MockRuntime)
    try:
        yield core, runtime.pages["other"]
    finally:
        app.handle().exit(0)
        thread.join(10)


def measure(flood: str, seconds: float) -> Waits:
    """Return how long the calls of one window take while the page of another floods the application.

    Args:
        flood: A name in `FLOODS`.
        seconds: The time to measure.
    """
    with _application() as (core, page):
        for name in ("on_loop", "in_worker"):
            page.invoke(name)
        sink, end, sent = _Sink(core), threading.Event(), [0]

        def run() -> None:
            for batch in FLOODS[flood]():
                if end.is_set():
                    return
                sink.session.receive(batch)
                sent[0] += 1

        flooding = threading.Thread(target=run, daemon=True)
        flooding.start()
        took = []
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for name in ("on_loop", "in_worker"):
                began = time.perf_counter()
                page.invoke(name, timeout=60)
                took.append(time.perf_counter() - began)
            time.sleep(_PAUSE)
        end.set()
        flooding.join(60)
    took.sort()
    return Waits(len(took), took[len(took) // 2], took[-1], sent[0])
