from __future__ import annotations

import functools
from typing import Annotated, Any

import pytest
from msgspec import UNSET

from transom.calls import Request
from transom.commands import CommandItem, command, generate_handler, spec_of
from transom.errors import CommandDefinitionError, CommandError
from transom.handles import AppHandle, State, WebviewWindow
from transom.pages import CancellationToken
from transom.values import Channel


class Cache: ...


class NotFound(CommandError):
    path: str


class Session:
    @classmethod
    def from_command(cls, item: CommandItem) -> Session:
        return cls()


@command(raises=NotFound, concurrency=2)
async def read_file(
    app: AppHandle,
    file_path: str,
    cache: State[Cache],
    on_line: Channel[int],
    session: Session,
    *,
    encoding: str = "utf-8",
    limit: int | None,
    window: WebviewWindow,
) -> list[str]:
    """Read a file.

    Line by line.
    """
    return []


def test_a_command_is_described_whole() -> None:
    spec = spec_of(read_file)
    assert (spec.name, spec.function, spec.is_async, spec.is_stream) == ("read_file", read_file, True, False)
    assert spec.result == list[str]
    assert spec.raises == (NotFound,)
    assert spec.options.concurrency == 2
    assert spec.doc == "Read a file.\n\nLine by line."
    assert [(p.name, p.key, p.kind, p.optional, p.positional) for p in spec.parameters] == [
        ("app", "app", "injected", False, True),
        ("file_path", "filePath", "argument", False, True),
        ("cache", "cache", "injected", False, True),
        ("on_line", "onLine", "channel", False, True),
        ("session", "session", "from_command", False, True),
        ("encoding", "encoding", "argument", True, False),
        ("limit", "limit", "argument", True, False),
        ("window", "window", "injected", False, False),
    ]
    by_name = {parameter.name: parameter for parameter in spec.parameters}
    assert by_name["encoding"].default == "utf-8"
    assert by_name["limit"].default is UNSET
    assert by_name["on_line"].annotation == Channel[int]
    assert [p.name for p in spec.parameters if p.from_page] == ["file_path", "on_line", "encoding", "limit"]


@pytest.mark.parametrize("kind", [Request, CancellationToken, AppHandle, Annotated[int, Session()]])
def test_what_the_page_does_not_send_is_told_apart(kind: Any) -> None:
    @command
    def work(thing: Any) -> None: ...

    work.__annotations__["thing"] = kind
    assert not spec_of(work).parameters[0].from_page


def test_a_command_without_annotations_says_so() -> None:
    @command
    def plain(thing):  # type: ignore[no-untyped-def]
        return thing

    spec = spec_of(plain)
    assert spec.result is UNSET
    assert spec.parameters[0].annotation is Any
    assert spec.doc == ""


def test_streams_and_partials_are_known() -> None:
    @command
    async def numbers(count: int) -> Any:
        yield count

    assert spec_of(numbers).is_stream
    assert not spec_of(numbers).is_async
    few = command(functools.partial(numbers, 3), name="few")
    assert spec_of(few).is_stream
    assert [parameter.name for parameter in spec_of(few).parameters] == []


def test_what_is_not_marked_has_no_specification() -> None:
    with pytest.raises(CommandDefinitionError, match="is not a command; write @command above it"):
        spec_of(lambda: None)


def test_a_handler_tells_the_specifications_of_its_commands() -> None:
    handler = generate_handler(read_file)
    assert [spec.name for spec in handler.specs] == handler.names == ["read_file"]
    assert handler.specs[0].function is read_file
