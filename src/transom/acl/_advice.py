"""Advice about a refused call: the closest capability, why it did not apply, and the lines to add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ..names import nearest_name
from ._caller import Caller
from ._capability import Capability
from ._decision import Decision, Reason
from ._resolved import ResolvedCommand, resolve
from .manifests import APP_ACL_KEY, Manifest, command_key, split_command

__all__ = ["KnownCapability", "advise", "smallest_permission"]


class KnownCapability(NamedTuple):
    """A capability and where it is written.

    Attributes:
        capability: The capability, also one for other platforms.
        where: Returns file and line of a field by its place in the capability; `None` for one that is added in Python.
    """

    capability: Capability
    where: Callable[[tuple[str | int, ...]], str] | None

    def at(self, *place: str | int) -> str:
        """Return where a field is, for a sentence: `capabilities/main.json:3`, or `Python`."""
        return "Python" if self.where is None else self.where(place)

    def named(self) -> str:
        """Return its name and where it begins."""
        return f"`{self.capability.identifier}` ({'added in Python' if self.where is None else self.where(())})"


def advise(
    decision: Decision, known: Sequence[KnownCapability], manifests: Mapping[str, Manifest], platform: str
) -> str:
    """Return a paragraph for the author of an application about a refused call, and the lines to add after it.

    Args:
        decision: The refusal.
        known: All capabilities, in the order in which they were added.
        manifests: What is declared.
        platform: Tauri's name of the system.
    """
    if decision.reason is Reason.DENIED:
        return _denied(decision, known)
    if not decision.permissions:
        return _nearest_command(decision.command, manifests)
    if decision.reason not in (Reason.NO_CAPABILITY, Reason.REMOTE_WITHOUT_CAPABILITY):
        return ""
    permission = smallest_permission(decision.permissions)
    asked = f"{_page(decision.caller)} called `{decision.command}`, and no capability allows that."
    return f"{asked} {_closest(decision, permission, known, manifests, platform)}"


def _nearest_command(command: str, manifests: Mapping[str, Manifest]) -> str:
    """Return the command that was meant; empty if the names of the commands are unknown, or none is like it."""
    plugin, name = split_command(command)
    key = APP_ACL_KEY if plugin is None else f"core:{plugin}" if f"core:{plugin}" in manifests else plugin
    manifest = manifests.get(key)
    if manifest is None or manifest.commands is None or name in manifest.commands:
        return ""
    near = nearest_name(name, manifest.commands)
    if near is not None:
        return f"Did you mean `{near if plugin is None else f'plugin:{plugin}|{near}'}`?"
    return (
        "" if plugin is not None else "The application has no command of this name; is it in `generate_handler(...)`?"
    )


def smallest_permission(permissions: Sequence[str]) -> str:
    """Return the narrowest permission that allows the command, judged by its name."""
    return min(
        permissions, key=lambda name: (not name.rpartition(":")[2].startswith("allow-"), name.endswith("default"))
    )


def _page(caller: Caller) -> str:
    window, webview, origin = caller
    where = f"window `{window}`" if webview == window else f"webview `{webview}` of window `{window}`"
    return f"The {'local page' if origin.url is None else f'remote page {origin.url}'} in {where}"


def _denied(decision: Decision, known: Sequence[KnownCapability]) -> str:
    by_name = {each.capability.identifier: each for each in known}
    found = {(entry.capability, entry.permission): by_name.get(entry.capability) for entry in decision.entries}
    deniers = [
        f"`{permission}` in the capability {f'`{name}`' if each is None else each.named()}"
        for (name, permission), each in found.items()
    ]
    return (
        f"{_page(decision.caller)} called `{decision.command}`, which is denied by {', and by '.join(deniers)}. A deny "
        "takes precedence over every allow; remove it if the page should call this command."
    )


def _closest(
    decision: Decision,
    permission: str,
    known: Sequence[KnownCapability],
    manifests: Mapping[str, Manifest],
    platform: str,
) -> str:
    caller, key = decision.caller, command_key(decision.command)
    by_name = {each.capability.identifier: each for each in known}
    # One for the right pages needs a label only; one for the right window would have to trust other pages, too.
    for entry in sorted(decision.elsewhere, key=lambda entry: not entry.is_of(caller.origin)):
        if entry.capability in by_name:
            return _for_others(by_name[entry.capability], entry, caller)
    for each in known:
        everywhere = msgspec.structs.replace(each.capability, platforms=None)
        entries = resolve(everywhere, manifests, platform, tolerant=True).allowed
        if any(entry.key == key and entry.allows(caller) for entry in entries):
            return (
                f"The capability {each.named()} comes closest, but it is only for {_listed(each.capability.platforms or ())}. "
                + _add("platforms", platform, each)
            )
    for each in known:
        with_it = msgspec.structs.replace(each.capability, permissions=(permission,))
        if any(entry.allows(caller) for entry in resolve(with_it, manifests, platform).allowed):
            return (
                f"The capability {each.named()} comes closest: it is for this page, but has no permission for the command. "
                + _add("permissions", permission, each)
            )
    return _new(permission, known, caller)


def _for_others(each: KnownCapability, entry: ResolvedCommand, caller: Caller) -> str:
    closest = f"The capability {each.named()} comes closest: it has `{entry.permission}`, but"
    capability, url = each.capability, caller.origin.url
    if entry.is_of(caller.origin):
        globs = [*capability.windows, *capability.webviews]
        labels = f"only for {_listed(globs)}" if globs else "for no window"
        return f"{closest} it is {labels}. " + _add("windows", caller.window, each)
    if url is None:
        return f'{closest} it is only for remote pages. To allow it, remove `"local": false` in {each.at("local")}.'
    remote = _listed(capability.remote.urls) if capability.remote else ""
    whose = f"local pages and {remote}" if remote and capability.local else remote or "local pages"
    line = f'"remote": {{"urls": [{_quoted(_site(url))}]}}'
    return (
        f"{closest} it is only for {whose}. If you trust this site with all of the capability, add to it in "
        f"{each.at('remote')}:\n\n    {line}"
    )


def _add(field: str, value: str, each: KnownCapability) -> str:
    if each.where is None:
        method = {"permissions": "permission", "windows": "window", "platforms": "platform"}[field]
        return f"To allow it, add to its builder:\n\n    .{method}({_quoted(value)})"
    return f"To allow it, add to the list `{field}` in {each.at(field)}:\n\n    {_quoted(value)}"


def _new(permission: str, known: Sequence[KnownCapability], caller: Caller) -> str:
    taken = {each.capability.identifier for each in known}
    label, url = caller.window, caller.origin.url
    names = [label, *(f"{label}-{number}" for number in range(2, len(taken) + 3))]
    identifier = next(name for name in names if name not in taken)
    written = any(each.where is not None for each in known)
    table = {"identifier": identifier, "windows": [label]}
    if url is not None:
        table |= {"local": False, "remote": {"urls": [_site(url)]}}  # type: ignore[dict-item]
    # The first capability of a project replaces the permissions that local pages have without any.
    table["permissions"] = [*(() if written or url is not None else ("core:default",)), permission]
    text = msgspec.json.format(msgspec.json.encode(table), indent=2).decode()
    none = "No capability is for this page." if known else "The project has no capability."
    file = f"capabilities/{identifier.replace('/', '-').replace(':', '-')}.json"
    return f"{none} To allow it, create `{file}` beside `tauri.conf.json`:\n\n{text}"


def _site(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)
