"""A page that a test speaks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate
from typing import Any, Protocol

__all__ = ["Channel", "Events", "MockPage", "Rejected", "TestPage"]

# Numbers of messages to a page; see `wire/_down.py`.
_RESOLVE, _REJECT, _CHANNEL, _EVENT = 0, 1, 2, 4


class MockPage(Protocol):
    """A page of the mock runtime."""

    label: str
    messages: list[list[Any]]

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


class Rejected(Exception):
    """The promise of a call rejected.

    Attributes:
        value: The value that it rejected with: a string, or an object of a `CommandError` with fields.
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value if isinstance(value, str) else json.dumps(value, default=repr))
        self.value = value


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

    def __init__(self, page: MockPage) -> None:
        self._page = page

    @property
    def label(self) -> str:
        """The label of its window."""
        return self._page.label

    def invoke(
        self, command: str, *, headers: dict[str, str] | None = None, timeout: float = 10, **arguments: Any
    ) -> Any:
        """Call a command and return the value that its promise resolves with.

        Args:
            command: Its name; `plugin:<name>|<command>` for a plugin's.
            headers: Headers of the call.
            timeout: Seconds to wait for the answer.
            **arguments: The arguments by their keys, as JSON values, bytes and `Channel`s. As in a page, `fileName` and
                `file_name` both are a parameter `file_name`.

        Raises:
            Rejected: The promise rejects.
            TimeoutError: No answer came in time.
        """
        buffers: list[tuple[list[str | int], bytes]] = []
        plain = {key: _lift(value, [key], buffers) for key, value in arguments.items()}
        ends = accumulate(len(data) for _, data in buffers)
        spans = [
            [path, "ArrayBuffer", 0, end - len(data), len(data)]
            for (path, data), end in zip(buffers, ends, strict=True)
        ]
        call = self._page.send(command, plain, headers, spans, b"".join(data for _, data in buffers))
        [answer] = self._page.wait(lambda message: message[0] <= _REJECT and message[1] == call, 1, timeout)
        if answer[0] == _REJECT:
            raise Rejected(answer[2])
        return answer[2]

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
