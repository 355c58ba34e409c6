"""`transom acl schemas`: a JSON Schema of capability files, by which editors complete and check them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

import msgspec

from ...acl import APP_ACL_KEY, PLATFORMS, Manifest
from ._project import Project

__all__ = ["schema_of", "write_schemas"]

# Tauri: the name that `$schema` of capability files has, as its templates write it.
_FILE = "gen/schemas/desktop-schema.json"


def write_schemas(project: Project, out: TextIO) -> int:
    """Write the schema where `"$schema": "../gen/schemas/desktop-schema.json"` expects it, and return 0.

    Args:
        project: The project.
        out: Where to print.
    """
    path: Path = project.config.folder / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(schema_of(project)), indent=2) + b"\n")
    print(f'wrote {path}; begin capability files with "$schema": "../{_FILE}"', file=out)
    return 0


def schema_of(project: Project) -> dict[str, Any]:
    """Return the JSON Schema of the project's capability files, with every permission that its application has."""
    texts = {"type": "array", "items": {"type": "string"}}
    known = [
        {"const": name, "description": description}
        for key, manifest in sorted(project.authority.manifests.items())
        for name, description in _permissions(key, manifest)
    ]
    identifier = {"type": "string", "anyOf": [*known, {"pattern": "^[A-Za-z0-9:-]+$"}]}
    scoped = {
        "type": "object",
        "required": ["identifier"],
        "properties": {"identifier": identifier, "allow": {"type": "array"}, "deny": {"type": "array"}},
    }
    capability = {
        "type": "object",
        "required": ["identifier", "permissions"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string"},
            "identifier": {"type": "string", "description": "A name for people and for refusals."},
            "description": {"type": "string"},
            "local": {"type": "boolean", "default": True, "description": "Whether it is for the application's pages."},
            "remote": {"type": "object", "required": ["urls"], "properties": {"urls": texts}},
            "windows": {**texts, "description": "Globs over labels of windows; every webview in them counts."},
            "webviews": {**texts, "description": "Globs over labels of webviews."},
            "permissions": {"type": "array", "items": {"anyOf": [identifier, scoped]}},
            "platforms": {"type": "array", "items": {"enum": list(PLATFORMS)}},
            "roles": {**texts, "description": "Roles of a server's users; without it, it is for all users."},
        },
    }
    several = {"type": "array", "items": capability}
    named = {"type": "object", "required": ["capabilities"], "properties": {"capabilities": several}}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "anyOf": [capability, several, named]}


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
