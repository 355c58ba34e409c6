"""Replay a recorded session: say again what its pages said, and compare what the application answers."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from ..observe import VERSION
from ._page import MockPage, PageGone, PendingCall, Rejected, buffer_spans
from ._running import RunningApp

__all__ = ["Difference", "RecordingDiffers", "replay"]

UPDATE = "TRANSOM_UPDATE_RECORDINGS"
"""The environment variable that makes `replay` write what it got to the file: `1`."""

_CHANNEL, _CHANNEL_END, _EVENT = 2, 3, 4
_LISTEN, _UNLISTEN = "plugin:event|listen", "plugin:event|unlisten"
# Events of the window system, which a test does not have.
_WINDOW_EVENTS = "tauri://*"
_POLL = 0.005


class Difference(NamedTuple):
    """A message that a replay got in place of the recorded one.

    Attributes:
        line: The line in the file.
        what: What it is about, such as `greet` or `event saved`.
        recorded: The recorded value.
        got: The value now; for one that did not come in time, the text says so.
    """

    line: int
    what: str
    recorded: Any
    got: Any

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}\n    recorded: {_shown(self.recorded)}\n    now:      {_shown(self.got)}"


class RecordingDiffers(AssertionError):
    """The application does not answer as it did when the session was recorded.

    Attributes:
        differences: What differs.
    """

    def __init__(self, file: Path, differences: Sequence[Difference]) -> None:
        first = "\n".join(map(str, differences[:10]))
        more = f"\n... and {len(differences) - 10} more" if len(differences) > 10 else ""
        super().__init__(
            f"{file}: {len(differences)} of the recorded messages differ\n{first}{more}\n"
            f"If the new ones are right, run the test once with {UPDATE}=1, which writes them to the file."
        )
        self.differences = tuple(differences)


def replay(
    app: RunningApp,
    file: str | Path,
    *,
    ignore: Sequence[str] = (),
    normalize: Callable[[str, Any], Any] = lambda _, value: value,
    timeout: float = 10,
    update: bool | None = None,
) -> None:
    """Say to an application what the pages of a recorded session said, and compare what it answers.

    Calls are made in the recorded order. Where an answer, a message or an event was there before a call was made, it is
    waited for. Messages of a channel are compared in their order, and so are events of one name. Calls that were cancelled
    are cancelled again; pages that were loaded again are reloaded.

    Args:
        app: The application, which has made no call yet.
        file: The recording.
        ignore: Globs over names of commands and events that are not compared, such as `plugin:window|*`. The calls are
            made all the same. Events of the window system, `tauri://*`, are never compared.
        normalize: Takes the name of a command or an event and a recorded value or one of now, and returns what is compared:
            the value without a time, for example. For a channel, the name is that of the command it was passed to.
        timeout: Seconds to wait for each message.
        update: Whether to write the messages of now to the file in place of comparing them. `None` for what the environment
            variable `TRANSOM_UPDATE_RECORDINGS` says: `1` for yes.

    Raises:
        RecordingDiffers: An answer, a message or an event is another one, or did not come.
        ValueError: The file is not a recording, or is one of a later version.
    """
    path = Path(file)
    update = os.environ.get(UPDATE) == "1" if update is None else update
    run = _Run(app, (*ignore, _WINDOW_EVENTS), normalize, timeout)
    lines = list(_lines(path))
    for number, line in lines:
        run.take(number, line)
    if update:
        kept = [line for number, line in lines if number not in run.missing]
        text = "".join(_dump(line) + "\n" for line in ({"transom": VERSION}, *kept))
        path.write_text(text, "utf-8")
    elif run.differences:
        raise RecordingDiffers(path, run.differences)


class _Spoken:
    """A page for which a replay speaks."""

    def __init__(self, page: MockPage) -> None:
        self.page = page
        self.calls: dict[int, tuple[str, PendingCall]] = {}
        self.channels: dict[int, str] = {}  # callback -> the command that it was passed to
        self.seen: dict[tuple[Any, ...], int] = {}
        self.listeners: dict[int, int] = {}  # the recorded number -> the one of now

    def next_of(self, kind: int, key: Any) -> int:
        """Return how many messages of this kind were looked at before this one."""
        count = self.seen.get((kind, key), 0)
        self.seen[kind, key] = count + 1
        return count


class _Run:
    def __init__(
        self, app: RunningApp, ignore: Sequence[str], normalize: Callable[[str, Any], Any], timeout: float
    ) -> None:
        self.differences: list[Difference] = []
        self.missing: set[int] = set()
        self._app = app
        self._ignore = ignore
        self._normalize = normalize
        self._timeout = timeout
        self._pages: dict[int, _Spoken] = {}
        self._shown: dict[str, MockPage] = {}

    def take(self, number: int, line: dict[str, Any]) -> None:
        """Say, or wait for, what a line of the file has. The values of now are put into the line."""
        if "open" in line:
            self._pages[line["page"]] = _Spoken(self._page(line["open"]))
            return
        page = self._pages[line["page"]]
        if "command" in line:
            self._call(page, line)
        elif "cancelled" in line:
            if line["call"] in page.calls:
                page.calls.pop(line["call"])[1].cancel()
        elif "call" in line:
            self._answer(page, number, line)
        elif "message" in line:
            name = page.channels.get(line["channel"], f"channel {line['channel']}")
            self._message(page, number, line, _CHANNEL, line["channel"], "message", f"a message to {name}", name)
        elif "end" in line:
            name = page.channels.get(line["channel"], f"channel {line['channel']}")
            self._message(
                page, number, line, _CHANNEL_END, line["channel"], "end", f"the end of a channel of {name}", name
            )
        elif "event" in line:
            self._message(page, number, line, _EVENT, line["event"], "payload", f"event {line['event']}", line["event"])

    def _page(self, label: str) -> MockPage:
        """Return the page for a generation: the application's, or, where it was spoken for already, the one after."""
        end = time.monotonic() + self._timeout
        shown = self._shown.get(label)
        while True:
            try:
                found = self._app.page_of(label)
            except LookupError:
                if time.monotonic() > end:
                    raise
                time.sleep(_POLL)
                continue
            page = found._page if found._page is not shown else found.reload()._page  # noqa: SLF001 - of this room
            self._shown[label] = page
            return page

    def _call(self, page: _Spoken, line: dict[str, Any]) -> None:
        command, args = line["command"], line["args"]
        if command == _UNLISTEN and isinstance(args, dict):
            args = {**args, "eventId": page.listeners.get(args.get("eventId", -1), args.get("eventId"))}
        for callback in _channels_in(args):
            page.channels[callback] = command
        buffers = [(path, kind, base64.b64decode(data)) for path, kind, data in line.get("buffers", ())]
        tail = b"".join(data for _, _, data in buffers)
        call = page.page.send(command, args, line.get("headers"), buffer_spans(buffers), tail)
        page.calls[line["call"]] = (command, PendingCall(page.page, call, self._timeout))

    def _answer(self, page: _Spoken, number: int, line: dict[str, Any]) -> None:
        command, call = page.calls.pop(line["call"], ("", None))
        if call is None:
            return
        kind = "resolve" if "resolve" in line else "reject"
        recorded, got_kind = _value(line, kind), "resolve"
        got: Any
        try:
            got = call.result(self._timeout)
        except Rejected as error:
            got, got_kind = error.value, "reject"
        except (TimeoutError, PageGone) as error:
            self.differences.append(Difference(number, command, recorded, f"<{error}>"))
            return
        if command == _LISTEN and got_kind == kind == "resolve":
            page.listeners[recorded] = got
            return
        if got_kind != kind and not self._ignored(command):
            self.differences.append(Difference(number, command, {kind: recorded}, {got_kind: got}))
        elif got_kind == kind:
            self._compare(number, command, command, recorded, got)
        del line[kind]
        _put(line, got_kind, got)

    def _message(
        self, page: _Spoken, number: int, line: dict[str, Any], kind: int, key: Any, field: str, what: str, name: str
    ) -> None:
        if self._ignored(name):
            return
        at = page.next_of(kind, key)
        recorded = _value(line, field)

        def wanted(message: list[Any]) -> bool:
            return bool(message[0] == kind and message[1] == key)

        try:
            message = page.page.wait(wanted, at + 1, self._timeout)[at]
        except TimeoutError:
            self.differences.append(Difference(number, what, recorded, f"<nothing came within {self._timeout:g} s>"))
            self.missing.add(number)
            return
        if kind == _CHANNEL_END:
            sent = page.seen.get((_CHANNEL, key), 0)
            if message[2] != sent:
                self.differences.append(Difference(number, what, f"<{sent} messages>", f"<{message[2]} messages>"))
        else:
            got = message[3] if kind == _CHANNEL else message[2]
            self._compare(number, what, name, recorded, got)
            _put(line, field, got)

    def _ignored(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self._ignore)

    def _compare(self, number: int, what: str, name: str, recorded: Any, got: Any) -> None:
        if not self._ignored(name) and self._normalize(name, recorded) != self._normalize(name, got):
            self.differences.append(Difference(number, what, recorded, got))


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the lines behind the first one, with their numbers."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
            except ValueError:
                raise ValueError(f"{path}:{number}: this line is not JSON; is the file a recording?") from None
            if number == 1:
                version = line.get("transom") if isinstance(line, dict) else None
                if version != VERSION:
                    raise ValueError(
                        f"{path}: its first line is not {json.dumps({'transom': VERSION})}; record the session again with "
                        "this version of transom"
                    )
                continue
            yield number, line


