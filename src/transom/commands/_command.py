"""The `command` decorator: what is written above a function to make it a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, overload

from ..callables import inside_partials, what_is
from ..errors import CommandDefinitionError, CommandError

__all__ = ["CommandOptions", "command", "name_of", "options_of"]

F = TypeVar("F", bound=Callable[..., Any])
Renaming: TypeAlias = Literal["camelCase", "snake_case"]
_MARK = "__transom_command__"


class CommandOptions(NamedTuple):
    """The options of `@command`; see there."""

    name: str | None = None
    rename_all: Renaming = "camelCase"
    thread: Literal["main"] | None = None
    raises: tuple[type[CommandError], ...] = ()
    concurrency: int | None = None
    detached: bool = False
    strict: bool = False
    executor: str | None = None


@overload
def command(
    function: F,
    /,
    *,
    name: str | None = None,
    rename_all: Renaming = "camelCase",
    thread: Literal["main"] | None = None,
    raises: type[CommandError] | tuple[type[CommandError], ...] = (),
    concurrency: int | None = None,
    detached: bool = False,
    strict: bool = False,
    executor: str | None = None,
) -> F: ...
@overload
def command(
    *,
    name: str | None = None,
    rename_all: Renaming = "camelCase",
    thread: Literal["main"] | None = None,
    raises: type[CommandError] | tuple[type[CommandError], ...] = (),
    concurrency: int | None = None,
    detached: bool = False,
    strict: bool = False,
    executor: str | None = None,
) -> Callable[[F], F]: ...
def command(
    function: F | None = None,
    /,
    *,
    name: str | None = None,
    rename_all: Renaming = "camelCase",
    thread: Literal["main"] | None = None,
    raises: type[CommandError] | tuple[type[CommandError], ...] = (),
    concurrency: int | None = None,
    detached: bool = False,
    strict: bool = False,
    executor: str | None = None,
) -> F | Callable[[F], F]:
    """Mark a function as a command; it stays an ordinary function and can be called as before.

    `async def` runs on the application's event loop, `def` in a worker thread, so that neither can freeze the window.
    An asynchronous generator streams: what it yields goes into its `Channel` parameter, or to the page's `stream()`.

    Args:
        function: The function, when the decorator is written without parentheses; also a method, a `functools.partial`
            or any callable object: `command(partial(search, index=index), name="search")`.
        name: Name on the wire; `None` for the function's own.
        rename_all: `camelCase`: a parameter `file_name` is sent as `fileName`, and `file_name` is accepted too;
            `snake_case`: only as `file_name`.
        thread: `main` runs a `def` on the window's thread, as Tauri runs its synchronous commands.
        raises: The errors that the command rejects with on purpose: documentation that a program can read.
        concurrency: The most calls that run at once, the others wait in their order; `None` for no limit.
        detached: The command goes on when its page is gone; otherwise it is cancelled then.
        strict: Reject calls with an argument that the command does not have. By default it is ignored, as in Tauri, and
            logged once. `Builder.strict_arguments` sets this for all commands.
        executor: The name of an executor of `Builder.executor` that runs a `def`, such as a pool of processes. The function must
            be one of a module, its parameters arguments of the page, and arguments and result values that can be pickled.

    Raises:
        CommandDefinitionError: An option has a value that is not listed here, or `main` is asked for an `async def`.
    """
    errors = raises if isinstance(raises, tuple) else (raises,)
    options = CommandOptions(name, rename_all, thread, errors, concurrency, detached, strict, executor)

    def mark(marked: F) -> F:
        _check_options(marked, options)
        bare = getattr(marked, "__func__", marked)  # of a static or class method, which shows itself by its function
        try:
            setattr(bare, _MARK, options)
        except AttributeError:
            raise CommandDefinitionError(
                f"command {what_is(marked)}: it takes no attributes, so it cannot be marked; wrap it in a function"
            ) from None
        return marked

    return mark if function is None else mark(function)


def options_of(function: object) -> CommandOptions | None:
    """Return what `@command` was told of a function, `None` when it is no command."""
    found = getattr(function, _MARK, None)
    return found if isinstance(found, CommandOptions) else None


def name_of(function: Callable[..., Any], options: CommandOptions) -> str:
    """Return the name of a command on the wire.

    Raises:
        CommandDefinitionError: It has none.
    """
    name: str | None = options.name or getattr(inside_partials(function), "__name__", None)
    if name is None or name == "<lambda>":
        raise CommandDefinitionError(f"{function!r} has no name; give it one with @command(name=...)")
    return name


def _check_options(function: object, options: CommandOptions) -> None:
    what = what_is(function)
    if not callable(function) and not isinstance(function, staticmethod | classmethod):
        raise CommandDefinitionError(f"command {what}: it cannot be called; a command is a function or a method")
    if options.rename_all not in ("camelCase", "snake_case"):
        raise CommandDefinitionError(
            f"command {what}: rename_all is 'camelCase' or 'snake_case', not {options.rename_all!r}"
        )
    if options.thread not in (None, "main"):
        raise CommandDefinitionError(f"command {what}: thread is 'main' or left out, not {options.thread!r}")
    errors: tuple[object, ...] = options.raises
    for error in errors:
        if not (isinstance(error, type) and issubclass(error, CommandError)):
            raise CommandDefinitionError(
                f"command {what}: raises lists subclasses of CommandError, {error!r} is none; other exceptions are "
                "bugs to the page: catch them and raise a CommandError"
            )
    limit: object = options.concurrency
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise CommandDefinitionError(f"command {what}: concurrency is a number from 1, or left out, not {limit!r}")
    if inspect.isclass(function):
        raise CommandDefinitionError(
            f"command {what}: a class is not a command; mark its methods and pass an object of it"
        )
