"""A page that a test speaks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import Any, Protocol

__all__ = ["Channel", "Events", "MockPage", "PageGone", "PendingCall", "Rejected", "TestPage", "buffer_spans"]

# Numbers of messages to a page; see `wire/_down.py`.
_RESOLVE, _REJECT, _CHANNEL, _EVENT = 0, 1, 2, 4


class MockPage(Protocol):
    """A page of the mock runtime."""

    label: str
    messages: list[list[Any]]

    @property
    def ended(self) -> bool:
        """Whether the generation is over."""
        ...

    def send(
        self, command: str, args: Any = None, headers: dict[str, str] | None = None, spans: Any = (), tail: bytes = b""
    ) -> int:
        """Call a command and return the number of the call."""
        ...

    def wait(self, wanted: Callable[[list[Any]], bool], count: int, timeout: float = 10) -> list[list[Any]]:
        """Wait for messages from the application."""
        ...

    def new_callback(self) -> int:
        """Return the number of a new callback."""
        ...

    def cancel(self, call: int) -> None:
        """Abort a call."""
        ...

    def stall(self, stalled: bool) -> None:
        """Read nothing that comes down, or read on."""
        ...

    def end(self) -> None:
        """End the generation."""
        ...


class Rejected(Exception):
    """The promise of a call rejected.

    Attributes:
        value: The value that it rejected with: a string, or an object of a `CommandError` with fields.
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value if isinstance(value, str) else json.dumps(value, default=repr))
        self.value = value


class PageGone(Exception):
    """The page ended before the call had an answer: it was reloaded, its window was closed, or it was lost.

    In a real page nothing is told of the call any more, because its code is gone too.
    """


