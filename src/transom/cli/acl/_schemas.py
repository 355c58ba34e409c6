"""`transom acl schemas`: JSON Schemas of capability and permission files, by which editors complete and check them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TextIO

import msgspec

from ...acl import APP_ACL_KEY, PLATFORMS, Manifest
from ...errors import ConfigError
from ._project import Project

__all__ = ["permission_schema_of", "schema_of", "write_schemas"]

# Tauri: what `$schema` of capability files names, as its templates write it, and the same for each system.
_CAPABILITIES = "gen/schemas/desktop-schema.json"
_OF_SYSTEM = "gen/schemas/{}-schema.json"
# Tauri: what `$schema` of permission files names.
_PERMISSIONS = "permissions/schemas/schema.json"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TEXTS = {"type": "array", "items": {"type": "string"}}


def write_schemas(project: Project, out: TextIO) -> int:
    """Write the schemas where the files' `$schema` expects them, and return 0.

    Args:
        project: The project.
        out: Where to print.

    Raises:
        ConfigError: A file cannot be written.
    """
    capabilities, folder = schema_of(project), project.config.folder
    names = [_CAPABILITIES, *(_OF_SYSTEM.format(system) for system in PLATFORMS)]
    for name, schema in (*((name, capabilities) for name in names), (_PERMISSIONS, permission_schema_of(project))):
        path: Path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n")
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    print(f'wrote {folder / _CAPABILITIES}; begin capability files with "$schema": "../{_CAPABILITIES}"', file=out)
    print(f'wrote {folder / _PERMISSIONS}; begin permission files with "$schema" = "schemas/schema.json"', file=out)
    return 0


def schema_of(project: Project) -> dict[str, Any]:
    """Return the JSON Schema of the project's capability files, with every permission that its application has."""
    identifier = {"type": "string", "anyOf": [*_known(project), *_unknown(project)]}
    values = {"type": "array"}
    scoped = _object(("identifier",), {"identifier": identifier, "allow": values, "deny": values})
    capability = {
        "type": "object",
        "required": ["identifier", "permissions"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string"},
            "identifier": {"type": "string", "description": "A name for people and for refusals."},
            "description": {"type": "string"},
            "local": {"type": "boolean", "default": True, "description": "Whether it is for the application's pages."},
            "remote": {"type": "object", "required": ["urls"], "properties": {"urls": _TEXTS}},
            "windows": {**_TEXTS, "description": "Globs over labels of windows; every webview in them counts."},
            "webviews": {**_TEXTS, "description": "Globs over labels of webviews."},
            "permissions": {"type": "array", "items": {"anyOf": [identifier, scoped]}},
            "platforms": {"type": "array", "items": {"enum": list(PLATFORMS)}},
            "roles": {**_TEXTS, "description": "Roles of a server's users; without it, it is for all users."},
        },
    }
    several = {"type": "array", "items": capability}
    named = {"type": "object", "required": ["capabilities"], "properties": {"capabilities": several}}
    return {"$schema": _DRAFT, "anyOf": [capability, several, named]}


def permission_schema_of(project: Project) -> dict[str, Any]:
    """Return the JSON Schema of the project's permission files, with the application's commands."""
    own = project.authority.manifests.get(APP_ACL_KEY)
    commands = _TEXTS if own is None or own.commands is None else _array({"enum": sorted(own.commands)})
    described = {
        "identifier": {"type": "string", "pattern": "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$"},
        "description": {"type": "string"},
    }
    version = {"type": "integer", "minimum": 1}
    permission = _object(
        ("identifier",),
        {
            "version": version,
            **described,
            "commands": _object((), {"allow": commands, "deny": commands}),
            "scope": _object((), {"allow": {"type": "array"}, "deny": {"type": "array"}}),
            "platforms": _array({"enum": list(PLATFORMS)}),
        },
    )
    default = _object((), {"version": version, "description": {"type": "string"}, "permissions": _TEXTS})
    several = _object(("identifier", "permissions"), {**described, "permissions": _TEXTS})
    tables = {
        "$schema": {"type": "string"},
        "default": default,
        "set": _array(several),
        "permission": _array(permission),
    }
    return {"$schema": _DRAFT, **_object((), tables)}


def _object(required: tuple[str, ...], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "additionalProperties": False, "properties": properties}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _known(project: Project) -> list[dict[str, str]]:
    return [
        {"const": name, "description": description}
        for key, manifest in sorted(project.authority.manifests.items())
        for name, description in _permissions(key, manifest)
    ]


def _unknown(project: Project) -> list[dict[str, str]]:
    """Return the schemas of identifiers that may be permissions: of plugins without a list, or that are not there."""
    manifests = project.authority.manifests
    plugins = "|".join(sorted({re.escape(key.partition(":")[0]) for key in manifests if key != APP_ACL_KEY}))
    found = [
        {
            "pattern": f"^(?!({plugins}):)[A-Za-z0-9][A-Za-z0-9-]*:[A-Za-z0-9-]+$",
            "description": "A permission of a plugin that the application does not have; it grants nothing.",
        }
    ]
    for key, manifest in sorted(manifests.items()):
        if manifest.commands is None:
            prefix = "" if key == APP_ACL_KEY else f"{re.escape(key)}:"
            found.append({"pattern": f"^{prefix}(allow|deny)-[A-Za-z0-9-]+$", "description": f"A command of {key}."})
    return found


def _permissions(key: str, manifest: Manifest) -> list[tuple[str, str]]:
    prefix = "" if key == APP_ACL_KEY else f"{key}:"
    found = [(f"{prefix}default", f"The default permissions: {', '.join(manifest.default) or 'none'}.")]
    found += [(prefix + name, f"The permissions {', '.join(members)}.") for name, members in manifest.sets.items()]
    found += [(prefix + name, each.description) for name, each in manifest.permissions.items()]
    for command in manifest.commands or ():
        slug = command.replace("_", "-")
        # Tauri: the descriptions of the permissions that its build makes.
        found.append((f"{prefix}allow-{slug}", f"Enables the {command} command without any pre-configured scope."))
        found.append((f"{prefix}deny-{slug}", f"Denies the {command} command without any pre-configured scope."))
    return found
