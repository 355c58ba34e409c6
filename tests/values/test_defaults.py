"""Fields of dataclasses that a page leaves out go back to it with their default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
import pytest

from transom import Builder, command, generate_handler
from transom.testing import running
from transom.values import complete, needs_completion

T = TypeVar("T")


@dataclass
class Settings:
    theme: str
    size: int = 12
    recent: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Slotted:
    size: int = 1


@dataclass
class Generic_(Generic[T]):  # noqa: N801 - a name of its own beside typing's
    content: T
    more: int = 3


class Holder(msgspec.Struct):
    inside: dict[str, tuple[Settings, ...]]


@dataclass
class Loop:
    size: int = 1
    itself: Any = None

    def __post_init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize(("kind", "needed"), [
    (Settings, True),
    (list[Settings | None], True),
    (Generic_[int], True),
    (Holder, True),
    (Slotted, False),
    (dict[str, int], False),
    (Any, False),
], ids=str)  # fmt: skip
def test_only_types_with_such_fields_are_looked_at(kind: Any, needed: bool) -> None:
    assert needs_completion(kind) is needed


@pytest.mark.parametrize(("kind", "sent", "back"), [
    (Settings, '{"theme":"a"}', {"theme": "a", "size": 12, "recent": []}),
    (Settings, '{"theme":"a","size":1}', {"theme": "a", "size": 1, "recent": []}),
    (list[Settings], '[{"theme":"a"}]', [{"theme": "a", "size": 12, "recent": []}]),
    (Generic_[Settings], '{"content":{"theme":"a"}}', {"content": {"theme": "a", "size": 12, "recent": []}, "more": 3}),
    (Holder, '{"inside":{"k":[{"theme":"a"}]}}', {"inside": {"k": [{"theme": "a", "size": 12, "recent": []}]}}),
], ids=str)  # fmt: skip
def test_a_decoded_value_is_encoded_with_its_defaults(kind: Any, sent: str, back: Any) -> None:
    value = msgspec.json.decode(sent, type=kind)
    complete(value)
    assert msgspec.json.decode(msgspec.json.encode(value)) == back


def test_an_object_that_holds_itself_ends() -> None:
    complete(msgspec.json.decode("{}", type=Loop))


def test_a_page_gets_what_it_left_out() -> None:
    @command
    def keep(settings: Settings, more: list[Settings] | None = None) -> list[Settings]:
        return [settings, *(more or [])]

    with running(Builder().invoke_handler(generate_handler(keep))) as app:
        assert app.page.invoke("keep", settings={"theme": "a"}) == [{"theme": "a", "size": 12, "recent": []}]
