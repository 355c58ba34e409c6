"""Who may call and read what: deny by default; a call needs a grant, and only `RuntimeAuthority.authorize` makes one."""

from ._authority import RuntimeAuthority
from ._capability import Capability, CapabilityBuilder, CapabilityRemote, PermissionEntry, RuntimeCapability
from ._grant import Grant
from ._identifier import APP_ACL_KEY, split_command
from ._manifest import Commands, Permission, Scopes
from ._origin import Origin
from ._path_scope import PathScope
from ._resolved import ResolvedCommand
from ._scope import CommandScope, GlobalScope, ScopeObject, ScopeObjectMatch, ScopeValue

__all__ = [
    "APP_ACL_KEY",
    "Capability",
    "CapabilityBuilder",
    "CapabilityRemote",
    "CommandScope",
    "Commands",
    "GlobalScope",
    "Grant",
    "Origin",
    "PathScope",
    "Permission",
    "PermissionEntry",
    "ResolvedCommand",
    "RuntimeAuthority",
    "RuntimeCapability",
    "ScopeObject",
    "ScopeObjectMatch",
    "ScopeValue",
    "Scopes",
    "split_command",
]
