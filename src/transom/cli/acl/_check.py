"""`transom acl check`: what is wrong, useless or wider than it looks in the capabilities of a project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from ...acl import APP_ACL_KEY, LabelGlob, PermissionEntry, Resolved, command_key
from ...project import CapabilitySource
from ._project import Project

__all__ = ["check"]

# Patterns that leave out next to nothing.
_WIDE_PATHS = frozenset({"**", "/**", "/**/*", "$HOME/**", "$HOME/**/*", "C:/**", "C:\\**"})
_WIDE_URLS = frozenset({"*", "**", "*://*", "*://*:*", "http://*", "https://*", "http://**", "https://**", "http*://*"})


def check(project: Project, out: TextIO, *, as_json: bool = False) -> int:
    """Print a line for everything that an author should look at, and return the exit status: 0, because the files are valid.

    Args:
        project: The project.
        out: Where to print.
        as_json: Print one JSON object, for programs: `warnings`, a list of texts, and the program that names the plugins.
    """
    warnings = [*project.access.notes, *_warnings(project)]
    if as_json:
        program = str(project.script) if project.script else None
        print(msgspec.json.encode({"warnings": warnings, "program": program}).decode(), file=out)
        return 0
    for warning in warnings:
        print(f"warning: {warning}", file=out)
    capabilities, permissions = len(project.access.capabilities), len(project.access.permissions)
    counted = f"{_number(capabilities, 'capability', 'capabilities')}, {_number(permissions, 'own permission')}"
    basis = f"the plugins of {project.script}" if project.script else "all plugins of transom (no --app)"
    print(f"valid: {counted}, checked with {basis}; {_number(len(warnings), 'warning')}", file=out)
    return 0


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _warnings(project: Project) -> Iterator[str]:
    if not project.access.capabilities:
        yield "the project has no capability, so local pages may call the commands of `core:default`"
    for source, resolved in project.resolved:
        where = source.where_in(project.access.folder)
        for place, text in [*_of_callers(project, source), *_of_permissions(source, resolved)]:
            yield f"{where(place)}: `{source.capability.identifier}`: {text}"
    yield from _unused(project)
    yield from _without_permission(project)


Found = Iterator[tuple[tuple[str | int, ...], str]]


def _of_callers(project: Project, source: CapabilitySource) -> Found:
    capability = source.capability
    globs = [*capability.windows, *capability.webviews]
    if not globs:
        yield ("windows",), 'it has no `windows` and no `webviews`, so it allows nothing; write for example ["main"]'
    elif project.labels and not any(LabelGlob(glob).matches(label) for glob in globs for label in project.labels):
        yield (
            ("windows",),
            (
                f"no window of the configuration has a label for it ({', '.join(project.labels)}); "
                "that is right only for windows that are made later"
            ),
        )
    for index, url in enumerate(capability.remote.urls if capability.remote else ()):
        if url in _WIDE_URLS:
            yield ("remote", "urls", index), f"`{url}` covers every site of the internet"
    if capability.remote and "*" in globs:
        yield ("windows",), "remote pages get its permissions in every window; name the windows"


def _of_permissions(source: CapabilitySource, resolved: Resolved) -> Found:
    for permission in resolved.unavailable:
        yield ("permissions",), f"`{permission}` grants nothing, because the application has no such plugin or command"
    seen: set[str] = set()
    for index, entry in enumerate(source.capability.permissions):
        if isinstance(entry, str):
            if entry in seen:
                yield ("permissions", index), f"`{entry}` is listed twice"
            seen.add(entry)
        else:
            for text in _of_scope(entry):
                yield ("permissions", index), text


def _of_scope(entry: PermissionEntry) -> Iterator[str]:
    for value in entry.allow or ():
        for pattern in _patterns(value):
            if pattern in _WIDE_PATHS or pattern in _WIDE_URLS:
                yield f"the scope of `{entry.identifier}` allows `{pattern}`, which leaves out next to nothing"


def _patterns(value: Any) -> list[str]:
    found = [value.get("path"), value.get("url")] if isinstance(value, dict) else [value]
    return [pattern for pattern in found if isinstance(pattern, str)]


def _unused(project: Project) -> Iterator[str]:
    """Yield the application's own permissions that no capability uses."""
    used = {entry.permission for _, resolved in project.resolved for entry in (*resolved.allowed, *resolved.denied)}
    scopes = {key for _, resolved in project.resolved for key, _ in resolved.global_scope}
    for permission in project.access.permissions:
        has_commands = bool(permission.commands.allow or permission.commands.deny)
        if permission.identifier not in used and (has_commands or APP_ACL_KEY not in scopes):
            yield f"permissions: no capability uses `{permission.identifier}`"


def _without_permission(project: Project) -> Iterator[str]:
    """Yield the application's own commands that no page may call, although its commands need a permission."""
    if project.own_commands_are_free:
        return
    allowed = {entry.key for _, resolved in project.resolved for entry in resolved.allowed}
    for command in project.own_commands():
        if command_key(command) not in allowed:
            name = command.replace("_", "-")
            yield f"no capability allows the command `{command}`, so no page may call it; add `allow-{name}` to one"
