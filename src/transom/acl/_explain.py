"""The texts of a decision, rendered from its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ._decision import Decision, Reason
from ._resolved import ResolvedCommand
from .manifests import CORE_COMMANDS, split_command, why_missing
from .patterns import LabelGlob

__all__ = ["explain", "summarize"]


def explain(decision: Decision) -> str:
    """Return the text for people who develop the application. Tauri: `resolve_access_message` of a debug build."""
    plugin, name = split_command(decision.command)
    pretty = name if plugin is None else f"{plugin}.{name}"
    match decision.reason:
        case Reason.ALLOWED | Reason.NEEDS_NO_PERMISSION:
            return "allowed"
        case Reason.DENIED:
            references = _references(decision.entries)
            return f"{pretty} explicitly denied on origin {decision.caller.origin}\n\nreferenced by: {references}"
        case Reason.UNKNOWN_PLUGIN:
            return f"{pretty} not allowed. Plugin not found; {why_missing(plugin or '')}"
        case Reason.UNKNOWN_COMMAND:
            hint = "" if plugin is None else f"; {_lacks_command(plugin)}"
            return f"{pretty} not allowed. Command not found{hint}"
        case Reason.NO_CAPABILITY | Reason.REMOTE_WITHOUT_CAPABILITY:
            return _not_allowed(pretty, decision)


def summarize(decision: Decision) -> str:
    """Return the short text of a release build.

    A remote page learns nothing from it about plugins and commands, not even which ones exist.
    """
    command, (_, webview, origin) = decision.command, decision.caller
    if decision.grant is not None:
        return "allowed"
    if decision.reason is Reason.DENIED:
        hint = f"a capability denies it to webview {webview!r}"
    elif origin.url is not None:
        hint = (
            f"the page in webview {webview!r} is of the remote origin {origin.url}, and no capability gives it "
            "this command"
        )
    elif decision.reason is Reason.NO_CAPABILITY:
        hint = f"webview {webview!r} has no permission for it"
    else:
        return _not_found(decision)
    # Tauri: a release build says the first half; front ends match on it.
    return f"Command {command} not allowed by ACL: {hint}"


def _not_found(decision: Decision) -> str:
    # Tauri says `not allowed by ACL` here too, which sends people to their capabilities, where nothing can help. These are
    # its sentences for a command that is allowed and does not exist, up to the semicolon.
    plugin, name = split_command(decision.command)
    if plugin is not None and decision.reason is Reason.UNKNOWN_PLUGIN:
        return f"plugin {plugin} not found; cannot call {decision.command}: {why_missing(plugin)}"
    return f"Command {name} not found; {_lacks_command(plugin or '')}"


def _lacks_command(plugin: str) -> str:
    version = " in this version of transom" if plugin in CORE_COMMANDS else ""
    return f"plugin {plugin} does not have this command{version}"


def _not_allowed(pretty: str, decision: Decision) -> str:
    if not decision.elsewhere:
        # Tauri: the sentence for a command without permissions, also for one whose name no permission can spell.
        if not decision.permissions:
            return f"{pretty} not allowed. Command not found"
        return f"{pretty} not allowed. Permissions associated with this command: {', '.join(decision.permissions)}"
    window, webview, origin = decision.caller
    url = "local" if origin.url is None else origin.url
    return (
        f'{pretty} not allowed on window "{window}", webview "{webview}", URL: {url}\n\n'
        f"allowed on: {', '.join(map(_allowed_on, decision.elsewhere))}\n\n"
        f"referenced by: {_references(decision.elsewhere)}"
    )


def _references(entries: Iterable[ResolvedCommand]) -> str:
    return " || ".join(f"capability: {entry.capability}, permission: {entry.permission}" for entry in entries)


def _allowed_on(entry: ResolvedCommand) -> str:
    url = "local" if entry.context is None else entry.context.pattern
    parts = [*_listed("windows", entry.windows), *_listed("webviews", entry.webviews), f"URL: {url}"]
    return f"[{', '.join(parts)}]"


def _listed(what: str, globs: tuple[LabelGlob, ...]) -> Iterator[str]:
    if globs:
        yield f"{what}: " + ", ".join(f'"{glob.pattern}"' for glob in globs)
