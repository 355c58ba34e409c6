from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

import pytest

from tests.fake_page import FakeApplication, bound, call
from transom.calls import Invoke, InvokeMessage, Request
from transom.commands import CommandItem
from transom.commands._extract import injected_for
from transom.errors import InvalidArgs
from transom.handles import AppHandle, State, StateManager, Webview, WebviewWindow, Window
from transom.wire import Span

RAW = Span([], "ArrayBuffer", 0, 0, 3)


class Cache:
    pass


def _extracted(annotation: Any, invoke: Invoke) -> Any:
    injected = injected_for(annotation, "cmd", "key")
    assert injected is not None
    return injected.extract(invoke)


@pytest.mark.parametrize("kind", [Window, Webview, WebviewWindow])
def test_a_window_is_the_one_that_called(kind: type[Window]) -> None:
    invoke = call()
    window = _extracted(kind, invoke)
    assert type(window) is kind
    assert window.label == "main"
    assert window._app is invoke.app


def test_the_call_itself_and_its_parts() -> None:
    invoke = call({"a": 1})
    assert _extracted(Invoke, invoke) is invoke
    assert _extracted(InvokeMessage, invoke) is invoke.message
    assert _extracted(Request, invoke).body == {"a": 1}
    handle = _extracted(AppHandle, invoke)
    assert type(handle) is AppHandle
    assert handle._app is invoke.app


def test_state_is_the_managed_object() -> None:
    state, cache = StateManager(), Cache()
    state.set(cache)
    assert _extracted(State[Cache], call(app=FakeApplication(state))) is cache


@pytest.mark.parametrize(
    "annotation",
    [int, Any, Cache, Annotated[int, "x"], Annotated[Cache, []], list[AppHandle], {"un": "hashable"}, None],
)
def test_other_annotations_are_arguments(annotation: Any) -> None:
    assert injected_for(annotation, "cmd", "key") is None


def test_every_injectable_beside_arguments_in_any_order() -> None:
    def all_of(
        app: AppHandle,
        a: int,
        window: WebviewWindow,
        webview: Webview,
        plain: Window,
        b: str,
        request: Request,
        invoke: Invoke,
        message: InvokeMessage,
        state: State[Cache],
    ) -> list[Any]:
        return [app, a, window, webview, plain, b, request, invoke, message, state]

    state = StateManager()
    state.set(Cache())
    got = bound(all_of, {"b": "x", "a": 1}, app=FakeApplication(state))
    assert [type(value) for value in got] == [
        AppHandle,
        int,
        WebviewWindow,
        Webview,
        Window,
        str,
        Request,
        Invoke,
        InvokeMessage,
        Cache,
    ]


def test_who_reads_the_body_himself() -> None:
    for kind, reads in ((Request, "body"), (Invoke, "body"), (InvokeMessage, "body"), (AppHandle, None)):
        injected = injected_for(kind, "cmd", "key")
        assert injected is not None
        assert injected.reads == reads


class User(NamedTuple):
    """A type of an application's own that commands may ask for."""

    name: str

    @classmethod
    def from_command(cls, command: CommandItem) -> User:
        return cls(command.deserialize(str).upper())


class Header:
    """The same for a type that is not one's own."""

    def __init__(self, name: str) -> None:
        self.name = name

    def from_command(self, command: CommandItem) -> str:
        return command.message.headers[self.name]


class Maybe:
    def from_command(self, command: CommandItem) -> Any:
        return command.deserialize(int | None)  # type: ignore[arg-type]


def test_an_injectable_of_ones_own_reads_its_key_beside_other_arguments() -> None:
    def greet(user_name: User, times: int, agent: Annotated[str, Header("agent")]) -> list[Any]:
        return [user_name, times, agent]

    assert bound(greet, {"userName": "ann", "times": 2}, headers={"agent": "x"}) == [User("ANN"), 2, "x"]


def test_an_injectable_of_ones_own_alone() -> None:
    def greet(user: User) -> User:
        return user

    assert bound(greet, {"user": "ann"}) == User("ANN")
    assert bound(greet, {"user": "ann", "usr": 1}) == User("ANN")
    text = "command cmd has no argument of this name; did you mean `user`?"
    with pytest.raises(InvalidArgs, match=re.escape(text)):
        bound(greet, {"user": "ann", "usr": 1}, app=FakeApplication(strict_arguments=True))


@pytest.mark.parametrize(
    ("args", "how", "detail"),
    [
        ({}, {}, "command cmd missing required key user"),
        (
            None,
            {"spans": [RAW], "buffers": [b"abc"]},
            "command cmd expected a value for key user but the IPC call used",
        ),
        ({"user": 5}, {}, "Expected `str`, got `int`"),
    ],
)
def test_an_item_says_what_is_wrong_in_the_words_of_arguments(args: Any, how: Any, detail: str) -> None:
    def greet(user: User) -> User:
        return user

    with pytest.raises(InvalidArgs) as caught:
        bound(greet, args, **how)
    assert str(caught.value).startswith(f"invalid args `user` for command `cmd`: {detail}")


def test_an_item_that_may_be_left_out_is_none() -> None:
    def greet(user: Annotated[Any, Maybe()]) -> Any:
        return user

    assert bound(greet, {}) is None
    assert bound(greet, {"user": 5}) == 5


def test_an_item_knows_the_call() -> None:
    seen: list[CommandItem] = []

    class Look:
        def from_command(self, command: CommandItem) -> None:
            seen.append(command)

    injected = injected_for(Annotated[Any, Look()], "cmd", "theKey")
    assert injected is not None
    invoke = call({"a": 1})
    injected.extract(invoke)
    invoke.acl = invoke.acl._replace(command="plugin:fs|cmd")
    injected.extract(invoke)
    assert [(item.plugin, item.name, item.key) for item in seen] == [(None, "cmd", "theKey"), ("fs", "cmd", "theKey")]
    assert seen[0].message is invoke.message
