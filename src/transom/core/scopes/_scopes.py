"""Factories of state, and state in layers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from ...acl import User
from ...errors import ConfigError
from ...handles import StateManager
from ._shared import load_shared, shared_class, store_shared

__all__ = ["LayeredState", "Scope", "ScopedFactory", "enter", "scoped_factory", "shared_state"]

T = TypeVar("T")
Scope: TypeAlias = Literal["user", "session"]


class ScopedFactory(NamedTuple):
    """A factory of state.

    Attributes:
        make: The factory.
        scope: What each of its objects belongs to.
        takes_user: Whether it is called with the user.
        shared: The class of its objects, which move with their session to other processes; `None` if they do not.
    """

    make: Callable[..., Any]
    scope: Scope
    takes_user: bool
    shared: type | None = None


def scoped_factory(factory: Any, scope: Scope, *, shared: bool = False) -> ScopedFactory:
    """Return a factory, and whether it is to be called with the user.

    Args:
        factory: The factory.
        scope: What each of its objects belongs to.
        shared: Whether they move with their session to other processes.

    Raises:
        ConfigError: It cannot be called with a user or with nothing, the scope is unknown, or its objects cannot be shared.
    """
    if scope not in ("user", "session"):
        raise ConfigError(f"Builder.manage: {scope!r} is not a scope; they are 'application', 'user' and 'session'")
    if not callable(factory):
        raise ConfigError(
            f"Builder.manage: with scope={scope!r} it takes a factory, which is called for each {scope}, and this is an object "
            f"of type {type(factory).__qualname__}"
        )
    try:
        signature = inspect.signature(factory)
    except ValueError:  # a class in C says nothing
        return ScopedFactory(factory, scope, False)
    kind = shared_class(factory, scope) if shared else None
    for arguments in ((), (User.LOCAL,)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        return ScopedFactory(factory, scope, bool(arguments), kind)
    raise ConfigError(f"Builder.manage: a factory with scope={scope!r} takes nothing, or the User alone")


class LayeredState(StateManager):
    """Managed objects over those of a wider scope, which are found where this one has none.

    Args:
        outer: The wider scope.
    """

    def __init__(self, outer: StateManager) -> None:
        super().__init__()
        self._outer = outer

    def get(self, kind: type[T]) -> T:
        """See `StateManager.get`.

        Raises:
            StateError: None is managed.
        """
        found = super().try_get(kind)
        return self._outer.get(kind) if found is None else found

    def try_get(self, kind: type[T]) -> T | None:
        """See `StateManager.try_get`."""
        found = super().try_get(kind)
        return self._outer.try_get(kind) if found is None else found


async def enter(
    factories: Sequence[ScopedFactory],
    scope: Scope,
    user: User,
    state: StateManager,
    stored: Mapping[str, bytes] = MappingProxyType({}),
) -> AsyncExitStack:
    """Make the objects of a scope, and manage them.

    An awaitable is awaited, and an asynchronous context manager is entered; what it gives is managed.

    Args:
        factories: Those of all scopes.
        scope: The scope that begins.
        user: Its user.
        state: Gets the objects.
        stored: The shared objects that another process has stored, by the names of their classes.

    Returns:
        What ends the scope: its `aclose` leaves the context managers, the last one first.

    Raises:
        ConfigError: Two factories of the scope made objects of one class.
        Exception: What a factory raises. The objects before it are closed then.
    """
    async with AsyncExitStack() as stack:
        for factory in factories:
            if factory.scope != scope:
                continue
            made = None if factory.shared is None else load_shared(factory.shared, stored)
            if made is None:
                made = factory.make(user) if factory.takes_user else factory.make()
            if inspect.isawaitable(made):
                made = await made
            if hasattr(type(made), "__aenter__"):
                made = await stack.enter_async_context(made)
            if not state.set(made):
                raise ConfigError(
                    f"Builder.manage: two factories with scope={scope!r} made an object of type {type(made).__qualname__}; one per "
                    "class"
                )
        return stack.pop_all()


def shared_state(factories: Sequence[ScopedFactory], state: StateManager, max_bytes: int) -> dict[str, bytes]:
    """Return the objects of a session that move with it; see `store_shared`."""
    kinds = [factory.shared for factory in factories if factory.shared is not None]
    return store_shared(kinds, state, max_bytes) if kinds else {}