class PendingCall:
    """A call that a test has made and whose answer it has not waited for; see `TestPage.start`."""

    def __init__(self, page: MockPage, call: int, timeout: float) -> None:
        self._page = page
        self._call = call
        self._timeout = timeout

    def _is_answer(self, message: list[Any]) -> bool:
        return bool(message[0] <= _REJECT and message[1] == self._call)

    @property
    def done(self) -> bool:
        """Whether the answer has come."""
        return any(self._is_answer(message) for message in list(self._page.messages))

    def cancel(self) -> None:
        """Abort the call, as the signal of an `AbortController` does in a page."""
        self._page.cancel(self._call)

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the answer and return the value that the promise resolves with.

        Args:
            timeout: Seconds; `None` for those of the application.

        Raises:
            Rejected: The promise rejects.
            PageGone: The page ended first.
            TimeoutError: No answer came in time.
        """
        try:
            [answer] = self._page.wait(self._is_answer, 1, self._timeout if timeout is None else timeout)
        except TimeoutError:
            if self._page.ended:
                raise PageGone(f"the page of {self._page.label!r} ended before the call had an answer") from None
            raise
        if answer[0] == _REJECT:
            raise Rejected(answer[2])
        return answer[2]


class _Recorded:
    def __init__(self, page: MockPage, wanted: Callable[[list[Any]], bool], value: Callable[[list[Any]], Any]) -> None:
        self._page = page
        self._wanted = wanted
        self._value = value

    def _now(self) -> list[Any]:
        return [self._value(message) for message in list(self._page.messages) if self._wanted(message)]

    def wait(self, count: int, timeout: float = 10) -> list[Any]:
        """Return the first `count` values once they are here.

        Args:
            count: How many.
            timeout: Seconds.

        Raises:
            TimeoutError: They did not come in time.
        """
        return [self._value(message) for message in self._page.wait(self._wanted, count, timeout)]


class Events(_Recorded):
    """The events that a page has heard, as a listener that it registered records them."""

    @property
    def payloads(self) -> list[Any]:
        """The payloads so far, in order."""
        return self._now()


class Channel(_Recorded):
    """A channel of a page, which records its messages. Pass it to a command as an argument."""

    def __init__(self, page: MockPage, callback: int) -> None:
        super().__init__(
            page, lambda message: message[0] == _CHANNEL and message[1] == callback, lambda message: message[3]
        )
        self.callback = callback

    @property
    def messages(self) -> list[Any]:
        """The messages so far, in order."""
        return self._now()


class TestPage:
    """The page of a window, for which a test speaks. A reload makes another page: get it again from `RunningApp.page`.

    Permissions hold as for a page of the application: `invoke` rejects what no capability allows.
    """

    __test__ = False  # for pytest, which takes the name for a class of tests

    def __init__(self, page: MockPage, reload: Callable[[], TestPage], timeout: float = 10) -> None:
        self._page = page
        self._reload = reload
        self._timeout = timeout

    @property
    def label(self) -> str:
        """The label of its window."""
        return self._page.label

    @property
    def ended(self) -> bool:
        """Whether the page is gone: reloaded, closed with its window, or lost."""
        return self._page.ended

    def invoke(
        self, command: str, *, headers: dict[str, str] | None = None, timeout: float | None = None, **arguments: Any
    ) -> Any:
        """Call a command and return the value that its promise resolves with.

        Args:
            command: Its name; `plugin:<name>|<command>` for a plugin's.
            headers: Headers of the call.
            timeout: Seconds to wait for the answer; `None` for those of the application.
            **arguments: The arguments by their keys, as JSON values, bytes and `Channel`s. As in a page, `fileName` and
                `file_name` both are a parameter `file_name`.

        Raises:
            Rejected: The promise rejects.
            PageGone: The page ended first.
            TimeoutError: No answer came in time.
        """
        return self.start(command, headers=headers, **arguments).result(timeout)

    def start(self, command: str, *, headers: dict[str, str] | None = None, **arguments: Any) -> PendingCall:
        """Call a command without waiting for its answer; see `invoke` for the arguments."""
        buffers: list[tuple[list[str | int], bytes]] = []
        plain = {key: _lift(value, [key], buffers) for key, value in arguments.items()}
        spans = buffer_spans([(path, "ArrayBuffer", data) for path, data in buffers])
        tail = b"".join(data for _, data in buffers)
        return PendingCall(self._page, self._page.send(command, plain, headers, spans, tail), self._timeout)

    def reload(self) -> TestPage:
        """Load the page again, as its user may at any time, and return the new one: this one is gone.

        Its calls end, and its listeners, channels and resources are released.
        """
        return self._reload()

    def lose(self) -> None:
        """End the page without a word, as when its process crashes or its browser goes away. Its window stays."""
        self._page.end()

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Let the page read nothing in the `with` block, as one that computes for long, or one behind a slow network.

        Answers, events and messages of channels queue up, to the bounds of `Builder.limits`, and arrive at the end.
        """
        self._page.stall(True)
        try:
            yield
        finally:
            self._page.stall(False)

    def channel(self) -> Channel:
        """Return a new channel, to be passed as an argument."""
        return Channel(self._page, self._page.new_callback())

    def listen(self, event: str) -> Events:
        """Listen to an event, whoever it is sent to, and return what records it.

        Raises:
            Rejected: The name is invalid, or the page may not listen.
        """
        handler = self._page.new_callback()
        listener = self.invoke("plugin:event|listen", event=event, target={"kind": "Any"}, handler=handler)

        def heard(message: list[Any]) -> bool:
            return message[0] == _EVENT and listener in _listeners(message)

        return Events(self._page, heard, lambda message: message[2])

    def emit(self, event: str, payload: Any = None) -> None:
        """Send an event to every listener, as `emit` of `@tauri-apps/api/event` does.

        Raises:
            Rejected: The name is invalid.
        """
        self.invoke("plugin:event|emit", event=event, payload=payload)


def buffer_spans(buffers: list[tuple[list[str | int], str, bytes]]) -> list[list[Any]]:
    """Return the spans of buffers, of which each is given by its path, its JavaScript class and its bytes."""
    ends = accumulate(len(data) for _, _, data in buffers)
    return [[path, kind, 0, end - len(data), len(data)] for (path, kind, data), end in zip(buffers, ends, strict=True)]


def _lift(value: Any, path: list[str | int], buffers: list[tuple[list[str | int], bytes]]) -> Any:
    """Return an argument as JSON has it: bytes are taken out and listed with their places."""
    if isinstance(value, bytes | bytearray | memoryview):
        buffers.append((path, bytes(value)))
        return None
    if isinstance(value, Channel):
        return f"__CHANNEL__:{value.callback}"
    if isinstance(value, dict):
        return {key: _lift(item, [*path, str(key)], buffers) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_lift(item, [*path, index], buffers) for index, item in enumerate(value)]
    return value


def _listeners(message: list[Any]) -> list[int]:
    pairs = message[3]
    return [pair[0] for pair in pairs] if pairs and isinstance(pairs[0], list) else list(pairs[::2])
