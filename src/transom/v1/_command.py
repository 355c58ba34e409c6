"""`@command` of Tauri 1.x, with the option `with_window`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, Final, TypeVar, get_origin, get_type_hints, overload

from .. import commands
from ..callables import what_is
from ..calls import InvokeHandler
from ..errors import CommandDefinitionError
from ._handles import Window

__all__ = ["command", "generate_handler"]

F = TypeVar("F", bound=Callable[..., Any])
_MARK: Final = "__transom_with_window__"


@overload
def command(function: F, /) -> F: ...
@overload
def command(*, with_window: bool = False, **options: Any) -> Callable[[F], F]: ...
def command(function: F | None = None, /, *, with_window: bool = False, **options: Any) -> F | Callable[[F], F]:
    """Mark a function as a command; see `transom.command`, whose options it has too.

    Args:
        function: The function, when the decorator is written without parentheses.
        with_window: The first parameter is the window that calls: a `Window`. As in 1.0 and later, a parameter
            of this type gets the window without the option, too.
        **options: The options of `transom.command`.

    Raises:
        CommandDefinitionError: An option has a value that it cannot have, or there is no parameter for the window.
    """

    def mark(marked: F) -> F:
        if with_window:
            first = next(iter(inspect.signature(marked).parameters.values()), None)
            if first is None:
                raise CommandDefinitionError(
                    f"command {what_is(marked)}: with_window gives the window to the first parameter, and there is none; "
                    "add one such as `window: Window`"
                )
            if first.annotation is inspect.Parameter.empty:
                marked.__annotations__[first.name] = Window
            setattr(marked, _MARK, first.name)
        return commands.command(**options)(marked)

    return mark if function is None else mark(function)


def generate_handler(*functions: Any) -> InvokeHandler:
    """Return what `Builder.invoke_handler` takes, from commands; see `transom.generate_handler`.

    Raises:
        CommandDefinitionError: Something is no command, or the first parameter of one with `with_window` is no `Window`.
    """
    for function in _each(functions):
        name = getattr(function, _MARK, None)
        if name is not None and not _is_window(function, name):
            raise CommandDefinitionError(
                f"command {what_is(function)}: with_window gives the window to the first parameter, {name!r}, which is of "
                "another type; annotate it with `Window`, or leave the annotation out"
            )
    return commands.generate_handler(*functions)


def _each(functions: Iterable[Any]) -> Iterator[Any]:
    """Return the functions, and those of the modules among them."""
    for function in functions:
        if isinstance(function, ModuleType):
            yield from vars(function).values()
        else:
            yield function


def _is_window(function: Callable[..., Any], parameter: str) -> bool:
    try:
        annotation = get_type_hints(function).get(parameter)
    except NameError:  # `commands.generate_handler` has the sentence for it
        return True
    return (get_origin(annotation) or annotation) is Window
