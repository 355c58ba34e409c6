"""Why a call is refused, for people who write the application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..errors import ConfigError
from ._identifier import APP_ACL_KEY, PermissionIdentifier, command_key, parse_identifier, split_command
from ._label_glob import LabelGlob
from ._manifest import Manifest, find
from ._origin import Origin
from ._resolved import ResolvedCommand
from ._table import AccessTable

__all__ = ["explain", "manifest_key"]


def explain(
    table: AccessTable, manifests: Mapping[str, Manifest], command: str, window: str, webview: str, origin: Origin
) -> str:
    """Return the text of a refusal during development. Tauri: `resolve_access_message` of a debug build."""
    key, name = manifest_key(manifests, command)
    pretty = name if key == APP_ACL_KEY else f"{key.removeprefix('core:')}.{name}"
    denied = table.denying(command, window, webview, origin)
    if denied:
        return f"{pretty} explicitly denied on origin {origin}\n\nreferenced by: {_references(denied)}"
    elsewhere = table.allowed.get(command_key(command))
    if elsewhere:
        url = "local" if origin.url is None else origin.url
        return (
            f'{pretty} not allowed on window "{window}", webview "{webview}", URL: {url}\n\n'
            f"allowed on: {', '.join(map(_allowed_on, elsewhere))}\n\nreferenced by: {_references(elsewhere)}"
        )
    manifest = manifests.get(key)
    if manifest is None:
        return f"{pretty} not allowed. Plugin not found"
    associated = sorted(_associated(manifests, key, manifest, command))
    if not associated:
        return f"{pretty} not allowed. Command not found"
    return f"{pretty} not allowed. Permissions associated with this command: {', '.join(associated)}"


def manifest_key(manifests: Mapping[str, Manifest], command: str) -> tuple[str, str]:
    """Return the key of the manifest that a command belongs to, and the command's name in it."""
    plugin, name = split_command(command)
    if plugin is None:
        return APP_ACL_KEY, name
    return (f"core:{plugin}" if f"core:{plugin}" in manifests else plugin), name


def _associated(manifests: Mapping[str, Manifest], key: str, manifest: Manifest, command: str) -> Iterator[str]:
    """Yield the permissions and sets of a plugin that allow one of its commands."""
    wanted = command_key(command)
    slug = wanted.rpartition("|")[2] if key != APP_ACL_KEY else wanted
    for name in {"default", *manifest.sets, *manifest.permissions, f"allow-{slug}"}:
        try:
            identifier = parse_identifier(str(PermissionIdentifier(key, name)))
            members = list(find(manifests, identifier))
        except ConfigError:
            continue  # a page may ask for names that no permission can have
        if any(inner.command_key(name) == wanted for inner, member in members for name in member.commands.allow):
            yield str(identifier)


def _references(entries: Iterable[ResolvedCommand]) -> str:
    return " || ".join(f"capability: {entry.capability}, permission: {entry.permission}" for entry in entries)


def _allowed_on(entry: ResolvedCommand) -> str:
    url = "local" if entry.context is None else entry.context.pattern
    parts = [*_listed("windows", entry.windows), *_listed("webviews", entry.webviews), f"URL: {url}"]
    return f"[{', '.join(parts)}]"


def _listed(what: str, globs: tuple[LabelGlob, ...]) -> Iterator[str]:
    if globs:
        yield f"{what}: " + ", ".join(f'"{glob.pattern}"' for glob in globs)
