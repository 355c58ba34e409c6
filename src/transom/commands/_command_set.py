"""`generate_handler`: commands by name, and the handler that the spine calls."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from ..callables import place_of, what_is
from ..calls import Invoke
from ..errors import CommandDefinitionError
from ._command import name_of, options_of
from ._runner import Runner
from ._spec import CommandSpec, spec_of

__all__ = ["CommandSet", "check_handler", "generate_handler"]


class CommandSet:
    """Commands by name, and an `InvokeHandler` that runs them."""

    def __init__(self) -> None:
        self._functions: dict[str, Any] = {}
        self._runners: dict[str, Runner] = {}

    def add(self, function: Any, *, lazy: bool = False) -> None:
        """Take a marked function in, and compile it now or at its first call.

        Raises:
            CommandDefinitionError: It is not marked with `@command`, its name is taken, or its signature cannot be served;
                the last is noticed when it is compiled.
        """
        options = options_of(function)
        if options is None:
            raise CommandDefinitionError(f"{what_is(function)} is not a command; write @command above it")
        spec = None if lazy else spec_of(function)
        name = spec.name if spec else name_of(function, options)
        if name in self._functions:
            raise CommandDefinitionError(
                f"two commands are called {name}: {_place(self._functions[name])} and {_place(function)}; "
                "rename one with @command(name=...)"
            )
        self._functions[name] = function
        if spec is not None:
            self._runners[name] = _runner_of(spec)

    def __call__(self, invoke: Invoke) -> bool:
        """Run the command of a call; `False` when none of this name is here."""
        name = invoke.message.command
        runner = self._runners.get(name)
        if runner is None:
            if name not in self._functions:
                return False
            runner = self._compile(name)
        runner.run(invoke)
        return True

    def _compile(self, name: str) -> Runner:
        # Of two threads that compile a command at once, both use what the first one has made.
        return self._runners.setdefault(name, _runner_of(spec_of(self._functions[name])))

    @property
    def specs(self) -> list[CommandSpec]:
        """The commands, in the order they were added."""
        return [
            self._runners[name].spec if name in self._runners else spec_of(self._functions[name]) for name in self.names
        ]

    @property
    def names(self) -> list[str]:
        """Names of the commands, in the order they were added."""
        return list(self._functions)


def generate_handler(*commands: object, lazy: bool = False) -> CommandSet:
    """Return the handler for these commands.

    Args:
        *commands: Functions marked with `@command`; a module stands for all commands that are defined in it, a package
            for those that it shows of its modules, any other object for all of its methods that are commands.
        lazy: Compile each command at its first call, not now. This is for plugins with many commands, of which most
            applications call a few: to compile one takes a millisecond. An error in a signature is then found only there.

    Raises:
        CommandDefinitionError: See `CommandSet.add`; also a class, a list, a module or an object without a command.
    """
    handler = CommandSet()
    for item in commands:
        if options_of(item) is not None or isinstance(item, FunctionType):
            handler.add(item, lazy=lazy)
            continue
        found = list(_commands_in(item))
        if not found:
            raise CommandDefinitionError(_why_none(item))
        for function in found:
            handler.add(function, lazy=lazy)
    return handler


def _commands_in(item: object) -> Iterator[Callable[..., Any]]:
    """Yield the commands of a module, a package or an object, each once."""
    if not isinstance(item, ModuleType):
        for name in dict.fromkeys(name for kind in reversed(type(item).__mro__) for name in vars(kind)):
            # By the class first: a property must not run because a handler is made.
            if options_of(getattr(type(item), name, None)) is not None:
                yield getattr(item, name)
        return
    seen: set[int] = set()
    for value in vars(item).values():
        if options_of(value) is None or id(value) in seen or not _is_of(value, item):
            continue
        seen.add(id(value))
        yield value


def _why_none(item: object) -> str:
    if isinstance(item, type):
        return f"{item.__qualname__} is a class; pass an object of it, whose methods are then the commands"
    if isinstance(item, list | tuple | set | dict):
        return f"generate_handler takes commands one by one, not a {type(item).__name__}; write generate_handler(*commands)"
    what = f"the module {item.__name__} defines" if isinstance(item, ModuleType) else f"{what_is(item)} has"
    return f"{what} no command; write @command above its functions"


def _is_of(value: Callable[..., Any], module: ModuleType) -> bool:
    """Tell whether a command is a module's own, not one that it imported; a package's are those of its modules."""
    if not isinstance(value, FunctionType):
        return True  # a partial or an object was made where it stands, whatever its class says
    home = value.__module__
    return home == module.__name__ or (hasattr(module, "__path__") and home.startswith(f"{module.__name__}."))


def check_handler(handler: object) -> None:
    """Refuse what cannot be an `InvokeHandler`: at its first call it would leave the page without an answer.

    Raises:
        CommandDefinitionError: It is a command itself, an `async def`, or nothing that can be called.
    """
    what = what_is(handler)
    if options_of(handler) is not None:
        raise CommandDefinitionError(f"the invoke handler {what} is a command; write generate_handler({what})")
    if not callable(handler):
        raise CommandDefinitionError(f"the invoke handler {what} cannot be called; write generate_handler(...)")
    if inspect.iscoroutinefunction(handler):
        raise CommandDefinitionError(
            f"the invoke handler {what} is an `async def`, which cannot tell at once whether a call is its own; make it a "
            "`def` that returns True and answers with invoke.resolver.respond_async(...)"
        )


def _place(function: Callable[..., Any]) -> str:
    return f"{getattr(function, '__module__', '?')}.{what_is(function)}{place_of(function)}"


def _runner_of(spec: CommandSpec) -> Runner:
    if spec.options.executor is None:
        return Runner(spec)
    from ._executor import ExecutorRunner  # few applications have one

    return ExecutorRunner(spec)
