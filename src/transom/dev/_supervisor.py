"""`transom dev`: starts the front end's server and the back end, and starts the back end again when its files change."""

from __future__ import annotations

import importlib.util
import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

import msgspec

from ..config import Config
from ..errors import AuthorError
from ._back_end import BackEnd
from ._front_end import FrontEnd
from ._messages import Ended, Failed, Go, Hello, Message, Reload, Show
from ._watch import Follower, kind_of

__all__ = ["DevOptions", "Supervisor"]


class DevOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `transom dev` was asked to do.

    Attributes:
        command: The program and its arguments, or `-m`, a module and its arguments.
        folders: The folders whose files are followed.
        environment: More environment variables for the back end.
        seconds: How long the front end's server may take to answer.
    """

    command: tuple[str, ...]
    folders: tuple[Path, ...]
    environment: Mapping[str, str] = {}
    seconds: float = 180


class _FrontEndEnded(msgspec.Struct, frozen=True):
    status: int


class _Signalled(msgspec.Struct, frozen=True):
    number: int


_Event = frozenset[Path] | tuple[BackEnd, "Message | int"] | _FrontEndEnded | _Signalled


class Supervisor:
    """Runs the developer's loop.

    A changed file starts the next back end, which runs the author's program up to `App.run` while the current one still
    answers. Then the current one is stopped, and the next one begins. If the program fails before it gets there, the current
    one stays, and its pages show the traceback.

    Args:
        config: The project's configuration.
        options: What to do.
    """

    def __init__(self, config: Config, options: DevOptions) -> None:
        self._options = options
        self._events: SimpleQueue[_Event] = SimpleQueue()
        frontend = config.frontend if config.build.dev_url is None else None
        self._shown = frontend if isinstance(frontend, Path) else None
        self._front_end = FrontEnd(config, lambda status: self._events.put(_FrontEndEnded(status)))
        self._follower = Follower(options.folders, self._shown, self._events.put)
        self._current: BackEnd | None = None
        self._next: BackEnd | None = None
        self._stopped: set[BackEnd] = set()
        self._wanted: int | None = None  # the exit status that the current back end announced
        self._begun = False
        self._sessions = secrets.token_hex(32)
        self._changed_at: float | None = None

    def run(self) -> int:
        """Run until the application ends, or a signal comes; return the exit status.

        Raises:
            AuthorError: The front end's command failed, or its server does not answer.
        """
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._front_end.start(self._options.seconds)
            self._follower.start()
            self._start_next()
            while (code := self._handle(self._wait())) is None:
                pass
            return code
        finally:
            self._follower.stop()
            for back_end in (self._next, self._current):
                if back_end is not None:
                    self._stop(back_end)
            self._front_end.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _wait(self) -> _Event:
        # With a limit, because a signal does not end a wait without one on every system.
        while True:
            with suppress(Empty):
                return self._events.get(timeout=1)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._events.put(_Signalled(number))

    def _handle(self, event: _Event) -> int | None:
        """Handle one event; return the exit status if it is the last one."""
        if isinstance(event, _Signalled):
            return 128 + event.number
        if isinstance(event, _FrontEndEnded):
            if event.status == 0:
                return None
            raise AuthorError(f"build.beforeDevCommand ended with exit status {event.status}; its own message is above")
        if isinstance(event, frozenset):
            self._files_changed(event)
            return None
        back_end, message = event
        if back_end in self._stopped:
            return None
        if isinstance(message, int):
            return self._ended(back_end, message)
        if isinstance(message, Hello):
            self._take_over(back_end)
        elif isinstance(message, Failed):
            self._failed(back_end, message)
        elif isinstance(message, Ended) and back_end is self._current:
            self._wanted = None if message.restart else message.code
            if message.restart:
                self._stop(back_end)
                self._current = None
                self._start_next()
        return None

    def _files_changed(self, paths: frozenset[Path]) -> None:
        kinds = {kind_of(path, self._shown) for path in paths}
        if "back end" in kinds:
            self._changed_at = time.monotonic()
            for path in paths:
                if path.suffix == ".py":
                    _forget_bytecode(path)
            self._start_next()
        elif "front end" in kinds and self._current is not None:
            self._current.tell(Reload())

    def _start_next(self) -> None:
        if self._next is not None:
            self._stop(self._next)
        environment = {**os.environ, "TRANSOM_DEV": "1", **self._options.environment}
        self._next = BackEnd(self._options.command, environment, lambda *event: self._events.put(event))

    def _stop(self, back_end: BackEnd) -> None:
        self._stopped.add(back_end)
        back_end.stop()

    def _take_over(self, back_end: BackEnd) -> None:
        if back_end is not self._next:
            return
        current, self._current, self._next = self._current, back_end, None
        if current is not None:
            self._stop(current)
        self._wanted = None
        back_end.tell(Go(self._begun, self._sessions))
        self._begun = True
        if self._changed_at is not None:
            _say(f"the back end runs the new code ({(time.monotonic() - self._changed_at) * 1000:.0f} ms)")
            self._changed_at = None

    def _failed(self, back_end: BackEnd, failed: Failed) -> None:
        if back_end is self._next:
            self._next = None
        if back_end is self._current or self._current is None:
            _say("the program failed; it starts again when a file is saved")
            return
        _say("the new code failed, so the back end before it goes on; save again when it is mended")
        self._current.tell(Show(failed.text))

    def _ended(self, back_end: BackEnd, status: int) -> int | None:
        """Note that a back end is gone; return the exit status if the application wanted to end."""
        if back_end is self._next:
            text = f"the program ended with exit status {status} and ran no application; it must call App.run or Builder.run"
            sys.stderr.write(f"transom: {text}\n")
            self._failed(back_end, Failed(text, text))
        elif back_end is self._current:
            self._current = None
            if self._wanted is not None:
                return self._wanted
            _say(f"the back end ended with exit status {status}; it starts again when a file is saved")
        return None


def _forget_bytecode(path: Path) -> None:
    # Python compares whole seconds and the size: of two changes within a second, the second would not count.
    with suppress(OSError, NotImplementedError):
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _say(text: str) -> None:
    print(f"transom: {text}", file=sys.stderr, flush=True)
