"""What is fuzzed: every decoder of what a page or a file can say. Each gives a value or a documented error, never anything else."""

from __future__ import annotations

import atexit
import json
import logging
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from tests.fake_page import FakePage
from tests.mock_app import Running, running
from transom import command
from transom.acl import (
    CommandScope,
    Grant,
    LabelGlob,
    Origin,
    PathScope,
    RemoteUrlPattern,
    ResolvedScope,
    RuntimeAuthority,
    Scopes,
    capabilities_in,
    read_permissions,
    split_command,
)
from transom.config import parse_config
from transom.errors import ConfigError, MalformedMessage, MessageTooLarge, RequestError
from transom.plugins.event import EventRule
from transom.project._document import Document
from transom.values import JavaScriptChannelId
from transom.wire import (
    BinaryBatch,
    EventTarget,
    InvokeFrame,
    PackAssembler,
    check_event_name,
    check_label,
    check_spans,
    decode_batch,
    parse_binary,
    place_buffers,
)

__all__ = ["CORPUS", "TARGETS", "seeds_of"]

CORPUS: Final = Path(__file__).parent / "corpus"
_LIMIT = 1 << 20
_KEY = bytes(32)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _parts(data: bytes) -> tuple[str, str]:
    """Return two texts: what is before the first zero byte, and what is after it."""
    first, _, second = data.partition(b"\0")
    return _text(first), _text(second)


def envelope(data: bytes) -> None:
    """Read a batch, and put buffers where its calls say."""
    try:
        messages = decode_batch(data)
    except MalformedMessage:
        return
    for message in messages:
        if isinstance(message, InvokeFrame):
            split_command(message.command)
            try:
                check_spans(message.command, message.spans)
                value = msgspec.json.decode(message.payload)
                place_buffers(value, message.spans, [memoryview(b"12345678")] * len(message.spans))
            except (MalformedMessage, msgspec.DecodeError, UnicodeError, RecursionError):
                continue


def session(data: bytes) -> None:
    """Let a page send a text and a binary frame: nothing raises, and what is queued for it can be read."""
    page = FakePage()
    first, _, second = data.partition(b"\0")
    page.session.receive(first)
    page.session.receive(memoryview(first), memoryview(second))
    page.session.receive_chunk(second)
    page.session.receive_last(_text(first))
    for call, _, _ in page.calls:
        call.answer(True, b"null")
    page.taken()
    page.session.close()
    page.session.receive_last(_text(first))


class _Errors(logging.Handler):
    """Keeps what is logged as an error: an exception that nobody expected."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")


class _Point(msgspec.Struct):
    x: int
    label: str | None = None


@command
def echo(value: Any) -> Any:
    """Return anything."""
    return value


@command
async def typed(point: _Point, several: list[_Point], data: bytes = b"", when: datetime | None = None) -> int:
    """Take arguments of several types."""
    return point.x + len(several) + len(data)


@cache
def _application() -> tuple[Running, _Errors]:
    errors = _Errors()
    logging.getLogger("transom").addHandler(errors)
    stack = ExitStack()
    application = stack.enter_context(running(echo, typed))
    atexit.register(stack.close)
    return application, errors


def spine(data: bytes) -> None:
    """Let a page send a batch to an application, commands of the core plugins too: nothing fails unexpectedly."""
    application, errors = _application()
    page = application.session
    first, _, tail = data.partition(b"\0")
    page.receive(first, memoryview(tail))
    # So that what fails is what this input did.
    until = time.monotonic() + 2
    while page.calls and time.monotonic() < until:
        time.sleep(0.0002)
    for call in list(page.calls.values()):
        call.cancel()
    application.page.messages.clear()
    found, errors.texts = errors.texts, []
    assert found == [], found


def frames(data: bytes) -> None:
    """Read binary frames one after the other, and put their packs together."""
    packs = PackAssembler(_LIMIT)
    for piece in data.split(b"\xff\xfe"):
        try:
            part = parse_binary(piece)
            if isinstance(part, BinaryBatch):
                assert len(part.text) + len(part.tail) + 8 == len(piece)
            else:
                packs.add(part)
                packs.claim(part.number)
        except (MalformedMessage, MessageTooLarge):
            continue


def sealed(data: bytes) -> None:
    """Let the isolation frame seal anything, and the page send anything as a sealed call: it is rejected or passed on."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    page = FakePage(isolation_key=_KEY)
    content = bytes(12) + AESGCM(_KEY).encrypt(bytes(12), data, b"1 a")
    for number, body in enumerate((content, data), 1):
        page.session.receive(json.dumps([[0, number, "a", b64encode(body).decode()]]))
    assert all(frame.id == 1 for _, frame, _ in page.calls)


