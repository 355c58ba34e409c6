"""The access control list: deny by default; a call needs a grant, and only a decision of `RuntimeAuthority` brings one."""

from ._authority import RuntimeAuthority
from ._caller import Caller
from ._capability import (
    Capability,
    CapabilityBuilder,
    CapabilityRemote,
    PermissionEntry,
    RuntimeCapability,
    capabilities_in,
    capability_of,
)
from ._decision import Decision, Reason
from ._grant import Grant
from ._machine import acts_on_machine
from ._origin import Origin
from ._recording import RecordedCall, RecordingAuthority
from ._report import report_of
from ._resolved import PLATFORMS, Resolved, ResolvedCommand, ResolvedScope, resolve
from ._scope import CommandScope, GlobalScope, ScopeObject, ScopeObjectMatch, ScopeValue
from ._user import User
from ._users_authority import UsersAuthority
from .manifests import (
    APP_ACL_KEY,
    OFFICIAL_PLUGINS,
    WITHOUT_PACKAGE,
    Commands,
    Fault,
    Manifest,
    Permission,
    PermissionFile,
    Scopes,
    command_key,
    parse_identifier,
    read_permissions,
    split_command,
)
from .manifests import find as find_permissions
from .patterns import MAX_PATH_BYTES, LabelGlob, PathScope, RemoteUrlPattern

__all__ = [
    "APP_ACL_KEY",
    "MAX_PATH_BYTES",
    "OFFICIAL_PLUGINS",
    "PLATFORMS",
    "WITHOUT_PACKAGE",
    "Caller",
    "Capability",
    "CapabilityBuilder",
    "CapabilityRemote",
    "CommandScope",
    "Commands",
    "Decision",
    "Fault",
    "GlobalScope",
    "Grant",
    "LabelGlob",
    "Manifest",
    "Origin",
    "PathScope",
    "Permission",
    "PermissionEntry",
    "PermissionFile",
    "Reason",
    "RecordedCall",
    "RecordingAuthority",
    "RemoteUrlPattern",
    "Resolved",
    "ResolvedCommand",
    "ResolvedScope",
    "RuntimeAuthority",
    "RuntimeCapability",
    "ScopeObject",
    "ScopeObjectMatch",
    "ScopeValue",
    "Scopes",
    "User",
    "UsersAuthority",
    "acts_on_machine",
    "capabilities_in",
    "capability_of",
    "command_key",
    "find_permissions",
    "parse_identifier",
    "read_permissions",
    "report_of",
    "resolve",
    "split_command",
]
