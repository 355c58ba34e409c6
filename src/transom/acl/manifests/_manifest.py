"""The known permissions: those that plugins declare, and those derived from the names of commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ...errors import ConfigError
from ...names import nearest_name
from ._core_commands import CORE_COMMANDS
from ._identifier import APP_ACL_KEY, PermissionIdentifier, command_key, parse_identifier
from ._official import how_to_add

__all__ = [
    "Commands",
    "Manifest",
    "Permission",
    "Scopes",
    "core_manifests",
    "find",
    "why_missing",
    "with_manifest",
]


class Commands(msgspec.Struct, frozen=True):
    """The commands that a permission allows and denies, by their names in Python; a denied one counts first."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class Scopes(msgspec.Struct, frozen=True):
    """Values that a command or a plugin reads, to tell what it may touch and what not; `None`: nothing said.

    Attributes:
        allow: JSON values of what is allowed.
        deny: JSON values of what is not, whatever `allow` says.
    """

    allow: tuple[Any, ...] | None = None
    deny: tuple[Any, ...] | None = None

    def __bool__(self) -> bool:
        return self.allow is not None or self.deny is not None

    def followed_by(self, other: Scopes) -> Scopes:
        """Return these values and then the other's."""
        return Scopes(_joined(self.allow, other.allow), _joined(self.deny, other.deny))


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """One permission, with the fields of a `[[permission]]` in Tauri's permission files.

    Attributes:
        identifier: Its name, without the plugin's.
        description: For people.
        commands: What it allows and denies. With none at all, its scope is the plugin's global scope.
        scope: Values for the commands, or for the whole plugin.
        platforms: Where it counts: `macOS`, `windows`, `linux`, `android`, `iOS`; `None` for everywhere.
    """

    identifier: str
    description: str = ""
    commands: Commands = Commands()
    scope: Scopes = Scopes()
    platforms: tuple[str, ...] | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The permissions of one plugin, or of the application.

    Attributes:
        commands: Names of its commands, each with its `allow-` and `deny-` permission; `None` when they are not known, and
            then every name has them.
        default: Identifiers of the permissions in its `default` set.
        sets: Identifiers of the permissions in every other set.
        permissions: Permissions with a name of their own.
        unavailable: Identifiers that Tauri's plugin has and this one does not. A capability file may name them, without
            effect.
    """

    commands: tuple[str, ...] | None = None
    default: tuple[str, ...] = ()
    sets: Mapping[str, tuple[str, ...]] = {}
    permissions: Mapping[str, Permission] = {}
    unavailable: tuple[str, ...] = ()

    def members(self, name: str) -> tuple[str, ...] | None:
        """Return the identifiers in a set, `None` when no set has this name."""
        # Tauri: a plugin without a default set has an empty one.
        return self.default if name == "default" else self.sets.get(name)

    def permission(self, name: str) -> Permission | None:
        """Return the permission of this name, `None` when there is none."""
        if name in self.permissions:
            return self.permissions[name]
        verb, _, slug = name.partition("-")
        if verb not in ("allow", "deny") or not slug:
            return None
        if self.commands is not None and slug not in map(command_key, self.commands):
            return None
        return Permission(identifier=name, commands=Commands(**{verb: (slug,)}))

    def names(self) -> Iterator[str]:
        """Yield the names of all permissions and sets that are known."""
        yield from _own_names(self)
        for command in self.commands or ():
            yield from (f"allow-{command_key(command)}", f"deny-{command_key(command)}")


def core_manifests() -> dict[str, Manifest]:
    """Return the manifests to begin with: the application's, and that of `core:default`, both still empty."""
    return {APP_ACL_KEY: Manifest(), "core": Manifest(commands=())}


def with_manifest(manifests: Mapping[str, Manifest], plugin: str, manifest: Manifest) -> dict[str, Manifest]:
    """Return the manifests and one more.

    Raises:
        ConfigError: The plugin has one already, or a name in it is not an identifier.
    """
    if manifests.get(plugin, Manifest()) != Manifest():
        raise ConfigError(f"the permissions of {_shown(plugin)} are declared already; declare them all at once")
    twin = plugin.removeprefix("core:") if plugin.startswith("core:") else f"core:{plugin}"
    if twin in manifests:
        raise ConfigError(
            f"{plugin} and {twin} cannot both be there: their commands would have the same names; rename one"
        )
    for name in ("default", *manifest.sets, *manifest.permissions):
        parse_identifier(name if plugin == APP_ACL_KEY else f"{plugin}:{name}")
    grown = {**manifests, plugin: manifest}
    # Tauri: `core:default` is the default sets of all core plugins.
    defaults = tuple(f"{key}:default" for key in grown if key.startswith("core:"))
    return {**grown, "core": Manifest(commands=(), default=defaults)}


