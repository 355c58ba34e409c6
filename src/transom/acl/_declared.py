"""The declared permissions, indexed by the commands that they allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import ConfigError
from .manifests import (
    APP_ACL_KEY,
    Manifest,
    PermissionIdentifier,
    command_key,
    find,
    parse_identifier,
    split_command,
    with_manifest,
)

__all__ = ["Declared"]

_CORE = ("core", "default")
# Tauri has no such plugin, so its capability files cannot name it: the page's half of a stream asks for values by it.
_LINK = ("core:stream", "default")


class Declared:
    """Finds the plugin of a command and the permissions that allow it. Immutable: declaring more makes another.

    Safe to use from any thread.

    Args:
        manifests: The manifests of all plugins and of the application, by key.
        core_default: Whether local pages have `core:default` without a capability.
        has_app_acl: Whether the application's own commands need a permission.
    """

    __slots__ = ("_core_default", "_has_app_acl", "_indexes", "_open", "manifests")

    def __init__(
        self, manifests: Mapping[str, Manifest], *, core_default: bool = True, has_app_acl: bool = False
    ) -> None:
        self.manifests = manifests
        self._open = _CORE if core_default else _LINK
        self._has_app_acl = has_app_acl
        # Filled on demand. Threads that race build equal indexes, so it does not matter which one stays.
        self._indexes: dict[str, Mapping[str, frozenset[str]]] = {}
        self._core_default: frozenset[str] | None = None

    @property
    def core_default(self) -> bool:
        """Whether local pages have `core:default` without a capability."""
        return self._open is _CORE

    @property
    def has_app_acl(self) -> bool:
        """Whether the application's own commands need a permission."""
        return self._has_app_acl

    def key(self, command: str) -> str | None:
        """Return the key of the manifest that a command belongs to; `None` if its plugin is unknown."""
        plugin, _ = split_command(command)
        if plugin is None:
            return APP_ACL_KEY
        if f"core:{plugin}" in self.manifests:
            return f"core:{plugin}"
        # These keys exist, but no command is addressed by them: `plugin:core:event|emit` is not `plugin:event|emit`.
        if plugin in (APP_ACL_KEY, "core") or plugin.startswith("core:"):
            return None
        return plugin if plugin in self.manifests else None

    def has(self, command: str) -> bool:
        """Tell whether a command may exist: its plugin is known and lists it, or does not list its commands at all."""
        key = self.key(command)
        return key is not None and (self.manifests[key].commands is None or command_key(command) in self._index(key))

    def extended(self, plugin: str, manifest: Manifest) -> Declared:
        """Return the same with one more manifest.

        Raises:
            ConfigError: See `with_manifest`.
        """
        return Declared(
            with_manifest(self.manifests, plugin, manifest),
            core_default=self.core_default,
            has_app_acl=self._has_app_acl,
        )

    def is_open(self, command: str) -> bool:
        """Tell whether every local page may call a command without a capability."""
        if not command.startswith("plugin:"):
            return not self._has_app_acl
        if self._core_default is None:
            key, name = self._open
            self._core_default = frozenset(allowed for _, allowed in _rules(self.manifests, key, name))
        return command_key(command) in self._core_default

    def needs_permission(self, command: str) -> bool:
        """Tell whether a command needs a permission once the project has a capability."""
        if not command.startswith("plugin:"):
            return self._has_app_acl
        return self.key(command) != _LINK[0]

    def permissions(self, command: str) -> tuple[str, ...]:
        """Return the identifiers of its plugin's permissions and sets that allow a command, sorted.

        Empty if there are none: the command does not exist, or no identifier can spell its name.
        """
        key = self.key(command)
        if key is None:
            return ()
        wanted = command_key(command)
        found = self._index(key).get(wanted, frozenset())
        if self.manifests[key].commands is None:
            slug = wanted if key == APP_ACL_KEY else wanted.partition("|")[2]
            derived = _rules(self.manifests, key, f"allow-{slug}")
            found = found.union(identifier for identifier, allowed in derived if allowed == wanted)
        return tuple(sorted(found))

    def _index(self, key: str) -> Mapping[str, frozenset[str]]:
        index = self._indexes.get(key)
        if index is None:
            index = self._indexes[key] = _index(self.manifests, key)
        return index


def _index(manifests: Mapping[str, Manifest], key: str) -> Mapping[str, frozenset[str]]:
    """Map the known commands of one plugin to the permissions and sets that allow them."""
    manifest = manifests[key]
    commands = manifest.commands or ()
    index: dict[str, set[str]] = {PermissionIdentifier(key, "").command_key(command): set() for command in commands}
    derived = (f"allow-{command_key(command)}" for command in commands)
    for name in {"default", *manifest.sets, *manifest.permissions, *derived}:
        for identifier, allowed in _rules(manifests, key, name):
            index.setdefault(allowed, set()).add(identifier)
    return {allowed: frozenset(identifiers) for allowed, identifiers in index.items()}


def _rules(manifests: Mapping[str, Manifest], key: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the identifier of one permission or set with the key of every command that it allows."""
    try:
        identifier = parse_identifier(str(PermissionIdentifier(key, name)))
        members = list(find(manifests, identifier))
    except ConfigError:
        return  # a page can ask for names that no permission can have, and a set can name unknown permissions
    for inner, permission in members:
        for command in permission.commands.allow:
            yield str(identifier), inner.command_key(command)
