"""Capabilities: they grant permissions to windows, webviews and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from ..errors import ConfigError
from ..names import nearest_name
from ..values import decode_json, encode_body
from .manifests import Fault, Scopes, fault_of, parse_identifier

__all__ = [
    "Capability",
    "CapabilityBuilder",
    "CapabilityRemote",
    "PermissionEntry",
    "RuntimeCapability",
    "capabilities_in",
    "capability_of",
    "read_capabilities",
]


class CapabilityRemote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pages from elsewhere that a capability is for.

    Attributes:
        urls: Patterns of their addresses; see `RemoteUrlPattern`.
    """

    urls: tuple[str, ...]


class PermissionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A permission, with values for the scope of its commands.

    Attributes:
        identifier: The permission or set of permissions.
        allow: JSON values of what its commands may touch; `None`: nothing said.
        deny: JSON values of what they may not.
    """

    identifier: str
    allow: tuple[Any, ...] | None = None
    deny: tuple[Any, ...] | None = None

    @property
    def scope(self) -> Scopes:
        """The values."""
        return Scopes(self.allow, self.deny)


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """Permissions, and the windows, webviews and addresses that get them. Tauri: `acl::Capability`, with its defaults.

    Attributes:
        identifier: Its name, for people and for the texts of refusals.
        description: For people.
        remote: The pages from elsewhere that it is for; `None` for none.
        local: Whether it is for the application's own pages.
        windows: Globs over labels of windows; every webview in such a window counts.
        webviews: Globs over labels of webviews. With no globs at all, it allows nothing.
        permissions: Identifiers, or entries with scopes.
        platforms: Where it counts: `macOS`, `windows`, `linux`, `android`, `iOS`; `None` for everywhere.
        roles: The users of a server that it is for, by the names of their roles; `None` for all users. An application that
            is no server has no roles, so there it grants and denies nothing. Tauri has no such field.
    """

    identifier: str
    description: str = ""
    remote: CapabilityRemote | None = None
    local: bool = True
    windows: tuple[str, ...] = ()
    webviews: tuple[str, ...] = ()
    permissions: tuple[str | PermissionEntry, ...]
    platforms: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for field in ("windows", "webviews", "permissions", "platforms", "roles"):
            _several(field, getattr(self, field))


_FIELDS = Capability.__struct_fields__
_ENTRY_FIELDS = PermissionEntry.__struct_fields__


@runtime_checkable
class RuntimeCapability(Protocol):
    """An object that builds a capability at run time, such as a `CapabilityBuilder`. Tauri: the trait."""

    def build(self) -> Capability:
        """Return the capability."""
        ...


class CapabilityBuilder:
    """Put a capability together in code; every method but `build` returns the builder. Tauri: `ipc::CapabilityBuilder`.

    Args:
        identifier: The capability's name.
    """

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        self._urls: list[str] = []
        self._local = True
        self._windows: list[str] = []
        self._webviews: list[str] = []
        self._permissions: list[str | PermissionEntry] = []
        self._platforms: list[str] | None = None
        self._roles: list[str] | None = None

    def remote(self, url: str) -> CapabilityBuilder:
        """Include the pages from elsewhere whose address fits this pattern; see `RemoteUrlPattern`."""
        self._urls.append(url)
        return self

    def local(self, local: bool) -> CapabilityBuilder:
        """Say whether the application's own pages are included; they are when this is never called."""
        self._local = local
        return self

    def window(self, window: str) -> CapabilityBuilder:
        """Include the windows whose label fits this glob, with all their webviews."""
        return self.windows((window,))

    def windows(self, windows: Iterable[str]) -> CapabilityBuilder:
        """Include the windows whose label fits one of these globs, with all their webviews."""
        self._windows += _several("windows", windows)
        return self

    def webview(self, webview: str) -> CapabilityBuilder:
        """Include the webviews whose label fits this glob."""
        return self.webviews((webview,))

    def webviews(self, webviews: Iterable[str]) -> CapabilityBuilder:
        """Include the webviews whose label fits one of these globs."""
        self._webviews += _several("webviews", webviews)
        return self

    def permission(self, permission: str) -> CapabilityBuilder:
        """Give a permission or a set of them.

        Raises:
            ConfigError: The text is not an identifier.
        """
        parse_identifier(permission)
        self._permissions.append(permission)
        return self

    def permission_scoped(
        self, permission: str, allow: Iterable[Any] = (), deny: Iterable[Any] = ()
    ) -> CapabilityBuilder:
        """Give a permission with values for the scope of its commands.

        Args:
            permission: The identifier.
            allow: What the commands may touch, as values that JSON can hold; copied.
            deny: What they may not.

        Raises:
            ConfigError: The text is not an identifier, or JSON cannot hold a value.
        """
        parse_identifier(permission)
        # Tauri turns these numbers into floats; here they stay what they are.
        self._permissions.append(PermissionEntry(permission, _plain(permission, allow), _plain(permission, deny)))
        return self

    def platform(self, platform: str) -> CapabilityBuilder:
        """Limit it to this platform; each further call adds a platform."""
        return self.platforms((platform,))

    def platforms(self, platforms: Iterable[str]) -> CapabilityBuilder:
        """Limit it to these platforms; each further call adds platforms."""
        self._platforms = [*(self._platforms or ()), *_several("platforms", platforms)]
        return self

    def role(self, role: str) -> CapabilityBuilder:
        """Limit it to users of a server with this role; each further call adds a role."""
        self._roles = [*(self._roles or ()), *_several("roles", (role,))]
        return self

    def build(self) -> Capability:
        """Return the capability."""
        return Capability(
            identifier=self._identifier,
            remote=CapabilityRemote(tuple(self._urls)) if self._urls else None,
            local=self._local,
            windows=tuple(self._windows),
            webviews=tuple(self._webviews),
            permissions=tuple(self._permissions),
            platforms=None if self._platforms is None else tuple(self._platforms),
            roles=None if self._roles is None else tuple(self._roles),
        )


