"""Callables: the function inside a partial or an object, and how errors name it."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

__all__ = ["inside_partials", "is_async", "place_of", "routine", "what_is"]


def inside_partials(function: Any) -> Any:
    """Return the function inside a `functools.partial`, however deep; anything else unchanged."""
    while isinstance(function, partial):
        function = function.func
    return function


def routine(function: Any) -> Any:
    """Return what runs when something is called: of a partial its function, of a callable object its method."""
    inner = inside_partials(function)
    return inner if inspect.isroutine(inner) or isinstance(inner, type) else type(inner).__call__


def what_is(function: object) -> str:
    """Return how a function is called in the sentences of errors."""
    return getattr(function, "__qualname__", None) or repr(function)


def place_of(function: Any) -> str:
    """Return ` (file:line)` of where a function is written, for the end of a sentence; empty if it is not Python."""
    code = getattr(inspect.unwrap(routine(function)), "__code__", None)
    return f" ({code.co_filename}:{code.co_firstlineno})" if code else ""


def is_async(function: Any) -> bool:
    """Tell whether calling something makes a coroutine: an `async def`, also inside a partial or an object."""
    return inspect.iscoroutinefunction(routine(function))
