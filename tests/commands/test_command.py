from __future__ import annotations

import functools
import types
from typing import Any

import pytest

from transom.commands import command, generate_handler
from transom.commands._command import options_of
from transom.errors import CommandDefinitionError, CommandError
from transom.values import Channel


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


@pytest.mark.parametrize("item", [unmarked, lambda: None])
def test_what_is_not_marked_is_refused(item: Any) -> None:
    with pytest.raises(CommandDefinitionError, match=r" is not a command; write @command above it$"):
        generate_handler(item)


@pytest.mark.parametrize("item", [5, functools.partial(unmarked), object()])
def test_an_object_without_a_command_is_refused(item: Any) -> None:
    with pytest.raises(CommandDefinitionError, match=r" has no command; write @command above its functions$"):
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


_RAISES = (
    "raises lists subclasses of CommandError, <class 'OSError'> is none; other exceptions are bugs to the page: "
    "catch them and raise a CommandError"
)


class Searcher:
    def __call__(self, text: str) -> str:
        return text


def test_something_without_a_name_needs_one() -> None:
    for nameless in (command(Searcher()), command(lambda: None)):
        with pytest.raises(CommandDefinitionError, match=r"has no name; give it one with @command\(name=...\)$"):
            generate_handler(nameless)
    assert generate_handler(command(Searcher(), name="search")).names == ["search"]


def test_a_partial_has_its_functions_name() -> None:
    assert generate_handler(command(functools.partial(scan, "x"))).names == ["scan"]
    assert generate_handler(command(functools.partial(scan, "x"), name="named")).names == ["named"]


class Service:
    def __init__(self, found: str) -> None:
        self.found = found

    @command
    def find(self) -> str:
        return self.found

    @command(name="look")
    async def look_up(self, key: str) -> str:
        return key

    @command
    @staticmethod
    def fixed() -> int:
        return 1

    @classmethod
    @command
    def of_class(cls) -> str:
        return cls.__name__

    def plain(self) -> None: ...

    @property
    def never_read(self) -> str:
        raise AssertionError("a property ran because a handler was made")


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ([scan], "generate_handler takes commands one by one, not a list; write generate_handler(*commands)"),
        (Service, "Service is a class; pass an object of it, whose methods are then the commands"),
        (
            Service.look_up,
            "command look: Service.look_up is the method of a class, not of an object; pass an object of it, or its method",
        ),
    ],
)
def test_what_is_nearly_a_command_is_refused_with_what_was_meant(item: Any, text: str) -> None:
    with pytest.raises(CommandDefinitionError) as caught:
        generate_handler(item)
    assert str(caught.value) == text


def test_an_object_stands_for_its_methods() -> None:
    service = Service("x")
    assert sorted(generate_handler(service).names) == ["find", "fixed", "look", "of_class"]
    assert generate_handler(service.look_up, service.find).names == ["look", "find"]


def test_a_package_stands_for_what_it_shows_of_its_modules() -> None:
    inner, outer = command(lambda: None, name="inner"), command(lambda: None, name="outer")
    inner.__module__, outer.__module__ = "package_of_a_test.files", "elsewhere"
    package = types.ModuleType("package_of_a_test")
    package.__path__ = []
    package.inner, package.outer, package.again = inner, outer, inner  # type: ignore[attr-defined]
    assert generate_handler(package).names == ["inner"]


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
        ({"concurrency": 0}, "concurrency is a number from 1, or left out, not 0"),
        ({"concurrency": True}, "concurrency is a number from 1, or left out, not True"),
        (
            {"raises": (CommandError, OSError)},
            _RAISES,
        ),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], text: str) -> None:
    with pytest.raises(CommandDefinitionError) as caught:
        command(**options)(unmarked)
    assert str(caught.value) == f"command unmarked: {text}"
    assert not hasattr(unmarked, "__transom_command__")


def test_what_was_declared_can_be_read() -> None:
    class Missing(CommandError): ...

    @command(raises=Missing, concurrency=2, detached=True)
    def find() -> None: ...

    options = options_of(find)
    assert options is not None
    assert (options.raises, options.concurrency, options.detached) == ((Missing,), 2, True)


def test_an_async_function_cannot_run_on_the_main_thread() -> None:
    async def later() -> None: ...

    with pytest.raises(CommandDefinitionError, match="an `async def` runs on the event loop; make it a `def`"):
        generate_handler(command(thread="main")(later))


def test_generators_that_hold_a_thread_are_refused() -> None:
    def stream() -> Any:
        yield 1

    with pytest.raises(CommandDefinitionError, match="a generator cannot wait for the page without holding its thread"):
        generate_handler(command(stream))


def test_a_stream_has_one_channel() -> None:
    @command
    async def two(a: Channel[int], b: Channel[int]) -> Any:
        yield 1

    with pytest.raises(CommandDefinitionError, match="streams into its Channel parameter, and this one has several"):
        generate_handler(two)


def test_what_cannot_be_marked_says_so() -> None:
    class Slotted:
        __slots__ = ()

        def __call__(self) -> None: ...

    with pytest.raises(CommandDefinitionError, match="it takes no attributes"):
        command(Slotted(), name="x")
    with pytest.raises(CommandDefinitionError, match="a class is not a command; mark its methods"):
        command(Slotted)
    with pytest.raises(CommandDefinitionError, match="it cannot be called; a command is a function or a method"):
        command(5)  # type: ignore[type-var]
