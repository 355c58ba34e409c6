"""`@command` of Tauri 1.x: the window, the application and state come to the parameters of their types."""

from __future__ import annotations

from types import ModuleType
from typing import Any, TypeVar

import pytest

from tests.mock_app import Running, running
from transom import v1
from transom.errors import CommandDefinitionError
from transom.runtimes._mock import MockRejection

M = TypeVar("M", bound=v1.Params)


@v1.command(with_window=True)
async def with_params(window: v1.Window[v1.Params], number: int) -> str:
    return f"{window.label()} {number}"


@v1.command(with_window=True)
def with_variable(window: v1.Window[M]) -> str:
    return window.label()


@v1.command(with_window=True)
def without_annotation(window) -> str:  # type: ignore[no-untyped-def]
    return window.label()  # type: ignore[no-any-return]


@v1.command
def by_type(window: v1.Window, app: v1.AppHandle, some_number: int, number: v1.State[int]) -> list[Any]:  # type: ignore[type-arg]
    return [window.label(), sorted(app.windows()), some_number + number]


@v1.command(name="fails", with_window=True)
def failing(window: v1.Window[v1.Params], reason: str) -> None:
    raise v1.CommandError(f"{window.label()}: {reason}")


def application() -> Any:
    handler = v1.generate_handler(with_params, with_variable, without_annotation, by_type, failing)
    return running(builder=v1.Builder().manage(1).invoke_handler(handler).builder(), windows=("main", "other"))


# Command -> its arguments, and what it returns to the page of the window `other`.
CALLS: dict[str, tuple[dict[str, Any], Any]] = {
    "with_params": ({"number": 42}, "other 42"),
    "with_variable": ({}, "other"),
    "without_annotation": ({}, "other"),
    "by_type": ({"someNumber": 2}, ["other", ["main", "other"], 3]),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_command_gets_the_window_that_calls(name: str) -> None:
    arguments, expected = CALLS[name]
    with application() as made:
        assert made.runtime.pages["other"].invoke(name, arguments) == expected


def test_an_error_rejects_with_its_value() -> None:
    with application() as made:
        made_typed: Running = made
        with pytest.raises(MockRejection) as caught:
            made_typed.page.invoke("fails", {"reason": "No result"})
        assert caught.value.value == "main: No result"


def test_a_command_stays_an_ordinary_function() -> None:
    assert with_variable.__name__ == "with_variable"


def test_with_window_needs_a_parameter_for_it() -> None:
    with pytest.raises(CommandDefinitionError, match="and there is none; add one such as `window: Window`"):

        @v1.command(with_window=True)
        def nothing() -> None: ...


def test_the_first_parameter_of_with_window_is_the_window() -> None:
    @v1.command(with_window=True)
    def other(number: int, window: v1.Window[v1.Params]) -> None: ...

    module = ModuleType("commands")
    vars(module)["other"] = other
    for given in (other, module):
        with pytest.raises(
            CommandDefinitionError, match="'number', which is of another type; annotate it with `Window`"
        ):
            v1.generate_handler(given)


def test_an_unknown_option_is_an_error() -> None:
    with pytest.raises(TypeError, match="no_such_option"):
        v1.command(no_such_option=True)(lambda: None)