def find(
    manifests: Mapping[str, Manifest], identifier: PermissionIdentifier, notes: list[str] | None = None
) -> Iterator[tuple[PermissionIdentifier, Permission]]:
    """Yield the permissions of an identifier, with sets expanded, each permission once.

    Tauri does not notice a set that contains itself; here its members simply count once.

    Args:
        manifests: What is declared.
        identifier: The permission or set.
        notes: Gets a text for every permission of Tauri that the application cannot have: its plugin is not added, or not
            available. `None` makes them errors.

    Raises:
        ConfigError: The plugin or the permission is not known, also one inside a set; the text names the nearest.
    """
    return _find(manifests, identifier, None, set(), notes)


def _find(
    manifests: Mapping[str, Manifest],
    identifier: PermissionIdentifier,
    parent: PermissionIdentifier | None,
    seen: set[PermissionIdentifier],
    notes: list[str] | None,
) -> Iterator[tuple[PermissionIdentifier, Permission]]:
    if identifier in seen:
        return
    seen.add(identifier)
    key, name = identifier
    # Tauri: before 2.0 the core plugins were named without `core:`. No other plugin may have their names.
    if key in CORE_COMMANDS and f"core:{key}" in manifests:
        yield from _find(manifests, identifier._replace(key=f"core:{key}"), parent, seen, notes)
        return
    manifest = manifests.get(key)
    members = None if manifest is None else manifest.members(name)
    if members is not None:
        for member in members:
            inner = parse_identifier(member)
            # Without a prefix it is one of the same plugin.
            inner = inner._replace(key=key) if inner.key == APP_ACL_KEY else inner
            yield from _find(manifests, inner, identifier, seen, notes)
        return
    permission = None if manifest is None else manifest.permission(name)
    if permission is not None:
        yield identifier, permission
    elif notes is not None and _is_tauris(manifest, identifier):
        notes.append(str(identifier))
    elif manifest is None:
        raise _unknown_plugin(manifests, key)
    else:
        raise _unknown(manifest, identifier, parent)


def _unknown_plugin(manifests: Mapping[str, Manifest], key: str) -> ConfigError:
    core = key.startswith("core:")
    near = nearest_name(key, (known for known in manifests if known.startswith("core:") is core))
    if near is not None and key.removeprefix("core:") not in CORE_COMMANDS:
        return ConfigError(f"unknown ACL for {key}; did you mean `{near}`?")
    known = ", ".join(sorted(map(_shown, manifests)))
    return ConfigError(f"unknown ACL for {key}, expected one of {known}; {why_missing(key)}")


def _is_tauris(manifest: Manifest | None, identifier: PermissionIdentifier) -> bool:
    """Tell whether an identifier that is not declared is, or may be, one of Tauri or of a plugin that is not added."""
    key, name = identifier
    plugin = key.removeprefix("core:")
    if manifest is None:  # a plugin of a stranger may have any permission
        return plugin == key or plugin in CORE_COMMANDS
    if name in manifest.unavailable:
        return True
    verb, _, slug = name.partition("-")
    return verb in ("allow", "deny") and key != plugin and slug in CORE_COMMANDS.get(plugin, ())


def _unknown(manifest: Manifest, identifier: PermissionIdentifier, parent: PermissionIdentifier | None) -> ConfigError:
    problem = (
        f"unknown permission {identifier.name} for {_shown(identifier.key)}"
        if parent is None
        else f"permission {identifier} not found from set {parent}"
    )
    if _is_tauris(manifest, identifier):
        return ConfigError(f"{problem}; this version of transom does not have this permission of Tauri")
    verb, _, slug = identifier.name.partition("-")
    if identifier.key == APP_ACL_KEY and verb in ("allow", "deny") and slug and manifest.commands is not None:
        problem = f"{problem}, because the application has no command `{slug.replace('-', '_')}`"
    near = nearest_name(identifier.name, manifest.names())
    if near is not None:
        return ConfigError(f"{problem}; did you mean `{identifier._replace(name=near)}`?")
    return ConfigError(
        f"{problem}; there are allow-<command> and deny-<command> for every command, and {', '.join(_own_names(manifest))}"
    )


def _own_names(manifest: Manifest) -> Iterator[str]:
    yield "default"
    yield from manifest.sets
    yield from manifest.permissions


def why_missing(plugin: str) -> str:
    """Return a hint about a plugin that is not declared.

    Args:
        plugin: Its name in a command, or the key of its manifest.
    """
    if plugin.startswith("core:") or plugin in CORE_COMMANDS:
        return "this plugin is not available in this version of transom"
    return how_to_add(plugin) or (
        "is this plugin added with Builder.plugin(...), and available in this version of transom?"
    )


def _shown(key: str) -> str:
    return "app manifest" if key == APP_ACL_KEY else key


def _joined(first: tuple[Any, ...] | None, second: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    return None if first is None and second is None else (first or ()) + (second or ())
