from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_page import bound, keeps
from transom.acl import CommandScope, GlobalScope, Grant, ScopeObject, ScopeObjectMatch, Scopes, ScopeValue
from transom.acl._resolved import ResolvedScope
from transom.core import PluginApi
from transom.errors import ConfigError
from transom.events import Event
from transom.values import TaggedUnion, encode_body


class Entry(msgspec.Struct, frozen=True):
    path: str

    def matches(self, candidate: str, /) -> bool:
        return candidate.startswith(self.path)


class Upper:
    read: list[Any] = []  # noqa: RUF012 - the test asks how often values were read

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def deserialize(cls, raw: Any, /) -> Upper:
        cls.read.append(raw)
        return cls(raw.upper())


def grant(command: Scopes | None = None, wide: Scopes | None = None) -> Grant:
    return Grant("scan", "main", *(None if scope is None else ResolvedScope([scope]) for scope in (command, wide)))


def test_values_are_read_as_the_type_that_the_command_names() -> None:
    given = grant(Scopes(({"path": "/a"},), ({"path": "/b"},)), Scopes((1, 2)))
    assert CommandScope.of(given, Entry) == CommandScope((Entry("/a"),), (Entry("/b"),))
    assert GlobalScope.of(given, int) == GlobalScope((1, 2), ())
    assert isinstance(CommandScope.of(given, Entry), ScopeValue)


def test_a_grant_without_scopes_has_empty_ones() -> None:
    assert CommandScope.of(grant(), Entry) == CommandScope()
    assert GlobalScope.of(grant(), Entry) == GlobalScope()


def test_a_type_may_read_its_values_itself_and_does_so_once_for_a_grant() -> None:
    Upper.read.clear()
    given = grant(Scopes(("a", "b")))
    first = CommandScope.of(given, Upper)
    assert [value.text for value in first.allows] == ["A", "B"]
    assert CommandScope.of(given, Upper) is first
    assert Upper.read == ["a", "b"]
    kind: type[ScopeObject] = Upper
    assert kind.deserialize("x")


def test_one_grant_can_be_read_as_several_types_and_two_plugins_never_share_values() -> None:
    given = grant(Scopes(({"path": "/a"},)))
    assert CommandScope.of(given, dict) == CommandScope(({"path": "/a"},))
    assert CommandScope.of(given, Entry) == CommandScope((Entry("/a"),))
    # Tauri: the second plugin would see the first one's values, as both are read as one type.
    assert [GlobalScope.of(grant(None, Scopes((text,))), str).allows for text in "ab"] == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("raw", "kind", "why"),
    [
        ({"paht": "/a"}, Entry, "Object missing required field `path`"),
        (7, Upper, "'int' object has no attribute 'upper'"),
        ("x", int, "Expected `int`, got `str`"),
    ],
)
def test_a_value_of_another_shape_is_an_error_every_time(raw: Any, kind: Any, why: str) -> None:
    given = grant(Scopes(None, (raw,)))
    for _ in range(2):
        with pytest.raises(ConfigError, match=f"^error deserializing scope: .*({why})"):
            CommandScope.of(given, kind)


@pytest.mark.parametrize(
    ("allows", "denies", "candidate", "covered"),
    [
        ([], [], "/a", True),
        (["/a"], [], "/a/b", True),
        (["/a"], [], "/b", False),
        (["/b", "/a"], [], "/a", True),
        ([], ["/a"], "/a/b", False),
        ([], ["/a"], "/b", True),
        (["/a"], ["/a/b"], "/a/b/c", False),
        (["/a"], ["/a/b"], "/a/c", True),
    ],
)
def test_a_scope_covers_what_it_allows_unless_it_denies_it(
    allows: list[str], denies: list[str], candidate: str, covered: bool
) -> None:
    value: ScopeObjectMatch[str] = Entry("/")
    assert value.matches("/a")
    for kind in (CommandScope, GlobalScope):
        assert kind(tuple(map(Entry, allows)), tuple(map(Entry, denies))).matches(candidate) is covered


def test_values_without_a_way_to_match_are_an_error_and_never_a_yes() -> None:
    for scope in (CommandScope(("/a",)), CommandScope((), ("/a",))):
        with pytest.raises(TypeError, match="a str in a scope has no method `matches`"):
            scope.matches("/a")


PATHS = st.lists(st.text("/a", max_size=3).map(Entry), max_size=4).map(tuple)


@given(PATHS, PATHS, PATHS, st.text("/a", max_size=4))
def test_another_deny_never_covers_more(
    allows: tuple[Entry, ...], denies: tuple[Entry, ...], more: tuple[Entry, ...], candidate: str
) -> None:
    if CommandScope(allows, denies + more).matches(candidate):
        assert CommandScope(allows, denies).matches(candidate)


class Rule(msgspec.Struct, frozen=True, rename="camel"):
    root_folder: PurePosixPath
    most: dict[int, str] = {}


class Kind(TaggedUnion, tag="kind"): ...


class Folder(Kind):
    path: PurePosixPath


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (PurePosixPath, "/a", PurePosixPath("/a")),
        (list[PurePosixPath], ["/a"], [PurePosixPath("/a")]),
        (PurePosixPath | None, None, None),
        (dict[PurePosixPath, int], {"/a": 1}, {PurePosixPath("/a"): 1}),
        (dict[int, str], {"1": "a"}, {1: "a"}),
        (Rule, {"rootFolder": "/a", "most": {"1": "b"}}, Rule(PurePosixPath("/a"), {1: "b"})),
        (Kind, {"kind": "Folder", "path": "/a"}, Folder(PurePosixPath("/a"))),
        (bytes, [1, 2], b"\1\2"),
        (dt.date, "2024-05-06", dt.date(2024, 5, 6)),
        (Decimal, 0.5, Decimal("0.5")),
    ],
)
def test_values_are_read_as_arguments_of_the_same_type_are(kind: Any, raw: Any, expected: Any) -> None:
    before = msgspec.json.encode(raw)
    assert CommandScope.of(grant(Scopes((raw,))), kind).allows == (expected,)
    assert GlobalScope.of(grant(None, Scopes((), (raw,))), kind).denies == (expected,)
    assert bound(keeps(it=kind), {"it": raw}) == expected
    assert PluginApi("p", raw).config_as(kind) == expected
    assert Event("news", 1, encode_body(raw)).payload_as(kind) == expected
    assert msgspec.json.encode(raw) == before


def test_a_value_of_another_type_is_an_error_everywhere() -> None:
    with pytest.raises(ConfigError, match="^error deserializing scope: Expected `str` \\(a path\\), got `int`"):
        CommandScope.of(grant(Scopes((5,))), PurePosixPath)
    with pytest.raises(ConfigError, match="^plugins.p in the configuration: Expected `str` \\(a path\\), got `int`"):
        PluginApi("p", 5).config_as(PurePosixPath)
    with pytest.raises(msgspec.ValidationError, match="^Expected `str` \\(a path\\), got `int`"):
        Event("news", 1, encode_body(5)).payload_as(PurePosixPath)
