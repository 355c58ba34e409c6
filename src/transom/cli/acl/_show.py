"""`transom acl explain` and `list`: who may call what, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

import msgspec

from ...acl import Origin, Reason, ResolvedCommand, command_key, report_of, split_command
from ...errors import ConfigError
from ...names import nearest_name
from ._arguments import refusal_of
from ._project import Project

__all__ = ["explain", "list_commands"]


def explain(
    project: Project,
    window: str,
    command: str,
    origin: str | None,
    webview: str | None,
    out: TextIO,
    *,
    arguments: Sequence[str] = (),
    as_json: bool = False,
) -> int:
    """Print whether a page may call a command, and why; return 0 if it may, else 1.

    A command of the application that does not exist is refused. The JSON only has what the permissions say.

    Args:
        project: The project.
        window: The label of the page's window.
        command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
        origin: The address of a remote page; `None` for a local one.
        webview: The label of the page's webview; `None` for that of the window.
        out: Where to print.
        arguments: Files and addresses that the page gives, as `name=value`, which the scope must cover.
        as_json: Print the facts as one JSON object, for programs; see `report_of`. It has no arguments.

    Raises:
        ConfigError: The address or an argument has another form, or the scope cannot be asked about it.
    """
    if origin is not None and "://" not in origin:
        raise ConfigError(f"--origin {origin}: write an address, such as https://example.com")
    page = Origin.local() if origin is None else Origin.remote(origin)
    decision = project.authority.decide(command, window, webview or window, page)
    if as_json:
        print(msgspec.json.encode(report_of(decision)).decode(), file=out)
        return 1 if decision.grant is None else 0
    if decision.grant is None:
        print(f"refused: {project.authority.explain(decision)}", file=out)
        return 1
    own = project.own_commands()
    if own and split_command(command)[0] is None and command not in own:  # another handler has no list
        near = nearest_name(command, own)
        hint = f"did you mean `{near}`?" if near else "`transom acl list` names those that it has"
        print(f"refused: the application has no command `{command}`; {hint}", file=out)
        return 1
    if decision.reason is Reason.NEEDS_NO_PERMISSION:
        why = "every local page may call it without a capability"
    else:
        reasons = dict.fromkeys(f"{_source(project, entry)}, with `{entry.permission}`" for entry in decision.entries)
        why = " and ".join(reasons)
    refusals = [text for argument in arguments if (text := refusal_of(project, decision.grant, argument)) is not None]
    if refusals:
        print(f"refused: {' '.join(refusals)}", file=out)
        return 1
    print(f"allowed: {why}", file=out)
    lines = [
        f"  the scope {what} {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"
        for entry in decision.entries
        for what, values in (("allows", entry.scope.allow), ("denies", entry.scope.deny))
        for value in values or ()
    ]
    for line in dict.fromkeys(lines):
        print(line, file=out)
    return 0


def _source(project: Project, entry: ResolvedCommand) -> str:
    for source in project.access.capabilities:
        if source.capability.identifier == entry.capability:
            return f"the capability `{entry.capability}` ({source.where_in(project.access.folder)(())})"
    return f"the capability `{entry.capability}`"


def list_commands(project: Project, window: str | None, out: TextIO, *, as_json: bool = False) -> int:
    """Print the commands that pages may call, for each window: of local pages, then of each remote site; return 0.

    Args:
        project: The project.
        window: The label of one window; `None` for those of the configuration.
        out: Where to print.
        as_json: Print one JSON object, for programs: for each window `local` and `remote` (by site), each a table of the
            commands with what allows them, as `capability: permission`; an empty list for what needs no permission.
    """
    labels = [window] if window is not None else project.labels
    if as_json:
        table = {label: {"local": _of_local(project, label), "remote": _of_sites(project, label)} for label in labels}
        print(msgspec.json.encode(table).decode(), file=out)
        return 0
    for label in labels:
        print(f"{label}:", file=out)
        for command, by in _of_local(project, label).items():
            print(f"  {command}  ({', '.join(by) or 'needs no permission'})", file=out)
        for site, commands in _of_sites(project, label).items():
            print(f"{label}, pages of {site}:", file=out)
            for command, by in commands.items():
                for each in by:
                    print(f"  {command}  ({each})", file=out)
    return 0


def _of_local(project: Project, label: str) -> dict[str, list[str]]:
    """Return what local pages in a window may call, with what allows it."""
    found = {}
    for command in project.commands():
        decision = project.authority.decide(command, label, label, Origin.local())
        if decision.grant is not None:
            found[command] = sorted({f"{entry.capability}: {entry.permission}" for entry in decision.entries})
    return found


def _of_sites(project: Project, label: str) -> dict[str, dict[str, list[str]]]:
    """Return what remote pages in a window may call, by the pattern of their addresses, with what allows it."""
    found: dict[str, dict[str, set[str]]] = {}
    names = {command_key(command): command for command in project.commands()}
    for _, resolved in project.resolved:
        for entry in resolved.allowed:
            if entry.context is not None and any(glob.matches(label) for glob in (*entry.windows, *entry.webviews)):
                commands = found.setdefault(entry.context.pattern, {})
                commands.setdefault(names.get(entry.key, entry.key), set()).add(
                    f"{entry.capability}: {entry.permission}"
                )
    return {
        site: {command: sorted(commands[command]) for command in sorted(commands)} for site, commands in found.items()
    }
