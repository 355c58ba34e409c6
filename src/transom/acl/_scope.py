"""Scopes: the typed values that accompany a permission."""

from __future__ import annotations

from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec

from ..errors import ConfigError
from ..values import decode_plain
from ._grant import Grant
from ._resolved import ResolvedScope

__all__ = ["CommandScope", "GlobalScope", "ScopeObject", "ScopeObjectMatch", "ScopeValue"]

T = TypeVar("T")
S = TypeVar("S", bound="ScopeValue[Any]")
I_contra = TypeVar("I_contra", contravariant=True)


class ScopeObject(Protocol):
    """A type that reads its own values in a scope. Any other type is read as an argument of that type would be."""

    @classmethod
    def deserialize(cls, raw: Any, /) -> Self:
        """Return the object for one JSON value.

        Raises:
            Exception: The value is wrong, for the reason in the text.
        """
        ...


class ScopeObjectMatch(Protocol[I_contra]):
    """A value in a scope that can tell by itself what it covers."""

    def matches(self, candidate: I_contra, /) -> bool:
        """Tell whether the candidate is covered."""
        ...


class ScopeValue(msgspec.Struct, Generic[T], frozen=True):
    """The allowed and denied values of a scope. Tauri: `ipc::ScopeValue`.

    Attributes:
        allows: What is allowed.
        denies: What is denied, whatever is allowed.
    """

    allows: tuple[T, ...] = ()
    denies: tuple[T, ...] = ()

    def matches(self, candidate: Any) -> bool:
        """Tell whether the scope covers a candidate, by the `matches` methods of its values.

        A denied candidate is never covered. If the scope allows nothing explicitly, every other candidate is covered.

        Raises:
            TypeError: The values have no method `matches`; see `ScopeObjectMatch`.
        """
        if any(_covers(value, candidate) for value in self.denies):
            return False
        return not self.allows or any(_covers(value, candidate) for value in self.allows)


class CommandScope(ScopeValue[T], frozen=True):
    """The scope of the running command: that of every permission that lets this caller call it, one after the other.

    A command declares `scope: CommandScope[Entry]` as a parameter. Tauri: `ipc::CommandScope`.
    """

    @classmethod
    def of(cls, grant: Grant, kind: type[T]) -> CommandScope[T]:
        """Return the command's scope in a grant, with the values as `kind`; at no cost from the second call with it on.

        Raises:
            ConfigError: A value is not a `kind`.
        """
        return _typed(cls, grant.command_scope, kind)


class GlobalScope(ScopeValue[T], frozen=True):
    """The scope of the running command's whole plugin: the values of permissions that name no command.

    Tauri: `ipc::GlobalScope`, so they count for every caller that may call something of the plugin, whatever windows their
    capability names. Tauri keeps typed values by type alone, and gives one plugin those of another; here each has its own.
    """

    @classmethod
    def of(cls, grant: Grant, kind: type[T]) -> GlobalScope[T]:
        """Return the plugin's scope in a grant, with the values as `kind`; at no cost from the second call with it on.

        Raises:
            ConfigError: A value is not a `kind`.
        """
        return _typed(cls, grant.global_scope, kind)


def _typed(cls: type[S], scope: ResolvedScope | None, kind: Any) -> S:
    if scope is None:
        return cls()
    typed: S | None = scope.typed.get((cls, kind))
    if typed is None:
        typed = cls(tuple(_read(raw, kind) for raw in scope.allow), tuple(_read(raw, kind) for raw in scope.deny))
        scope.typed[cls, kind] = typed
    return typed


def _read(raw: Any, kind: Any) -> Any:
    deserialize = getattr(kind, "deserialize", None)
    try:
        return decode_plain(raw, kind) if deserialize is None else deserialize(raw)
    except Exception as error:
        raise ConfigError(f"error deserializing scope: {error}") from error


def _covers(value: Any, candidate: Any) -> bool:
    matches = getattr(value, "matches", None)
    if matches is None:
        raise TypeError(
            f"a {type(value).__qualname__} in a scope has no method `matches`; write it, or compare with `allows` and `denies`"
        )
    return bool(matches(candidate))
