"""The decision over one call, from what the runtime knows of the caller."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from ..errors import ConfigError, NotAllowed
from ._capability import Capability, RuntimeCapability, read_capabilities
from ._explain import explain, manifest_key
from ._grant import Grant
from ._manifest import ALWAYS_GRANTED, Manifest, Permission, core_manifests, with_manifest
from ._origin import Origin
from ._resolved import PLATFORMS, ResolvedCommand, ResolvedScope, resolve
from ._table import AccessTable

__all__ = ["RuntimeAuthority"]

_ALWAYS_GRANTED = frozenset(
    f"plugin:{plugin.removeprefix('core:')}|{command}"
    for plugin, commands in ALWAYS_GRANTED.items()
    for command in commands
)

# Tauri: every other system counts as Linux.
_PLATFORM_OF_SYSTEM = {"darwin": "macOS", "win32": "windows", "android": "android", "ios": "iOS"}


class RuntimeAuthority:
    """Decides over every call; what it does not allow is refused. Tauri: `ipc::RuntimeAuthority`.

    | caller | command | may call it |
    |---|---|---|
    | a local page | the application's own, and those that events and resources need | unless a capability denies it |
    | a local page | any other | when a capability allows it, and none denies it |
    | a remote page | any | when a capability allows it for the page's address, and none denies it |

    A deny counts before any allow, in whatever order capabilities come, for the callers that its capability names
    (`ResolvedCommand.denies` says where this differs from Tauri).

    `authorize` and `resolve_access` may be called from any thread at any time. `declare` and `add_capability` too, but from
    one at a time: the room knows no locks, so whoever lets several threads call them brings one.

    Args:
        development: Say in refusals which capabilities and permissions there are, as Tauri's debug builds do; pages see it.
        platform: Tauri's name of the system whose capabilities count; `None` for this one's.

    Raises:
        ConfigError: No platform has this name.
    """

    def __init__(self, *, development: bool = False, platform: str | None = None) -> None:
        if platform is not None and platform not in PLATFORMS:
            raise ConfigError(f"unknown platform {platform}; they are {', '.join(PLATFORMS)}")
        self._development = development
        self._platform = platform or _PLATFORM_OF_SYSTEM.get(sys.platform, "linux")
        self._manifests = core_manifests()
        self._table = AccessTable({}, {}, {})

    def declare(
        self,
        plugin: str,
        *,
        commands: Iterable[str] | None = None,
        default: Iterable[str] = (),
        sets: Mapping[str, Sequence[str]] | None = None,
        permissions: Iterable[Permission] = (),
    ) -> None:
        """Say what permissions a plugin has, before capabilities name them.

        Args:
            plugin: Its name, `core:<name>` for a core plugin, `APP_ACL_KEY` for the application itself.
            commands: Its commands' names: each has a permission `allow-<command>` and `deny-<command>`, with `-` for `_`, and
                any other such name is an error. `None` when they are not known: every such name is a permission.
            default: What its `default` set gives: identifiers, without a prefix when they are its own.
            sets: What other sets give, by their names.
            permissions: Permissions with names of their own.

        Raises:
            ConfigError: It is declared already, or a name is not an identifier.
        """
        manifest = Manifest(
            commands=None if commands is None else tuple(commands),
            default=tuple(default),
            sets={name: tuple(members) for name, members in (sets or {}).items()},
            permissions={permission.identifier: permission for permission in permissions},
        )
        self._manifests = with_manifest(self._manifests, plugin, manifest)

    def add_capability(self, capability: RuntimeCapability | Capability | str) -> None:
        """Add a capability; it counts from the next call on.

        An added capability takes no right away, except by a permission that denies. So a scope on one of the application's
        own commands narrows it for those callers that the capability names; the others may call it as before, without one.

        Args:
            capability: One, or something that builds one; or a text in the format of a capability file, with any number.

        Raises:
            ConfigError: Something in it cannot be understood; nothing of it was added then.
        """
        if isinstance(capability, str):
            added = read_capabilities(capability)
        else:
            added = (capability if isinstance(capability, Capability) else capability.build(),)
        table = self._table
        for one in added:
            table = table.extended(resolve(one, self._manifests, self._platform))
        self._table = table

    def resolve_access(
        self, command: str, window: str, webview: str, origin: Origin
    ) -> tuple[ResolvedCommand, ...] | None:
        """Return the entries that allow a call.

        Args:
            command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
            window: Label of the calling webview's window.
            webview: Label of the calling webview.
            origin: Where its page comes from, as the runtime reports it.

        Returns:
            The entries, none for a call that needs no permission; `None` when the call is refused.
        """
        return _access(self._table, command, window, webview, origin)

    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        """Return the grant for a call.

        Args:
            command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
            window: Label of the calling webview's window.
            webview: Label of the calling webview.
            origin: Where its page comes from, as the runtime reports it.

        Raises:
            NotAllowed: The caller may not; the text names command, caller and rule.
        """
        table = self._table
        grant = table.remembered(command, window, webview, origin)
        if grant is not None:
            return grant
        entries = _access(table, command, window, webview, origin)
        if entries is None:
            raise NotAllowed(self._refusal(table, command, window, webview, origin))
        key, _ = manifest_key(self._manifests, command)
        scopes = [entry.scope for entry in entries if entry.scope]
        wide = table.global_scope.get(key)
        grant = Grant(
            command, webview, ResolvedScope(scopes) if scopes else None, ResolvedScope(wide) if wide else None
        )
        return table.remember(grant, window, origin)

    def _refusal(self, table: AccessTable, command: str, window: str, webview: str, origin: Origin) -> str:
        if self._development:
            return explain(table, self._manifests, command, window, webview, origin)
        if table.denying(command, window, webview, origin):
            hint = f"a capability denies it to webview {webview!r}"
        elif origin.url is not None:
            hint = (
                f"the page in webview {webview!r} is of the remote origin {origin.url}, and no capability gives it "
                "this command"
            )
        else:
            hint = f"webview {webview!r} has no permission for it"
        # Tauri: a release build says the first half; front ends match on it.
        return f"Command {command} not allowed by ACL: {hint}"


def _access(
    table: AccessTable, command: str, window: str, webview: str, origin: Origin
) -> tuple[ResolvedCommand, ...] | None:
    if table.denying(command, window, webview, origin):
        return None
    entries = table.allowing(command, window, webview, origin)
    needs_none = origin.url is None and (not command.startswith("plugin:") or command in _ALWAYS_GRANTED)
    return entries if entries or needs_none else None