@cache
def _authority() -> RuntimeAuthority:
    authority = RuntimeAuthority()
    authority.declare("own", commands=("read_file", "write_file"), default=("allow-read-file",))
    return authority


def capability(data: bytes) -> None:
    """Read a capability file in each of its formats, resolve what it says, and add it."""
    text = _text(data)
    for name in ("a.json", "a.json5", "a.toml"):
        try:
            document = Document.decode(text, name)
        except ConfigError:
            continue
        faults: list[Any] = []
        for place, found in capabilities_in(document.value, faults, faults):
            _authority().faults(found)
            document.where(place)
        document.problems(faults)
    fresh = RuntimeAuthority()
    try:
        fresh.add_capability(text)
    except ConfigError:
        return
    for origin in (Origin.local(), Origin.remote("https://example.org")):
        fresh.decide("plugin:event|listen", "main", "main", origin)


def permissions(data: bytes) -> None:
    """Read a permission file."""
    for name in ("a.json", "a.toml"):
        try:
            document = Document.decode(_text(data), name)
        except ConfigError:
            continue
        faults: list[Any] = []
        read_permissions(document.value, faults)
        document.problems(faults)


def configuration(data: bytes) -> None:
    """Read a `tauri.conf.json` of any generation."""
    with suppress(ConfigError):
        parse_config(data, "/project/tauri.conf.json")


def label_glob(data: bytes) -> None:
    """Match a label with a pattern."""
    pattern, label = _parts(data)
    try:
        glob = LabelGlob(pattern)
    except ConfigError:
        return
    assert glob.matches(label) in (True, False)
    if not set("*?[") & set(pattern):
        assert glob.matches(label) == (pattern == label)


def url_pattern(data: bytes) -> None:
    """Match an address with a pattern."""
    text, url = _parts(data)
    try:
        pattern = RemoteUrlPattern(text)
    except ConfigError:
        return
    assert pattern.test(url) in (True, False)


def path_scope(data: bytes) -> None:
    """Look a path up in a scope: `..` is never allowed, and a deny never allows more."""
    pattern, path = _parts(data)
    variables = {"HOME": "/home/user"}
    try:
        scope = PathScope([pattern], variables=variables)
    except ConfigError:
        return
    allowed = scope.allows(PurePosixPath(path))
    assert not (allowed and ".." in PurePosixPath(path).parts)
    assert not PathScope([pattern], [pattern], variables=variables).allows(PurePosixPath(path))


def scope(data: bytes) -> None:
    """Read a JSON value as one of a scope of events, and compare it with an event."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return
    grant = Grant("plugin:event|listen", "main", ResolvedScope([Scopes(allow=(value,), deny=None)]))
    try:
        found: CommandScope[EventRule] = CommandScope.of(grant, EventRule)
    except ConfigError:
        return
    for rule in found.allows:
        rule.covers("event", "main", if_unlabelled=False)


def names(data: bytes) -> None:
    """Read names of events and labels, targets of events and channels."""
    text = _text(data)
    for read in (check_event_name, check_label, JavaScriptChannelId.from_str, JavaScriptChannelId.parse):
        with suppress(RequestError):
            read(text)  # type: ignore[operator]
    with suppress(msgspec.DecodeError, UnicodeError, RecursionError):
        msgspec.json.decode(data, type=EventTarget)


# Add here to fuzz another decoder; what is kept for it is in `corpus/<name>`.
TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    each.__name__: each
    for each in (
        envelope,
        session,
        spine,
        frames,
        sealed,
        capability,
        permissions,
        configuration,
        label_glob,
        url_pattern,
        path_scope,
        scope,
        names,
    )
}


def seeds_of(target: str) -> list[bytes]:
    """Return what is kept for a target."""
    return [path.read_bytes() for path in sorted((CORPUS / target).iterdir())]
