"""Which permissions there are: identifiers, the manifests of plugins and of the application, and permission files."""

from ._core_commands import CORE_COMMANDS
from ._fault import Fault, fault_of
from ._identifier import APP_ACL_KEY, PermissionIdentifier, command_key, parse_identifier, split_command
from ._manifest import Commands, Manifest, Permission, Scopes, core_manifests, find, why_missing, with_manifest
from ._official import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from ._permission_file import PermissionFile, read_permissions

__all__ = [
    "APP_ACL_KEY",
    "CORE_COMMANDS",
    "OFFICIAL_PLUGINS",
    "WITHOUT_PACKAGE",
    "Commands",
    "Fault",
    "Manifest",
    "Permission",
    "PermissionFile",
    "PermissionIdentifier",
    "Scopes",
    "command_key",
    "core_manifests",
    "fault_of",
    "find",
    "parse_identifier",
    "read_permissions",
    "split_command",
    "why_missing",
    "with_manifest",
]
