from __future__ import annotations

import functools
import types
from typing import Any

import pytest

from transom.core import command, generate_handler
from transom.errors import CommandDefinitionError


@command
def scan(folder: str) -> str:
    return folder


@command(name="other_name")
def renamed() -> None: ...


def unmarked() -> None: ...


def _module(**members: Any) -> types.ModuleType:
    module = types.ModuleType("commands_of_a_test")
    for name, member in members.items():
        setattr(module, name, member)
    return module


def _local(function: Any) -> Any:
    function.__module__ = "commands_of_a_test"
    return function


def test_a_marked_function_stays_a_function() -> None:
    assert scan("x") == "x"
    assert scan.__name__ == "scan"


def test_commands_are_found_under_their_names_in_order() -> None:
    assert generate_handler(renamed, scan).names == ["other_name", "scan"]
    assert generate_handler().names == []


def test_a_module_stands_for_what_it_defines() -> None:
    @command
    def own() -> None: ...

    assert generate_handler(_module(own=_local(own), imported=scan, other=5, plain=unmarked)).names == ["own"]


def test_a_module_without_a_command_is_refused() -> None:
    with pytest.raises(CommandDefinitionError) as caught:
        generate_handler(_module(imported=scan))
    assert str(caught.value) == "the module commands_of_a_test defines no command; write @command above its functions"


@pytest.mark.parametrize("item", [unmarked, lambda: None, 5, functools.partial(unmarked)])
def test_what_is_not_marked_is_refused(item: Any) -> None:
    with pytest.raises(CommandDefinitionError, match=r" is not a command; write @command above it$"):
        generate_handler(item)


def test_the_unmarked_function_is_named() -> None:
    with pytest.raises(CommandDefinitionError, match=r"^unmarked is not a command"):
        generate_handler(unmarked)


def test_a_name_taken_twice_names_both_places() -> None:
    @command(name="scan")
    def again() -> None: ...

    with pytest.raises(CommandDefinitionError) as caught:
        generate_handler(scan, again)
    text = str(caught.value)
    lines = [function.__code__.co_firstlineno for function in (scan, again)]
    here = __file__
    assert text == (
        f"two commands are called scan: {__name__}.scan ({here}:{lines[0]}) and "
        f"{__name__}.test_a_name_taken_twice_names_both_places.<locals>.again ({here}:{lines[1]}); "
        "rename one with @command(name=...)"
    )


def test_something_without_a_name_needs_one() -> None:
    nameless = command(functools.partial(scan, "x"))
    with pytest.raises(CommandDefinitionError, match=r"has no name; give it one with @command\(name=...\)$"):
        generate_handler(nameless)
    assert generate_handler(command(name="named")(functools.partial(scan, "x"))).names == ["named"]


def test_a_wrong_signature_is_found_when_the_handler_is_made() -> None:
    @command
    def many(*paths: str) -> None: ...

    with pytest.raises(CommandDefinitionError, match=r"^command many: `\*paths"):
        generate_handler(many)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"rename_all": "kebab-case"}, "rename_all is 'camelCase' or 'snake_case', not 'kebab-case'"),
        ({"thread": "worker"}, "thread is 'main' or left out, not 'worker'"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], text: str) -> None:
    with pytest.raises(CommandDefinitionError) as caught:
        command(**options)(unmarked)
    assert str(caught.value) == f"command unmarked: {text}"
    assert not hasattr(unmarked, "__transom_command__")


def test_an_async_function_cannot_run_on_the_main_thread() -> None:
    async def later() -> None: ...

    with pytest.raises(CommandDefinitionError, match="an `async def` runs on the event loop; make it a `def`"):
        command(thread="main")(later)


def test_async_generators_are_refused() -> None:
    async def stream() -> Any:
        yield 1

    with pytest.raises(CommandDefinitionError, match="async generators are not supported yet; send to a Channel"):
        command(stream)


def test_the_nearest_name() -> None:
    handler = generate_handler(scan, renamed)
    assert handler.nearest("sacn") == "scan"
    assert handler.nearest("qqqqq") is None


def test_methods_can_be_commands() -> None:
    class Commands:
        @command
        def double(self, number: int) -> int:
            return number * 2

    assert generate_handler(Commands().double).names == ["double"]
