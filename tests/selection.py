"""Which tests are slow: those whose code or fixtures use a slow requirement, or start a Python of their own.

A slow requirement has `@slow` in `tests/requirements.py`.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

__all__ = ["is_slow", "reaches_slow"]

_OURS = "tests"


def is_slow(item: pytest.Item) -> bool:
    """Tell whether a test uses a slow requirement, or starts a Python of its own."""
    if not isinstance(item, pytest.Function):
        return False
    fixtures = (each.func for defs in item._fixtureinfo.name2fixturedefs.values() for each in defs)
    return reaches_slow(item.function, *fixtures)


@functools.cache  # the tests of one parametrized function share the answer
def reaches_slow(*functions: Callable[..., Any]) -> bool:
    """Tell whether one of the functions is slow, itself or through other functions of the tests.

    The names in their code are followed, whether or not a call would happen. A name that is put together at run time is
    not seen; the requirement then fails the test and says so.
    """
    todo, seen = list(functions), set[Any]()
    while todo:
        function = todo.pop()
        if getattr(function, "slow", False):
            return True
        plain = _plain(function)
        if plain is not None and plain not in seen:
            if _starts_python(plain):
                return True
            seen.add(plain)
            todo += _used_by(plain)
    return False


def _plain(function: Any) -> FunctionType | None:
    """Return the function as it was written, without decorators."""
    given = getattr(function, "hypothesis", None)
    function = inspect.unwrap(getattr(given, "inner_test", function))
    function = getattr(function, "__func__", function)
    return function if isinstance(function, FunctionType) else None


def _starts_python(function: FunctionType) -> bool:
    return function.__globals__.get("sys") is sys and "executable" in _names_in(function.__code__)


def _used_by(function: FunctionType) -> Iterator[Any]:
    names = set(_names_in(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType) and _is_ours(value.__name__):
            yield from (member for member in map(vars(value).get, names) if callable(member))
        elif isinstance(value, type) and _is_ours(value.__module__):
            yield from (member for base in value.__mro__ for member in vars(base).values() if _is_function(member))
        elif callable(value) and _is_ours(getattr(value, "__module__", None)):
            yield value


def _is_function(member: object) -> bool:
    return callable(member) or isinstance(member, classmethod | staticmethod)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _is_ours(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] == _OURS
