"""Capabilities resolved to one entry per command, and their scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple, TypeVar

from ..errors import ConfigError
from ._caller import Caller
from ._capability import Capability
from ._origin import Origin
from .manifests import Fault, Manifest, PermissionIdentifier, Scopes, find, parse_identifier
from .patterns import LabelGlob, RemoteUrlPattern

__all__ = ["PLATFORMS", "Resolved", "ResolvedCommand", "ResolvedScope", "resolve"]

T = TypeVar("T")

PLATFORMS = ("macOS", "windows", "linux", "android", "iOS")


class ResolvedCommand(NamedTuple):
    """One command that a capability allows or denies, in one context. Tauri: `acl::resolved::ResolvedCommand`.

    Attributes:
        key: What `command_key` makes of the command.
        capability: Identifier of the capability.
        permission: Identifier of the permission, with its plugin.
        context: The addresses that it is for; `None` for the application's own pages.
        windows: Globs over labels of windows.
        webviews: Globs over labels of webviews.
        scope: Values that the permission brings for the command. Tauri keeps them under numbers that begin again with
            every added capability, and so mixes scopes up; here every entry holds its own.
    """

    key: str
    capability: str
    permission: str
    context: RemoteUrlPattern | None
    windows: tuple[LabelGlob, ...]
    webviews: tuple[LabelGlob, ...]
    scope: Scopes

    def allows(self, caller: Caller) -> bool:
        """Tell whether an entry that allows applies to this caller."""
        return self.is_of(caller.origin) and self._is_for(caller)

    def denies(self, caller: Caller) -> bool:
        """Tell whether an entry that denies applies to this caller.

        Tauri: a denied command is denied to every window and every page, whatever callers the capability names, because
        the result of its check is not used. Here a capability denies a command to the callers that it names. Two things
        are read broadly, so that a deny is never weaker than it looks: with no globs at all it applies to every window,
        and the path in a `remote` address is ignored, because a page can change its own path.
        """
        origin = caller.origin
        if origin.url is None or self.context is None:
            concerned = self.is_of(origin)
        else:
            concerned = self.context.test_origin(origin.url)
        return concerned and (not (self.windows or self.webviews) or self._is_for(caller))

    def is_of(self, origin: Origin) -> bool:
        """Tell whether the entry is for pages of this origin."""
        if origin.url is None or self.context is None:
            return origin.url is None and self.context is None
        return self.context.test(origin.url)

    def _is_for(self, caller: Caller) -> bool:
        return any(glob.matches(caller.webview) for glob in self.webviews) or any(
            glob.matches(caller.window) for glob in self.windows
        )


class ResolvedScope:
    """The values of several scopes, one after the other, as one grant carries them.

    Attributes:
        allow: JSON values of what is allowed.
        deny: JSON values of what is denied.
        typed: What has been made of them already, by class and type; a call with this grant finds it here.
    """

    __slots__ = ("allow", "deny", "typed")

    def __init__(self, scopes: Iterable[Scopes]) -> None:
        allow: list[Any] = []
        deny: list[Any] = []
        for scope in scopes:
            allow += scope.allow or ()
            deny += scope.deny or ()
        self.allow = tuple(allow)
        self.deny = tuple(deny)
        self.typed: dict[Any, Any] = {}


class Resolved(NamedTuple):
    """Resolved capabilities.

    Attributes:
        allowed: Entries that allow.
        denied: Entries that deny.
        global_scope: Plugins' keys with values for the whole plugin.
        faults: What is wrong with the capability; places begin at the capability.
        unavailable: Permissions that grant nothing, because transom or the application lacks what they are for.
    """

    allowed: tuple[ResolvedCommand, ...] = ()
    denied: tuple[ResolvedCommand, ...] = ()
    global_scope: tuple[tuple[str, Scopes], ...] = ()
    faults: tuple[Fault, ...] = ()
    unavailable: tuple[str, ...] = ()


def resolve(
    capability: Capability, manifests: Mapping[str, Manifest], platform: str, *, tolerant: bool = False
) -> Resolved:
    """Resolve a capability.

    Args:
        capability: The capability.
        manifests: What is declared.
        platform: Tauri's name of the system.
        tolerant: List permissions of Tauri that the application cannot have as unavailable; otherwise they are faults.
    """
    faults: list[Fault] = []
    if not _counts(capability.platforms, platform, ("platforms",), faults):
        return Resolved(faults=tuple(faults))
    callers = _Callers.of(capability, faults)
    allowed: list[ResolvedCommand] = []
    denied: list[ResolvedCommand] = []
    global_scope: list[tuple[str, Scopes]] = []
    unavailable: list[str] = []
    for index, entry in enumerate(capability.permissions):
        name, values = (entry, Scopes()) if isinstance(entry, str) else (entry.identifier, entry.scope)
        place = ("permissions", index)
        try:
            found = list(find(manifests, parse_identifier(name), unavailable if tolerant else None))
        except ConfigError as error:
            faults.append(Fault(place, error.message))
            continue
        for identifier, permission in found:
            if not _counts(permission.platforms, platform, place, faults):
                continue
            scope = values.followed_by(permission.scope)
            commands = permission.commands
            if scope and not (commands.allow or commands.deny):
                global_scope.append((identifier.key, scope))
            allowed += callers.entries(identifier, commands.allow, scope)
            denied += callers.entries(identifier, commands.deny, scope)
    return Resolved(tuple(allowed), tuple(denied), tuple(global_scope), tuple(faults), tuple(unavailable))


class _Callers(NamedTuple):
    """The callers that a capability applies to."""

    capability: str
    contexts: tuple[RemoteUrlPattern | None, ...]
    windows: tuple[LabelGlob, ...]
    webviews: tuple[LabelGlob, ...]

    @classmethod
    def of(cls, capability: Capability, faults: list[Fault]) -> _Callers:
        contexts: list[RemoteUrlPattern | None] = [None] if capability.local else []
        for index, url in enumerate(capability.remote.urls if capability.remote else ()):
            contexts += _read(RemoteUrlPattern, url, ("remote", "urls", index), faults)
        return cls(
            capability.identifier,
            tuple(contexts),
            _globs("windows", capability.windows, faults),
            _globs("webviews", capability.webviews, faults),
        )

    def entries(
        self, permission: PermissionIdentifier, commands: Iterable[str], scope: Scopes
    ) -> Iterator[ResolvedCommand]:
        for key, context in product(map(permission.command_key, commands), self.contexts):
            yield ResolvedCommand(key, self.capability, str(permission), context, self.windows, self.webviews, scope)


def _globs(field: str, patterns: tuple[str, ...], faults: list[Fault]) -> tuple[LabelGlob, ...]:
    globs = [glob for index, text in enumerate(patterns) for glob in _read(LabelGlob, text, (field, index), faults)]
    return tuple(sorted(globs, key=lambda glob: glob.pattern))


def _read(kind: Callable[[str], T], text: str, place: tuple[str | int, ...], faults: list[Fault]) -> list[T]:
    try:
        return [kind(text)]
    except ConfigError as error:
        faults.append(Fault(place, error.message))
        return []


def _counts(
    platforms: tuple[str, ...] | None, platform: str, place: tuple[str | int, ...], faults: list[Fault]
) -> bool:
    unknown = [name for name in platforms or () if name not in PLATFORMS]
    if unknown:
        faults.append(Fault(place, f"unknown platform {unknown[0]}; they are {', '.join(PLATFORMS)}"))
    return platforms is None or platform in platforms