def read_capabilities(text: str) -> tuple[Capability, ...]:
    """Read the text of a capability file: JSON or else TOML; one capability, a list, or `{"capabilities": [...]}`.

    Unknown fields are refused; see `capabilities_in`.

    Raises:
        ConfigError: The text is neither, or not capabilities; two of them have one identifier.
    """
    faults: list[Fault] = []
    capabilities = tuple(capability for _, capability in capabilities_in(_parsed(text), faults, faults))
    if faults:
        place, problem = faults[0]
        raise ConfigError(f"invalid capability: {problem}{_at(place)}")
    seen = set[str]()
    for capability in capabilities:
        if capability.identifier in seen:
            raise ConfigError(f"capability with identifier `{capability.identifier}` already exists")
        seen.add(capability.identifier)
    return capabilities


def capabilities_in(
    value: Any, faults: list[Fault], notes: list[Fault]
) -> list[tuple[tuple[str | int, ...], Capability]]:
    """Return the capabilities in a decoded file, each with its place in it.

    Tauri ignores every field that it does not know. Here one whose name resembles a field is a fault, but for names that
    begin with `$` as `$schema` does: a misspelt `platforms`, `local` or `deny` would allow more than its author meant.

    Args:
        value: One capability, a list of them, or an object whose field `capabilities` is that list.
        faults: Gets what is wrong; a capability with a fault is not returned.
        notes: Gets fields that are ignored.
    """
    place: tuple[str | int, ...] = ()
    if isinstance(value, dict) and "capabilities" in value:
        value, place = value["capabilities"], ("capabilities",)
    if not isinstance(value, list):
        found = capability_of(value, place, faults, notes)
        return [] if found is None else [(place, found)]
    several = [((*place, index), table) for index, table in enumerate(value)]
    read = [(where, capability_of(table, where, faults, notes)) for where, table in several]
    return [(where, capability) for where, capability in read if capability is not None]


def capability_of(
    table: Any, place: tuple[str | int, ...], faults: list[Fault], notes: list[Fault]
) -> Capability | None:
    """Return the capability that a decoded table says, `None` if it has a fault; see `capabilities_in`."""
    before = len(faults)
    if isinstance(table, Mapping):
        table = _known_fields(table, _FIELDS, place, faults, notes)
        if isinstance(table.get("permissions"), list):
            table["permissions"] = [
                _known_fields(entry, _ENTRY_FIELDS, (*place, "permissions", index), faults, notes)
                if isinstance(entry, Mapping)
                else entry
                for index, entry in enumerate(table["permissions"])
            ]
    try:
        capability = msgspec.convert(table, Capability)
    except msgspec.ValidationError as error:
        faults.append(fault_of(error, place))
        return None
    return capability if len(faults) == before else None


def _known_fields(
    table: Mapping[str, Any],
    known: tuple[str, ...],
    place: tuple[str | int, ...],
    faults: list[Fault],
    notes: list[Fault],
) -> dict[str, Any]:
    """Return the fields that Tauri has, and report the others."""
    for name in table:
        if name not in known and not name.startswith("$"):
            near = nearest_name(name, known)
            hint = f"did you mean `{near}`?" if near else f"the fields are {', '.join(known)}"
            (faults if near else notes).append(Fault((*place, name), f"unknown field `{name}`; {hint}"))
    return {name: value for name, value in table.items() if name in known}


def _at(place: tuple[str | int, ...]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return f" - at `${path}`" if len(place) > 1 else ""


def _parsed(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as json_error:
        import tomllib

        try:
            # TOML has dates, which scopes as JSON values have not.
            return msgspec.to_builtins(tomllib.loads(text))
        except tomllib.TOMLDecodeError as toml_error:
            raise ConfigError(f"invalid capability: as JSON, {json_error}; as TOML, {toml_error}") from None


def _several(field: str, values: Any) -> Any:
    # The letters of "main-*" would be taken for globs, and the last one lets every window in.
    if isinstance(values, str):
        raise ConfigError(f"`{field}` of a capability is a list, not the text {values!r}; write [{values!r}]")
    return values


def _plain(permission: str, values: Iterable[Any]) -> tuple[Any, ...]:
    try:
        body = encode_body(list(values))
        if body.buffers:
            raise TypeError("bytes have no form in JSON")
        return tuple(decode_json(body.json))
    except TypeError as error:
        raise ConfigError(f"the scope of {permission} holds what JSON cannot: {error}") from None
