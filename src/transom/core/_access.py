"""The authority of an application, with everything that its plugins, its code and its files say about permissions."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec

from ..acl import APP_ACL_KEY, Manifest, RecordingAuthority, RuntimeAuthority
from ..commands import CommandSet
from ..project import config_error, read_capability_file
from ._parts import AppParts
from ._plugin import access_of

__all__ = ["DESCRIBE", "RECORD", "AccessDescription", "add_capability_file", "authority_of", "write_recording"]

DESCRIBE = "TRANSOM_ACL_DESCRIBE"
"""Names a file for the permissions that the application declares; it then ends. During development only."""
RECORD = "TRANSOM_ACL_RECORD"
"""Names a file for what local pages call, all of which is allowed. During development only."""

_log = logging.getLogger("transom")


class AccessDescription(msgspec.Struct, frozen=True):
    """The permissions that an application declares.

    Attributes:
        manifests: Those of its plugins and its own, by key.
        has_app_acl: Whether its own commands need a permission.
    """

    manifests: dict[str, Manifest]
    has_app_acl: bool


def authority_of(parts: AppParts) -> RuntimeAuthority:
    """Return the authority over the calls of an application.

    A warning names what the files ask for and the application does not have.

    Args:
        parts: The application's parts.

    Raises:
        ConfigError: The permissions of a plugin or a capability of the project's files are wrong; the text names every
            file, line and field.
    """
    access = parts.access
    records = parts.development and RECORD in os.environ
    authority = (RecordingAuthority if records else RuntimeAuthority)(
        development=parts.development,
        core_default=not access.capabilities,
        has_app_acl=parts.strict_permissions or access.has_app_acl,
    )
    for plugin in parts.core_plugins:
        authority.declare(f"core:{plugin.name}", **access_of(plugin))
    for plugin in parts.plugins:
        authority.declare(plugin.name, **access_of(plugin))
    sets = [handler for handler in parts.handlers if isinstance(handler, CommandSet)]
    known = bool(sets) and len(sets) == len(parts.handlers)  # what another handler answers is not known
    authority.declare(
        APP_ACL_KEY,
        commands=[name for handler in sets for name in handler.names] if known else None,
        default=access.default,
        sets=access.sets,
        permissions=access.permissions,
    )
    if parts.development and DESCRIBE in os.environ:
        has_app_acl = parts.strict_permissions or access.has_app_acl
        description = AccessDescription(manifests=dict(authority.manifests), has_app_acl=has_app_acl)
        Path(os.environ[DESCRIBE]).write_bytes(msgspec.json.encode(description))
        raise SystemExit(0)
    _load(authority, parts)
    return authority


def add_capability_file(authority: RuntimeAuthority, path: Path) -> None:
    """Add the capabilities of a file while the application runs.

    Raises:
        ConfigError: The file is wrong, or names permissions that do not exist; nothing was added.
    """
    sources = read_capability_file(path)
    faults = [line for source in sources for line in source.problems(authority.faults(source.capability))]
    if faults:
        raise config_error(faults)
    for source in sources:
        authority.load(source.capability, source.where_in(None))


def write_recording(authority: RuntimeAuthority) -> None:
    """Write what an authority has recorded, if it does, to the file that the environment variable names."""
    if isinstance(authority, RecordingAuthority):
        Path(os.environ[RECORD]).write_bytes(msgspec.json.encode(authority.calls))


def _load(authority: RuntimeAuthority, parts: AppParts) -> None:
    access = parts.access
    faults: list[tuple[str, int, str]] = []
    notes = [*access.notes]
    unavailable: dict[str, list[str]] = {}  # by file
    for source in access.capabilities:
        resolved = authority.load(source.capability, source.where_in(access.folder))
        faults += source.problems(resolved.faults)
        known = {permission for permissions in unavailable.values() for permission in permissions}
        new = [permission for permission in resolved.unavailable if permission not in known]
        if new:
            unavailable.setdefault(source.document.file, []).extend(new)
    if faults:
        raise config_error(faults)
    if unavailable:
        added = {"core", *(plugin.name for plugin in parts.plugins)}
        notes += _without_effect(unavailable, added)
    if notes:
        _log.warning("%s", "\n".join(notes))


def _without_effect(unavailable: dict[str, list[str]], added: set[str]) -> list[str]:
    """Say which permissions grant nothing, and why."""
    found = {
        "the plugin does not have the command": list[str](),
        "the plugin is not added; add it with Builder.plugin, if transom has it": [],
    }
    for file, permissions in unavailable.items():
        for permission in permissions:
            why = list(found)[permission.partition(":")[0] not in added]
            found[why].append(f"{permission} (in {file})")
    return [
        f"these permissions grant nothing, because {why}: {', '.join(which)}" for why, which in found.items() if which
    ]
