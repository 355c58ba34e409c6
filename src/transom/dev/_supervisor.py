"""`transom dev`: starts the front end's server and the back end, and starts the back end again when its files change."""

from __future__ import annotations

import importlib.util
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

import msgspec

from ..children import ChildGuard
from ..config import Config
from ..errors import AuthorError
from ._child import Child
from ._front_end import FrontEnd, reason_of_end
from ._messages import (
    SPARE,
    Down,
    Ended,
    Failed,
    Go,
    Hello,
    Imported,
    Inspect,
    Message,
    Prepare,
    Reload,
    Report,
    Run,
    Show,
)
from ._watch import Follower, kind_of

__all__ = ["DevOptions", "Supervisor"]


_CALM = 0.5  # seconds after a start, which the page uses to ask for its data again
_PACKAGE = Path(__file__).parent.parent


class DevOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `transom dev` was asked to do.

    Attributes:
        command: The program and its arguments, or `-m`, a module and its arguments.
        folders: The folders whose files are followed.
        environment: More environment variables for the back end.
        seconds: How long the front end's server may take to answer.
        restart: Whether each back end makes windows of its own.
        inspect: Whether the inspector is shown.
    """

    command: tuple[str, ...]
    folders: tuple[Path, ...]
    environment: Mapping[str, str] = {}
    seconds: float = 180
    restart: bool = False
    inspect: bool = False


class _FrontEndEnded(msgspec.Struct, frozen=True):
    status: int


class _Signalled(msgspec.Struct, frozen=True):
    number: int


class _Interrupted(BaseException):
    """A signal came while the front end's server started."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Line(msgspec.Struct, frozen=True):
    text: str


class _Calm(msgspec.Struct, frozen=True):
    """Some time has passed after a start."""


_Event = frozenset[Path] | tuple[Child, "Message | int"] | _FrontEndEnded | _Signalled | _Line | _Calm


