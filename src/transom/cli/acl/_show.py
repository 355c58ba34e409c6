"""`transom acl explain`, `list` and `graph`: who may call what, and why."""

from __future__ import annotations

from typing import TextIO

import msgspec

from ...acl import Origin, Reason, ResolvedCommand, report_of
from ...names import nearest_name
from ._project import Project

__all__ = ["explain", "graph", "list_commands"]


def explain(
    project: Project,
    window: str,
    command: str,
    origin: str | None,
    webview: str | None,
    out: TextIO,
    *,
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
        as_json: Print the facts as one JSON object, for programs; see `report_of`.
    """
    page = Origin.local() if origin is None else Origin.remote(origin)
    decision = project.authority.decide(command, window, webview or window, page)
    if as_json:
        print(msgspec.json.encode(report_of(decision)).decode(), file=out)
        return 1 if decision.grant is None else 0
    if decision.grant is None:
        print(f"refused: {project.authority.explain(decision)}", file=out)
        return 1
    if decision.reason is Reason.NEEDS_NO_PERMISSION:
        own = project.own_commands()
        if own and command not in own:  # a handler that is a function of the author's own has no list
            near = nearest_name(command, own)
            hint = f"did you mean `{near}`?" if near else "`transom acl list` names those that it has"
            print(f"refused: the application has no command `{command}`; {hint}", file=out)
            return 1
        why = "every local page may call it without a capability"
    else:
        why = " and ".join(f"{_source(project, entry)}, with `{entry.permission}`" for entry in decision.entries)
    print(f"allowed: {why}", file=out)
    for entry in decision.entries:
        for what, values in (("allows", entry.scope.allow), ("denies", entry.scope.deny)):
            for value in values or ():
                print(f"  the scope {what} {value}", file=out)
    return 0


def _source(project: Project, entry: ResolvedCommand) -> str:
    for source in project.access.capabilities:
        if source.capability.identifier == entry.capability:
            return f"the capability `{entry.capability}` ({source.where_in(project.access.folder)(())})"
    return f"the capability `{entry.capability}`"


def list_commands(project: Project, window: str | None, out: TextIO) -> int:
    """Print the commands that local pages may call, for each window, and return 0.

    Args:
        project: The project.
        window: The label of one window; `None` for those of the configuration.
        out: Where to print.
    """
    for label in [window] if window is not None else project.labels:
        print(f"{label}:", file=out)
        for command in project.commands():
            decision = project.authority.decide(command, label, label, Origin.local())
            if decision.grant is not None:
                by = {f"{entry.capability}: {entry.permission}" for entry in decision.entries}
                print(f"  {command}  ({', '.join(sorted(by)) or 'needs no permission'})", file=out)
    return 0


def graph(project: Project, out: TextIO) -> int:
    """Print a Mermaid flow chart from windows over capabilities to permissions, and return 0."""
    print("flowchart LR", file=out)
    nodes: dict[str, str] = {}

    def node(kind: str, text: str) -> str:
        name = nodes.get(kind + text)
        if name is None:
            name = nodes[kind + text] = f"{kind}{len(nodes)}"
            left, right = {"w": ("[", "]"), "c": ("{{", "}}"), "p": ("(", ")")}[kind]
            shown = text.replace('"', "#quot;")
            print(f'  {name}{left}"{shown}"{right}', file=out)
        return name

    for source, resolved in project.resolved:
        capability = source.capability
        name = node("c", capability.identifier)
        pages = [f"window {glob}" for glob in capability.windows] + [f"webview {glob}" for glob in capability.webviews]
        sites = [f" at {url}" for url in capability.remote.urls] if capability.remote else []
        for page in pages:
            for site in [*([""] if capability.local else []), *sites]:
                print(f"  {node('w', page + site)} --> {name}", file=out)
        denied = {entry.permission for entry in resolved.denied}
        for entry in dict.fromkeys(entry.permission for entry in (*resolved.allowed, *resolved.denied)):
            print(f"  {name} {'-. denies .->' if entry in denied else '-->'} {node('p', entry)}", file=out)
    return 0
