"""`transom capability` and `transom permission`: edit the capability files of a project, as Tauri's verbs of these names do."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...errors import ConfigError
from ...project import load_config, read_capability_file
from ..acl import check_permission, load_project

__all__ = ["add_permission", "list_permissions", "new_capability", "remove_permission"]

_IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def new_capability(
    folder: Path, identifier: str, windows: Sequence[str], permissions: Sequence[str], description: str
) -> Path:
    """Write a capability file and return its path.

    Args:
        folder: The project's folder.
        identifier: Its name, and that of the file.
        windows: Labels of windows, or globs over them.
        permissions: Identifiers of permissions.
        description: For people.

    Raises:
        ConfigError: The name is invalid or taken, or a permission does not exist.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        raise ConfigError(
            f"{identifier!r} cannot name a capability: use lower-case letters, digits and hyphens, such as `read-files`"
        )
    file = load_config(folder).folder / "capabilities" / f"{identifier}.json"
    if file.exists():
        raise ConfigError(f"{file} exists; `transom permission add PERMISSION {identifier}` adds to it")
    value = {
        "identifier": identifier,
        **({"description": description} if description else {}),
        "windows": list(windows),
        "permissions": list(permissions),
    }
    _write_checked(folder, file, json.dumps(value, indent=2) + "\n")
    return file


def list_permissions(folder: Path, app: Path | None, plugin: str | None) -> list[str]:
    """Return the permissions that capabilities may name, sorted.

    Args:
        folder: The project's folder.
        app: The program that runs the application; `None` for `app.py`.
        plugin: Only those of this plugin, such as `fs` or `core:window`; `None` for all.
    """
    found = []
    for key, manifest in load_project(folder, app).authority.manifests.items():
        if plugin is not None and plugin not in (key, key.removeprefix("core:")):
            continue
        prefix = "" if key.startswith("__") else f"{key}:"
        names = [f"{verb}-{name.replace('_', '-')}" for name in manifest.commands or () for verb in ("allow", "deny")]
        if manifest.default:
            names.append("default")
        found += [prefix + name for name in (*names, *manifest.sets, *manifest.permissions)]
    if not found and plugin is not None:
        raise ConfigError(f"the application has no plugin {plugin!r}; `transom plugin list` names the official ones")
    return sorted(set(found))


def add_permission(folder: Path, permission: str, capability: str | None, *, check: bool = True) -> list[Path]:
    """Add a permission to a capability file; return the files that were changed: none when it has the permission.

    Args:
        folder: The project's folder.
        permission: Its identifier.
        capability: The identifier of the capability; `None` for the only one that there is.
        check: Refuse a permission that the application does not have.

    Raises:
        ConfigError: There is no such capability or permission, or its file is not plain JSON.
    """
    if check:
        check_permission(load_project(folder, None), permission)
    files = _files(folder, capability)
    if capability is None and len(files) > 1:
        names = ", ".join(sorted(files))
        raise ConfigError(f"the project has several capabilities; name one of {names}")
    changed = []
    for file, value in files.values():
        if permission in map(_name_of, value["permissions"]):
            continue
        value["permissions"].append(permission)
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        if check:
            _write_checked(folder, file, text)
        else:
            _write(file, text)
        changed.append(file)
    return changed


def remove_permission(folder: Path, permission: str, capability: str | None) -> list[Path]:
    """Take a permission out of a capability file, or of all of them; return the files that were changed.

    Args:
        folder: The project's folder.
        permission: Its identifier.
        capability: The identifier of the capability; `None` for all.

    Raises:
        ConfigError: There is no such capability, none has the permission, or a file is not plain JSON.
    """
    changed = []
    for file, value in _files(folder, capability).values():
        left = [entry for entry in value["permissions"] if _name_of(entry) != permission]
        if len(left) < len(value["permissions"]):
            value["permissions"] = left
            _write_checked(folder, file, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
            changed.append(file)
    if not changed:
        raise ConfigError(f"no capability has the permission {permission}; is it written as in the file?")
    return changed


def _files(folder: Path, capability: str | None) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return capability files with one capability each, by its identifier."""
    place = load_config(folder).folder / "capabilities"
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for file in sorted(place.glob("*")):
        if file.suffix not in (".json", ".json5", ".toml"):
            continue
        sources = read_capability_file(file)
        names = [source.capability.identifier for source in sources]
        if capability is not None and capability not in names:
            continue
        try:
            value = json.loads(file.read_text("utf-8"))
        except ValueError:
            value = None
        if not isinstance(value, dict) or len(names) != 1:
            raise ConfigError(f"{file} has comments, several capabilities or another format than JSON; edit it by hand")
        found[names[0]] = file, value
    if not found:
        what = "no capability" if capability is None else f"no capability {capability!r}"
        raise ConfigError(f"{place} has {what}; `transom capability new NAME` makes one")
    return found


def _name_of(entry: Any) -> Any:
    return entry.get("identifier") if isinstance(entry, dict) else entry


def _write_checked(folder: Path, file: Path, text: str) -> None:
    """Write a capability file, and undo that if the project would be wrong with it."""
    before = file.read_text("utf-8") if file.exists() else None
    _write(file, text)
    try:
        load_project(folder, None)
    except BaseException:  # also when the author interrupts it, as it runs the program
        if before is None:
            file.unlink()
        else:
            file.write_text(before, "utf-8")
        raise


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from None