def _channels_in(value: Any) -> Iterator[int]:
    if isinstance(value, str):
        prefix, _, number = value.partition("__CHANNEL__:")
        if not prefix and number.isdigit():
            yield int(number)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _channels_in(item)


def _value(line: dict[str, Any], field: str) -> Any:
    """Return a recorded value with its bytes in their places."""
    root: Any = [json.loads(json.dumps(line[field]))]
    for path, _kind, data in line.get("buffers", ()):
        keys: list[Any] = [0, *path]
        holder = root
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = base64.b64decode(data)
    return root[0]


def _put(line: dict[str, Any], field: str, value: Any) -> None:
    """Put a value into a line, its bytes beside it."""
    buffers: list[tuple[list[str | int], str, str]] = []
    line[field] = _without_bytes(value, [], buffers)
    line.pop("buffers", None)
    if buffers:
        line["buffers"] = buffers


def _without_bytes(value: Any, path: list[str | int], buffers: list[tuple[list[str | int], str, str]]) -> Any:
    if isinstance(value, bytes):
        buffers.append((path, "ArrayBuffer", base64.b64encode(value).decode("ascii")))
        return None
    if isinstance(value, dict):
        return {key: _without_bytes(item, [*path, key], buffers) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_bytes(item, [*path, index], buffers) for index, item in enumerate(value)]
    return value


def _dump(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) and value.startswith("<") else repr(value)
    return text if len(text) <= 500 else f"{text[:500]}..."
