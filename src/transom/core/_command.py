"""The `command` decorator and `generate_handler`: from functions to the handler that the spine calls."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, overload

from ..errors import CommandDefinitionError
from ._invoke import Invoke
from ._plan import Plan
from ._task import run_on_loop, run_on_main, run_on_worker

__all__ = ["CommandOptions", "CommandSet", "command", "generate_handler"]

F = TypeVar("F", bound=Callable[..., Any])
Renaming: TypeAlias = Literal["camelCase", "snake_case"]
_MARK = "__transom_command__"


class CommandOptions(NamedTuple):
    """What `@command` was told.

    Attributes:
        name: Name on the wire; `None` for the function's own.
        rename_all: How argument keys are written in the page.
        thread: `main` for the window's thread; `None` for the loop (`async def`) or a worker (`def`).
    """

    name: str | None = None
    rename_all: Renaming = "camelCase"
    thread: Literal["main"] | None = None


@overload
def command(function: F, /) -> F: ...
@overload
def command(
    *, name: str | None = None, rename_all: Renaming = "camelCase", thread: Literal["main"] | None = None
) -> Callable[[F], F]: ...
def command(
    function: F | None = None,
    /,
    *,
    name: str | None = None,
    rename_all: Renaming = "camelCase",
    thread: Literal["main"] | None = None,
) -> F | Callable[[F], F]:
    """Mark a function as a command; it stays an ordinary function and can be called as before.

    `async def` runs on the application's event loop, `def` in a worker thread, so that neither can freeze the window.

    Args:
        function: The function, when the decorator is written without parentheses.
        name: Name on the wire; `None` for the function's own.
        rename_all: `camelCase`: a parameter `file_name` is sent as `fileName`, and `file_name` is accepted too;
            `snake_case`: only as `file_name`.
        thread: `main` runs a `def` on the window's thread, as Tauri runs its synchronous commands.

    Raises:
        CommandDefinitionError: An option has a value that is not listed here, or `main` is asked for an `async def`.
    """
    options = CommandOptions(name, rename_all, thread)

    def mark(marked: F) -> F:
        _check_options(marked, options)
        setattr(marked, _MARK, options)
        return marked

    return mark if function is None else mark(function)


def _check_options(function: Callable[..., Any], options: CommandOptions) -> None:
    what = getattr(function, "__qualname__", repr(function))
    if options.rename_all not in ("camelCase", "snake_case"):
        raise CommandDefinitionError(
            f"command {what}: rename_all is 'camelCase' or 'snake_case', not {options.rename_all!r}"
        )
    if options.thread not in (None, "main"):
        raise CommandDefinitionError(f"command {what}: thread is 'main' or left out, not {options.thread!r}")
    if options.thread == "main" and inspect.iscoroutinefunction(function):
        raise CommandDefinitionError(
            f"command {what}: an `async def` runs on the event loop; make it a `def` to run on the main thread"
        )
    if inspect.isasyncgenfunction(function):
        raise CommandDefinitionError(
            f"command {what}: async generators are not supported yet; send to a Channel parameter instead"
        )


class CommandSet:
    """Commands by name, and an `InvokeHandler` that runs them."""

    def __init__(self) -> None:
        self._commands: dict[str, tuple[Plan, Callable[[Plan, Invoke], None]]] = {}

    def add(self, function: Callable[..., Any]) -> None:
        """Compile a marked function and take it in.

        Raises:
            CommandDefinitionError: It is not marked with `@command`, its signature cannot be served, or its name is taken.
        """
        options: CommandOptions | None = getattr(function, _MARK, None)
        if options is None:
            what = getattr(function, "__qualname__", repr(function))
            raise CommandDefinitionError(f"{what} is not a command; write @command above it")
        name = options.name or getattr(function, "__name__", None)
        if name is None:
            raise CommandDefinitionError(f"{function!r} has no name; give it one with @command(name=...)")
        if name in self._commands:
            raise CommandDefinitionError(
                f"two commands are called {name}: {_place(self._commands[name][0].function)} and {_place(function)}; rename one with @command(name=...)"
            )
        plan = Plan(name, function, options.rename_all)
        run = run_on_main if options.thread == "main" else run_on_loop if plan.is_async else run_on_worker
        self._commands[name] = (plan, run)

    def __call__(self, invoke: Invoke) -> bool:
        """Run the command of a call; `False` when none of this name is here."""
        found = self._commands.get(invoke.message.command)
        if found is None:
            return False
        plan, run = found
        run(plan, invoke)
        return True

    def nearest(self, name: str) -> str | None:
        """Return the name most like an unknown one, `None` when none is."""
        return next(iter(difflib.get_close_matches(name, self._commands, 1)), None)

    @property
    def names(self) -> list[str]:
        """Names of the commands, in the order they were added."""
        return list(self._commands)


def generate_handler(*commands: Callable[..., Any] | ModuleType) -> CommandSet:
    """Return the handler for these commands; a module stands for all commands that are defined in it.

    Raises:
        CommandDefinitionError: See `CommandSet.add`; also a module without a command.
    """
    handler = CommandSet()
    for item in commands:
        if not isinstance(item, ModuleType):
            handler.add(item)
            continue
        found = [value for value in vars(item).values() if hasattr(value, _MARK) and value.__module__ == item.__name__]
        if not found:
            raise CommandDefinitionError(
                f"the module {item.__name__} defines no command; write @command above its functions"
            )
        for value in found:
            handler.add(value)
    return handler


def _place(function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    return f"{function.__module__}.{getattr(function, '__qualname__', function)}{where}"
