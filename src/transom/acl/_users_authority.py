"""The authority over the calls of a server's users: their roles count, and the machine is closed to them."""

from __future__ import annotations

from collections.abc import Iterable

from ._authority import RuntimeAuthority
from ._capability import Capability
from ._decision import Decision
from ._declared import Declared
from ._grant import Grant
from ._machine import acts_on_machine
from ._origin import Origin
from ._resolved import ResolvedCommand, resolve
from ._table import AccessTable
from .manifests import Manifest

__all__ = ["UsersAuthority"]


class UsersAuthority(RuntimeAuthority):
    """Decides about the calls of users with certain roles, by the declarations and capabilities of another authority.

    | capability | grants |
    |---|---|
    | without `roles` | what it says, but for commands that act on the machine (`acts_on_machine`) |
    | with `roles`, of which the user has one | all that it says |
    | with `roles`, of which the user has none | nothing, and denies nothing |

    Args:
        of: The application's authority. What is added to it later counts here as well.
        roles: The user's roles.
    """

    def __init__(self, of: RuntimeAuthority, roles: Iterable[str]) -> None:
        super().__init__(development=of.development, platform=of.platform)
        self._of = of
        self._roles = frozenset(roles)
        self._read()

    def _read(self) -> None:
        of = self._of
        self.version = of.version
        there = of.declared
        self._declared = _ServerDeclared(
            there.manifests, core_default=there.core_default, has_app_acl=there.has_app_acl
        )
        table = AccessTable({}, {}, {})
        known = [each for each in of.capabilities if self._has_role_of(each.capability)]
        for each in known:
            resolved = resolve(each.capability, of.manifests, self.platform, tolerant=True)
            if each.capability.roles is None:
                resolved = resolved._replace(allowed=tuple(filter(_is_of_session, resolved.allowed)))
            table = table.extended(resolved)
        self._table, self._known = table, tuple(known)

    def _has_role_of(self, capability: Capability) -> bool:
        return capability.roles is None or not self._roles.isdisjoint(capability.roles)

    def explain(self, decision: Decision) -> str:
        """See `RuntimeAuthority.explain`."""
        text = super().explain(decision)
        if decision.grant is None and acts_on_machine(decision.command):
            text += (
                f"\n\n{decision.command} acts on the server's machine, which all users share: only a capability that names "
                'roles grants it, and the user has none of them; add `"roles": ["..."]` to one, and give the user that role'
            )
        return text

    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        """See `RuntimeAuthority.authorize`."""
        if self._of.version != self.version:
            self._read()
        return super().authorize(command, window, webview, origin)


class _ServerDeclared(Declared):
    """Declarations under which no command that acts on the machine is open to pages without a capability."""

    __slots__ = ()

    def is_open(self, command: str) -> bool:
        return super().is_open(command) and not acts_on_machine(command)

    def extended(self, plugin: str, manifest: Manifest) -> Declared:
        raise NotImplementedError("declare at the application's authority")


def _is_of_session(entry: ResolvedCommand) -> bool:
    return not acts_on_machine(entry.key)
