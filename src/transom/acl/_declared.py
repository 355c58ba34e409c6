"""The declared permissions, indexed by the commands that they allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import ConfigError
from ._identifier import APP_ACL_KEY, PermissionIdentifier, command_key, parse_identifier, split_command
from ._manifest import Manifest, find

__all__ = ["Declared"]


class Declared:
    """Finds the plugin of a command and the permissions that allow it. Immutable: declaring more makes another.

    Safe to use from any thread.

    Args:
        manifests: The manifests of all plugins and of the application, by key.
    """

    __slots__ = ("_core_default", "_indexes", "manifests")

    def __init__(self, manifests: Mapping[str, Manifest]) -> None:
        self.manifests = manifests
        # Filled on demand. Threads that race build equal indexes, so it does not matter which one stays.
        self._indexes: dict[str, Mapping[str, frozenset[str]]] = {}
        self._core_default: frozenset[str] | None = None

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

    def in_core_default(self, command: str) -> bool:
        """Tell whether `core:default` allows a command, which every local page may then call.

        Tauri gives `core:default` by a capability, which every template has.
        """
        if self._core_default is None:
            self._core_default = frozenset(allowed for _, allowed in _rules(self.manifests, "core", "default"))
        return command_key(command) in self._core_default

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
    """Map the commands of one plugin, as far as they are known, to the permissions and sets that allow them."""
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
