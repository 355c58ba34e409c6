from __future__ import annotations

import pickle
from typing import ClassVar

import pytest

from transom import errors
from transom.errors import (
    AuthorError,
    ChannelError,
    CommandError,
    CommandNotFound,
    ConfigError,
    InvalidArgs,
    InvalidResource,
    MessageTooLarge,
    RequestError,
    TransomError,
    WindowError,
)


class Unreadable(CommandError):
    path: str
    error_code: int = 5


class Gone(Unreadable):
    kind = "vanished"
    since: float = 0.5


class Silent(CommandError):
    pass


class Hidden(CommandError):
    _note: str = "secret"
    shown: int


def test_every_error_is_in_the_tree_of_its_fault() -> None:
    tree = {
        RequestError: {
            "MalformedMessage",
            "MessageTooLarge",
            "CommandNotFound",
            "InvalidArgs",
            "InvalidResource",
            "LimitReached",
        },
        ChannelError: {"ChannelClosed", "ChannelFull"},
        AuthorError: {
            "ConfigError",
            "CommandDefinitionError",
            "StateError",
            "WindowError",
            "ImageError",
            "MenuError",
            "UnknownPath",
            "RuntimeUnavailable",
        },
        WindowError: {"Unsupported"},
        TransomError: {"RequestError", "NotAllowed", "CommandError", "CommandCancelled", "ChannelError", "AuthorError"},
    }
    for parent, names in tree.items():
        assert {kind.__name__ for kind in parent.__subclasses__() if kind.__module__ == errors.__name__} == names
    assert set(errors.__all__) == {"TransomError"}.union(*tree.values())


@pytest.mark.parametrize("name", ["value", "args", "add_note"])
def test_a_field_cannot_have_a_name_that_exceptions_use(name: str) -> None:
    with pytest.raises(
        TypeError, match=f"^Taken: a field of a CommandError cannot be named `{name}`; choose another name$"
    ):
        type("Taken", (CommandError,), {"__annotations__": {name: int}})


@pytest.mark.parametrize("value", ["text", 5, None, [], {"kind": "x"}, False, ""])
def test_a_command_error_holds_exactly_its_value(value: object) -> None:
    error = CommandError(value)
    assert error.value == value
    assert error.args == (value,)


def test_without_a_value_it_is_null() -> None:
    assert CommandError().value is None
    assert CommandError().value is None
    assert Silent().value == {"kind": "silent"}
    assert Silent(None).value is None
    assert Silent("x").value == "x"


def test_a_typed_error_is_its_kind_and_its_fields_in_camel_case() -> None:
    error = Unreadable(path="/a")
    assert error.value == {"kind": "unreadable", "path": "/a", "errorCode": 5}
    assert (error.path, error.error_code) == ("/a", 5)
    assert str(error) == str(error.value)


def test_fields_are_inherited_in_order_and_kind_can_be_chosen() -> None:
    assert list(Gone(path="/a", error_code=1).value.items()) == [
        ("kind", "vanished"),
        ("path", "/a"),
        ("errorCode", 1),
        ("since", 0.5),
    ]
    assert Unreadable.kind == "unreadable"


def test_what_belongs_to_the_class_is_no_field() -> None:
    class Busy(CommandError):
        retries: ClassVar[int] = 3
        after: float

    assert Busy(after=0.5).value == {"kind": "busy", "after": 0.5}


def test_private_annotations_are_no_fields() -> None:
    assert Hidden(shown=1).value == {"kind": "hidden", "shown": 1}


def test_a_given_value_comes_before_fields() -> None:
    assert Unreadable("own").value == "own"


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        (Unreadable, {}, "Unreadable: missing field `path`; its fields are path, error_code"),
        (Unreadable, {"path": "a", "nope": 1}, "Unreadable: unknown field `nope`; its fields are path, error_code"),
        (CommandError, {"path": 1}, "CommandError: unknown field `path`; its fields are none"),
        (Gone, {"since": 1}, "Gone: missing field `path`; its fields are path, error_code, since"),
    ],
)
def test_wrong_fields_are_named(kind: type[CommandError], fields: dict[str, object], text: str) -> None:
    with pytest.raises(TypeError) as caught:
        kind(**fields)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (CommandNotFound("sacn", "scan"), "Command sacn not found; did you mean `scan`?"),
        (CommandNotFound("x"), "Command x not found; is it in generate_handler(...)?"),
        (InvalidArgs("scan", "depth", "why"), "invalid args `depth` for command `scan`: why"),
        (InvalidResource(7), "The resource id 7 is invalid."),
        (
            MessageTooLarge(11, 10),
            (
                "a message of 11 bytes is over the limit of 10 bytes; the application can change it with "
                "Builder.limits(max_message_bytes=...)"
            ),
        ),
        (ConfigError("wrong"), "wrong"),
        (ConfigError("wrong", file="a.json"), "a.json: wrong"),
        (ConfigError("wrong", file="a.json", line=3), "a.json:3: wrong"),
        (ConfigError("wrong", line=3), "wrong"),
    ],
)
def test_sentences(error: TransomError, text: str) -> None:
    assert str(error) == text


def test_what_an_error_is_about_can_be_read() -> None:
    assert (CommandNotFound("a", "b").command, CommandNotFound("a", "b").nearest) == ("a", "b")
    invalid = InvalidArgs("scan", "depth", "why")
    assert (invalid.command, invalid.key, invalid.detail) == ("scan", "depth", "why")
    assert InvalidResource(7).rid == 7
    config = ConfigError("wrong", file="a", line=3)
    assert (config.message, config.file, config.line) == ("wrong", "a", 3)


def test_a_plain_command_error_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(CommandError({"a": 1}))).value == {"a": 1}