class Supervisor:
    """Runs the developer's loop.

    A changed file starts the next back end, which runs the author's program up to `App.run` while the current one still
    answers. Then the current one is stopped, and the next one begins. If the program fails before it gets there, the current
    one stays, and its pages show the traceback.

    The next one is a spare process where there is one: it has imported what the current one uses of transom, and waits.

    Args:
        config: The project's configuration.
        options: What to do.
    """

    def __init__(self, config: Config, options: DevOptions) -> None:
        self._options = options
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._is_starting = True  # the front end's server
        frontend = (config.frontend if config.build.dev_url is None else None) or ()
        self._shown = (frontend,) if isinstance(frontend, Path) else frontend
        self._config = config
        self._guard = ChildGuard()
        self._front_end = FrontEnd(config, lambda status: self._events.put(_FrontEndEnded(status)), self._guard)
        self._follower = Follower(options.folders, self._shown, self._events.put)
        self._current: Child | None = None
        self._next: Child | None = None
        self._spare: Child | None = None
        self._calm_at: float | None = None
        self._modules: tuple[str, ...] | None = None  # what a spare process imports
        self._windows: Child | None = None
        self._windows_fit = ""
        self._folder = tempfile.TemporaryDirectory(prefix="transom-dev-")
        self._generation = 0
        self._stopped: set[Child] = set()
        self._wanted: int | None = None  # the exit status that the current back end announced
        self._told: set[Child] = set()  # whose failure is shown
        self._sessions = secrets.token_hex(32)
        self._changed_at: float | None = None
        self._has_terminal = sys.stdin is not None and sys.stdin.isatty()
        self._inspects = options.inspect
        self._shown_inspector = False

    def run(self) -> int:
        """Run until the application ends, or a signal comes; return the exit status.

        Raises:
            AuthorError: The front end's command failed, or its server does not answer.
        """
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            try:
                self._front_end.start(self._options.seconds)
            finally:
                self._is_starting = False
            self._follower.start()
            self._start_next()
            if self._has_terminal:
                threading.Thread(target=self._read_lines, name="transom-keys", daemon=True).start()
                if not self._inspects:
                    _say("press i and Enter for the inspector")
            while (code := self._handle(self._wait())) is None:
                pass
            return code
        except _Interrupted as interrupted:
            return 128 + interrupted.number
        finally:
            self._follower.stop()
            for child in (self._spare, self._next, self._current, self._windows):
                if child is not None:
                    self._stop(child)
            self._front_end.stop()
            self._guard.close()
            self._folder.cleanup()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _wait(self) -> _Event:
        # With a limit, because a signal does not end a wait without one on every system.
        while True:
            with suppress(Empty):
                wait = 1.0 if self._calm_at is None else min(self._calm_at - time.monotonic(), 1.0)
                return self._events.get(timeout=max(wait, 0))
            if self._calm_at is not None and time.monotonic() >= self._calm_at:
                self._calm_at = None
                return _Calm()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._is_starting:  # nobody reads the queue while the front end's server starts, which can take minutes
            self._is_starting = False
            raise _Interrupted(number)
        self._events.put(_Signalled(number))

    def _read_lines(self) -> None:
        with suppress(OSError, ValueError):  # the terminal is gone
            for line in sys.stdin:
                self._events.put(_Line(line.strip()))

    def _show_inspector(self) -> None:
        """Let the current back end show the inspector: in a browser, unless one shows that of the back end before."""
        if self._current is not None:
            self._current.tell(Inspect(False if self._shown_inspector else None))
            self._shown_inspector = True

    def _handle(self, event: _Event) -> int | None:
        """Handle one event; return the exit status if it is the last one."""
        if isinstance(event, _Signalled):
            return 128 + event.number
        if isinstance(event, _FrontEndEnded):
            if event.status == 0:
                return None
            raise AuthorError(
                f"build.beforeDevCommand ended with exit status {event.status}; {reason_of_end(self._config)}"
            )
        if isinstance(event, _Line):
            if event.text == "i":
                self._inspects, self._shown_inspector = True, False
                self._show_inspector()
            return None
        if isinstance(event, _Calm):
            if self._current is not None:
                self._current.tell(Report())
            return None
        if isinstance(event, frozenset):
            self._files_changed(event)
            return None
        return self._heard(*event)

    def _heard(self, back_end: Child, message: Message | int) -> int | None:
        """Handle what a process says, or its exit status; return that of the loop if it ends."""
        if back_end in self._stopped:
            if isinstance(message, int):  # the last that is heard of it
                self._stopped.discard(back_end)
                self._told.discard(back_end)
            return None
        if back_end is self._windows:
            return self._windows_ended(message)
        if back_end is self._spare:
            self._spare = None  # it says nothing: this is its end
            return None
        if isinstance(message, int):
            return self._ended(back_end, message)
        if isinstance(message, Hello):
            self._take_over(back_end, message)
        elif isinstance(message, Failed):
            self._failed(back_end, message)
        elif isinstance(message, Imported):
            self._modules = message.modules
            self._prepare_spare()
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
            if self._spare is not None and any(path.is_relative_to(_PACKAGE) for path in paths):
                self._stop(self._spare)
                self._spare = None
            for path in paths:
                if path.suffix == ".py":
                    _forget_bytecode(path)
            self._start_next()
        elif "front end" in kinds and self._current is not None:
            self._current.tell(Reload())

    def _start_next(self) -> None:
        if self._next is not None:
            self._stop(self._next)
        self._calm_at = None
        if self._spare is not None:
            self._next, self._spare = self._spare, None
            self._next.tell(Run())
        else:
            self._next = self._program(*self._options.command)

    def _program(self, *arguments: str) -> Child:
        environment = {**os.environ, "TRANSOM_DEV": "1", **self._options.environment}
        if self._has_terminal or self._inspects:
            environment["TRANSOM_INSPECT"] = "ready"
        return Child(
            ("transom.dev._program", *arguments), environment, lambda *event: self._events.put(event), self._guard
        )

    def _prepare_spare(self) -> None:
        """Start a spare process, if there is none and what it is to import is known."""
        if self._modules is not None and self._spare is None and self._next is None:
            self._spare = self._program(SPARE, *self._options.command)
            self._spare.tell(Prepare(self._modules))

    def _stop(self, back_end: Child) -> None:
        self._stopped.add(back_end)
        back_end.stop()

    def _take_over(self, back_end: Child, hello: Hello) -> None:
        if back_end is not self._next:
            return
        current, self._current, self._next = self._current, back_end, None
        if current is not None:
            self._stop(current)
        self._wanted = None
        keeps = hello.runtime == "webkitgtk" and not self._options.restart
        windows = self._windows_for(hello.fingerprint if keeps else "")
        back_end.tell(Go(self._generation > 0, self._sessions, windows, self._generation))
        self._generation += 1
        self._calm_at = time.monotonic() + _CALM
        if self._inspects:
            self._show_inspector()
        if self._changed_at is not None:
            _say(f"the back end runs the new code ({(time.monotonic() - self._changed_at) * 1000:.0f} ms)")
            self._changed_at = None

    def _windows_for(self, fingerprint: str) -> str:
        """Return where the windows for a back end are; empty if it makes its own."""
        if self._windows is not None and fingerprint != self._windows_fit:
            if fingerprint:
                _say("the windows are made anew: what they are made with has changed")
            self._stop(self._windows)
            self._windows = None
        if not fingerprint:
            return ""
        address = str(Path(self._folder.name) / f"{fingerprint[:16]}.socket")
        if self._windows is None:
            Path(address).unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(address)
                listener.listen()  # so that the back end need not wait for the process
                number = listener.fileno()
                command = ("transom.dev._windows", str(number))
                self._windows = Child(
                    command, dict(os.environ), lambda *event: self._events.put(event), self._guard, [number]
                )
            self._windows_fit = fingerprint
        return address

    def _failed(self, back_end: Child, failed: Failed) -> None:
        self._told.add(back_end)
        if back_end is self._next:
            self._next = None
            self._prepare_spare()
        if back_end is self._current or self._current is None:
            _say("the program failed; it starts again when a file is saved")
            if self._windows is not None:
                self._windows.tell(Down())
                self._windows.tell(Show(failed.text))
            return
        _say("the new code failed, so the back end before it goes on; save again when it is mended")
        (self._windows or self._current).tell(Show(failed.text))

    def _ended(self, back_end: Child, status: int) -> int | None:
        """Note that a back end is gone; return the exit status if the application wanted to end."""
        if back_end is self._next:
            text = f"the program ended with exit status {status} and ran no application; it must call App.run or Builder.run"
            sys.stderr.write(f"transom: {text}\n")
            self._failed(back_end, Failed(text, text))
        elif back_end is self._current:
            self._current = None
            if self._wanted is not None:
                return self._wanted
            text = f"the back end ended with exit status {status}; it starts again when a file is saved"
            _say(text)
            if self._windows is not None:
                self._windows.tell(Down())
                if back_end not in self._told:
                    self._windows.tell(Show(f"{text}\nIts own message is in the terminal."))
        return None

    def _windows_ended(self, message: Message | int) -> int | None:
        """Note that the process with the windows is gone: the last one was closed, or it failed."""
        if isinstance(message, Ended) and self._windows is not None:
            # It ends when it has told the back end why. The back end after that must not meet it.
            self._stopped.add(self._windows)
            self._windows = None
            return None
        if not isinstance(message, int):
            return None
        self._windows = None  # the next back end needs another one
        # A back end that runs ends too, and says with which status. Where the windows failed, as without a display, the
        # next change may mend it, whether or not the back end is gone already.
        closed = message == 0 and self._current is None and self._next is None
        return 0 if closed else None


def _forget_bytecode(path: Path) -> None:
    # Python compares whole seconds and the size: of two changes within a second, the second would not count.
    with suppress(OSError, NotImplementedError):
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _say(text: str) -> None:
    print(f"transom: {text}", file=sys.stderr, flush=True)
