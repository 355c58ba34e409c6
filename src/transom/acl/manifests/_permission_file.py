"""Permission files: the permissions and sets that an application declares for its own commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from ...errors import ConfigError
from ._fault import Fault, fault_of
from ._identifier import parse_identifier
from ._manifest import Commands, Permission, Scopes

__all__ = ["PermissionFile", "read_permissions"]


class _Default(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int | None = None
    description: str | None = None
    permissions: tuple[str, ...] = ()


class _Set(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    identifier: str
    description: str = ""
    permissions: tuple[str, ...]


class _Permission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int | None = None
    identifier: str
    description: str | None = None
    commands: Commands = Commands()
    scope: Scopes = Scopes()
    platforms: tuple[str, ...] | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    default: _Default | None = None
    set: tuple[_Set, ...] = ()
    permission: tuple[_Permission, ...] = ()


class PermissionFile(NamedTuple):
    """The declarations of one permission file. Tauri: `acl::manifest::PermissionFile`.

    Attributes:
        default: Identifiers in the default set; `None` if the file has none.
        sets: Names of sets, with their members.
        permissions: The permissions.
    """

    default: tuple[str, ...] | None = None
    sets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    permissions: tuple[Permission, ...] = ()


def read_permissions(value: Any, faults: list[Fault]) -> PermissionFile:
    """Read the content of a permission file: `[default]`, `[[set]]` and `[[permission]]`.

    Args:
        value: The decoded file.
        faults: Gets what is wrong; then nothing of the file is returned.
    """
    if isinstance(value, dict):
        value = {name: part for name, part in value.items() if not name.startswith("$")}
    try:
        file = msgspec.convert(value, _File)
    except msgspec.ValidationError as error:
        faults.append(fault_of(error, ()))
        return PermissionFile()
    default = None if file.default is None else file.default.permissions
    wrong = [
        *_wrong("set", (each.identifier for each in file.set)),
        *_wrong("permission", (each.identifier for each in file.permission)),
    ]
    if wrong:
        faults += wrong
        return PermissionFile()
    return PermissionFile(
        default,
        tuple((each.identifier, each.permissions) for each in file.set),
        tuple(
            Permission(
                identifier=each.identifier,
                description=each.description or "",
                commands=each.commands,
                scope=each.scope,
                platforms=each.platforms,
            )
            for each in file.permission
        ),
    )


def _wrong(table: str, identifiers: Iterable[str]) -> Iterable[Fault]:
    for index, identifier in enumerate(identifiers):
        try:
            key = parse_identifier(identifier)
        except ConfigError as error:
            yield Fault((table, index, "identifier"), error.message)
            continue
        if str(key) != key.name:
            yield Fault((table, index, "identifier"), f"`{identifier}` has the prefix of a plugin; write `{key.name}`")
