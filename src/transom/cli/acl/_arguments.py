"""`transom acl explain --arg`: whether the scope of a call covers a file or an address that a page names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ...acl import CommandScope, GlobalScope, Grant, ResolvedScope, Scopes, split_command
from ...commands import ScopedPath, ScopedUrl
from ...errors import ConfigError, NotAllowed
from ...handles import PathResolver

if TYPE_CHECKING:
    from ._project import Project

__all__ = ["refusal_of"]

_SCOPED = frozenset({"fs", "http", "opener"})  # plugins that allow nothing without a scope


def refusal_of(project: Project, grant: Grant, argument: str) -> str | None:
    """Return why an argument of an allowed call is refused; `None` if the scope of the call covers it.

    An own command without a scope can be asked nothing: what it does with the argument is its own matter.

    Scopes of files and addresses can be asked: of parameters `ScopedPath` and `ScopedUrl`, and of the plugins `fs`, `http` and
    `opener`. Anything else is read by the command itself.

    Args:
        project: The project.
        grant: The grant of the call.
        argument: The argument as `name=value`.

    Raises:
        ConfigError: It has another form, or there is no scope, or one of another kind.
    """
    name, separator, value = argument.partition("=")
    if not separator:
        raise ConfigError(f"--arg {argument}: write it as name=value, such as path=/home/me/notes.txt")
    command = split_command(grant.command)[1]
    is_url = "://" in value and not value.startswith("file:")
    key = "url" if is_url else "path"
    allow, deny = (_patterns(grant, which, key) for which in ("allow", "deny"))
    others = [repr(entry) for entry in _entries(grant, "allow") if isinstance(entry, dict) and key not in entry]
    if not allow and not deny and others:
        raise ConfigError(
            f"--arg {name}: the scope of {command} has no {'addresses' if is_url else 'files'}; it has {', '.join(others)}, and "
            "only the command can tell what that covers"
        )
    if not allow and not deny and split_command(grant.command)[0] not in _SCOPED:
        raise ConfigError(
            f"--arg {name}: {command} has no scope here; parameters `ScopedPath` and `ScopedUrl` accept nothing then, and "
            "others are not checked"
        )
    if _covers(project, grant, key, value):
        return None
    # What is covered as soon as nothing is denied is denied.
    open_scope = ResolvedScope([Scopes(allow=tuple(_entries(grant, "allow")))])
    denied = bool(deny) and _covers(project, grant._replace(command_scope=open_scope, global_scope=None), key, value)
    return f"{value} is out of scope. {grant.scope_advice(key, value, allow, deny, denied=denied)}"


def _entries(grant: Grant, which: str) -> list[Any]:
    scopes = [scope for scope in (grant.command_scope, grant.global_scope) if scope is not None]
    return [entry for scope in scopes for entry in getattr(scope, which)]


def _patterns(grant: Grant, which: str, key: str) -> list[str]:
    found = [entry.get(key) if isinstance(entry, dict) else entry for entry in _entries(grant, which)]
    return [pattern for pattern in found if isinstance(pattern, str)]


def _covers(project: Project, grant: Grant, key: str, value: str) -> bool:
    """Tell whether the scope covers a value, by the rule of the command's plugin."""
    paths = PathResolver(project.config)
    plugin = split_command(grant.command)[0]
    # Each is imported only when it is asked for.
    if plugin == "fs" and key == "path":
        from ...plugins import fs

        literal = project.config.plugins.get("fs", {}).get("requireLiteralLeadingDot")
        dot = os.name == "posix" if literal is None else bool(literal)
        allow, deny = (_patterns(grant, which, key) for which in ("allow", "deny"))
        return fs.FileScope(allow, deny, variables=paths.variables(), literal_dot=dot).is_allowed(paths.parse(value))
    if plugin == "http":
        from ...plugins import http

        return http.UrlScope(CommandScope.of(grant, http.Entry), GlobalScope.of(grant, http.Entry)).allows(value)
    if plugin == "opener" and key == "url":
        from ...plugins import opener

        scopes = CommandScope.of(grant, opener.Entry), GlobalScope.of(grant, opener.Entry)
        return opener.OpenerScope(*scopes).allow_url(value, None)
    try:
        if key == "url":
            ScopedUrl.of(value, grant)
        else:
            ScopedPath.of(value, grant, paths)
    except NotAllowed:
        return False
    return True
