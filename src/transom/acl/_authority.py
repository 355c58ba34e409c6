"""The authority that decides about every call."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..errors import ConfigError, NotAllowed
from ._advice import KnownCapability, advise
from ._caller import Caller
from ._capability import Capability, RuntimeCapability, read_capabilities
from ._decision import Decision, decide
from ._declared import Declared
from ._explain import explain, summarize
from ._grant import Grant
from ._origin import Origin
from ._report import report_of
from ._resolved import PLATFORMS, Resolved, ResolvedCommand, resolve
from ._table import AccessTable
from .manifests import Fault, Manifest, Permission, core_manifests

__all__ = ["RuntimeAuthority"]

# Tauri: every other system counts as Linux.
_PLATFORM_OF_SYSTEM = {"darwin": "macOS", "win32": "windows", "android": "android", "ios": "iOS"}


class RuntimeAuthority:
    """Decides about every call; whatever it does not allow is refused. Tauri: `ipc::RuntimeAuthority`.

    | caller | command | may call it |
    |---|---|---|
    | a local page | the application's own, unless it has permissions for them | unless a capability denies it |
    | a local page | those of `core:default`, if the project has no capabilities | unless a capability denies it |
    | a local page | any other | when a capability allows it, and none denies it |
    | a remote page | any | when a capability allows it for the page's address, and none denies it |

    A deny takes precedence over every allow, regardless of the order of capabilities, for the callers that its capability
    names (`ResolvedCommand.denies` says where this differs from Tauri).

    `authorize`, `decide` and `resolve_access` may be called from any thread at any time. `declare`, `load` and
    `add_capability` may be called from any thread too, but not concurrently: nothing here takes a lock, so callers have to.

    Args:
        development: Name capabilities and permissions in refusals, as Tauri's debug builds do. Pages see these texts.
        platform: Tauri's name of the system whose capabilities count; `None` for the current system.
        core_default: Whether local pages have `core:default` without a capability.
        has_app_acl: Whether the application's own commands need a permission, as those of plugins do.

    Attributes:
        development: Whether refusals name capabilities and permissions.
        platform: Tauri's name of the system whose capabilities count.
        version: Counts the changes of what is declared and allowed.

    Raises:
        ConfigError: The platform is unknown.
    """

    def __init__(
        self,
        *,
        development: bool = False,
        platform: str | None = None,
        core_default: bool = True,
        has_app_acl: bool = False,
    ) -> None:
        if platform is not None and platform not in PLATFORMS:
            raise ConfigError(f"unknown platform {platform}; they are {', '.join(PLATFORMS)}")
        self.development = development
        self.version = 0
        self.platform = platform or _PLATFORM_OF_SYSTEM.get(sys.platform, "linux")
        self._declared = Declared(core_manifests(), core_default=core_default, has_app_acl=has_app_acl)
        self._table = AccessTable({}, {}, {})
        self._known: tuple[KnownCapability, ...] = ()

    @property
    def manifests(self) -> Mapping[str, Manifest]:
        """The declared manifests, by the key of the plugin."""
        return self._declared.manifests

    @property
    def declared(self) -> Declared:
        """The declared permissions, indexed by command."""
        return self._declared

    @property
    def capabilities(self) -> tuple[KnownCapability, ...]:
        """The capabilities, each with the place where it is written."""
        return self._known

    def declare(
        self,
        plugin: str,
        *,
        commands: Iterable[str] | None = None,
        default: Iterable[str] = (),
        sets: Mapping[str, Sequence[str]] | None = None,
        permissions: Iterable[Permission] = (),
        unavailable: Iterable[str] = (),
    ) -> None:
        """Declare the permissions of a plugin. Capabilities can name only declared permissions.

        Args:
            plugin: Its name, `core:<name>` for a core plugin, `APP_ACL_KEY` for the application itself.
            commands: The names of its commands. Each one has the permissions `allow-<command>` and `deny-<command>`, with
                `-` for `_`, and any other such name is an error. `None` if they are unknown: every such name is a permission.
            default: The identifiers in its `default` set; its own permissions need no prefix.
            sets: The identifiers in its other sets, by the set's name.
            permissions: Permissions that are not derived from a command.
            unavailable: Identifiers that Tauri's plugin has and this one does not; in a capability file they do nothing.

        Raises:
            ConfigError: The plugin is already declared, or a name is not an identifier.
        """
        manifest = Manifest(
            commands=None if commands is None else tuple(commands),
            default=tuple(default),
            sets={name: tuple(members) for name, members in (sets or {}).items()},
            permissions={permission.identifier: permission for permission in permissions},
            unavailable=tuple(unavailable),
        )
        self._declared = self._declared.extended(plugin, manifest)
        self.version += 1

    def add_capability(self, capability: RuntimeCapability | Capability | str) -> None:
        """Add a capability, which applies from the next call on.

        An added capability revokes nothing, except by a permission that denies. A scope on one of the application's own
        commands therefore narrows it only for the callers that the capability names; others call it without a scope.

        Args:
            capability: A capability, an object that builds one, or text in the format of a capability file, which may hold
                several.

        Raises:
            ConfigError: Part of it is invalid; then nothing was added.
        """
        if isinstance(capability, str):
            added = read_capabilities(capability)
        else:
            added = (capability if isinstance(capability, Capability) else capability.build(),)
        table = self._table
        for one in added:
            resolved = resolve(one, self._declared.manifests, self.platform)
            if resolved.faults:
                raise ConfigError("\n".join(f"capability `{one.identifier}`: {text}" for _, text in resolved.faults))
            table = table if one.roles is not None else table.extended(resolved)
        self._table = table
        self._known = (*self._known, *(KnownCapability(one, None) for one in added))
        self.version += 1

    def faults(self, capability: Capability) -> tuple[Fault, ...]:
        """Return why `add_capability` would refuse a capability; empty if it would not."""
        return resolve(capability, self._declared.manifests, self.platform).faults

    def load(self, capability: Capability, where: Callable[[tuple[str | int, ...]], str]) -> Resolved:
        """Add a capability of a project's files, which may name permissions of Tauri that the application cannot have.

        Args:
            capability: The capability.
            where: Returns file and line of a field by its place in the capability, for refusals in development.

        Returns:
            The resolved capability with its faults; if it has any, nothing was added.
        """
        resolved = resolve(capability, self._declared.manifests, self.platform, tolerant=True)
        if not resolved.faults:
            if capability.roles is None:
                self._table = self._table.extended(resolved)
            self._known = (*self._known, KnownCapability(capability, where))
            self.version += 1
        return resolved

    def explain(self, decision: Decision) -> str:
        """Return the text about a decision for people who develop the application.

        It begins with Tauri's text of a debug build. For a refusal, a paragraph follows that names the capability that came
        closest, why it did not apply, and the lines to add to which file.

        Args:
            decision: A decision of this authority.
        """
        advice = advise(decision, self._known, self._declared.manifests, self.platform)
        return f"{explain(decision)}\n\n{advice}" if advice else explain(decision)

    def decide(self, command: str, window: str, webview: str, origin: Origin) -> Decision:
        """Decide about a call, and say why.

        The answer is the one of `authorize`, in development and release alike.

        Args:
            command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
            window: Label of the calling webview's window.
            webview: Label of the calling webview.
            origin: Where its page comes from, as the runtime reports it.
        """
        return decide(self._table, self._declared, command, Caller(window, webview, origin))

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
            The entries, which are empty for a call that needs no permission; `None` if the call is refused.
        """
        decision = self.decide(command, window, webview, origin)
        return None if decision.grant is None else decision.entries

    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        """Return the grant for a call.

        Args:
            command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
            window: Label of the calling webview's window.
            webview: Label of the calling webview.
            origin: Where its page comes from, as the runtime reports it.

        Raises:
            NotAllowed: The call is refused; the text names the command and the reason.
        """
        table = self._table
        grant = table.remembered(command, window, webview, origin)
        if grant is not None:
            return grant
        caller = Caller(window, webview, origin)
        decision = decide(table, self._declared, command, caller)
        if decision.grant is None:
            text = self.explain(decision) if self.development else summarize(decision)
            raise NotAllowed(text, command=command, reason=decision.reason.value, details=report_of(decision))
        return table.remember(decision.grant, caller)
