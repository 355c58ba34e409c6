"""The access control list: deny by default; a call needs a grant, and only a decision of `RuntimeAuthority` brings one."""

from ._authority import RuntimeAuthority
from ._caller import Caller
from ._capability import Capability, CapabilityBuilder, CapabilityRemote, PermissionEntry, RuntimeCapability
from ._decision import Decision, Reason
from ._grant import Grant
from ._identifier import APP_ACL_KEY, split_command
from ._manifest import Commands, Permission, Scopes
from ._official import OFFICIAL_PLUGINS
from ._origin import Origin
from ._path_scope import MAX_PATH_BYTES, PathScope
from ._resolved import ResolvedCommand
from ._scope import CommandScope, GlobalScope, ScopeObject, ScopeObjectMatch, ScopeValue

__all__ = [
    "APP_ACL_KEY",
    "MAX_PATH_BYTES",
    "OFFICIAL_PLUGINS",
    "Caller",
    "Capability",
    "CapabilityBuilder",
    "CapabilityRemote",
    "CommandScope",
    "Commands",
    "Decision",
    "GlobalScope",
    "Grant",
    "Origin",
    "PathScope",
    "Permission",
    "PermissionEntry",
    "Reason",
    "ResolvedCommand",
    "RuntimeAuthority",
    "RuntimeCapability",
    "ScopeObject",
    "ScopeObjectMatch",
    "ScopeValue",
    "Scopes",
    "split_command",
]
