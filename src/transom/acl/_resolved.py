"""Capabilities taken apart: one entry for every command, and the scopes beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from ..errors import ConfigError
from ._caller import Caller
from ._capability import Capability
from ._identifier import PermissionIdentifier, parse_identifier
from ._label_glob import LabelGlob
from ._manifest import Manifest, Scopes, find
from ._origin import Origin
from ._url_pattern import RemoteUrlPattern

__all__ = ["PLATFORMS", "Resolved", "ResolvedCommand", "ResolvedScope", "resolve"]

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
        return self._is_of(caller.origin) and self._is_for(caller)

    def denies(self, caller: Caller) -> bool:
        """Tell whether an entry that denies applies to this caller.

        Tauri: a denied command is denied to every window and every page, whatever callers the capability names, because
        the result of its check is not used. Here a capability denies a command to the callers that it names. Two things
        are read broadly, so that a deny is never weaker than it looks: with no globs at all it applies to every window,
        and the path in a `remote` address is ignored, because a page can change its own path.
        """
        origin = caller.origin
        if origin.url is None or self.context is None:
            concerned = self._is_of(origin)
        else:
            concerned = self.context.test_origin(origin.url)
        return concerned and (not (self.windows or self.webviews) or self._is_for(caller))

    def _is_of(self, origin: Origin) -> bool:
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
    """What capabilities come to.

    Attributes:
        allowed: Entries that allow.
        denied: Entries that deny.
        global_scope: Plugins' keys with values for the whole plugin.
    """

    allowed: tuple[ResolvedCommand, ...]
    denied: tuple[ResolvedCommand, ...]
    global_scope: tuple[tuple[str, Scopes], ...]


def resolve(capability: Capability, manifests: Mapping[str, Manifest], platform: str) -> Resolved:
    """Take a capability apart.

    Raises:
        ConfigError: It names a permission, a platform, a glob or an address that cannot be understood.
    """
    try:
        if not _counts(capability.platforms, platform):
            return Resolved((), (), ())
        return _resolved(capability, manifests, platform)
    except ConfigError as error:
        raise ConfigError(f"capability `{capability.identifier}`: {error.message}") from None


def _resolved(capability: Capability, manifests: Mapping[str, Manifest], platform: str) -> Resolved:
    callers = _Callers.of(capability)
    allowed: list[ResolvedCommand] = []
    denied: list[ResolvedCommand] = []
    global_scope: list[tuple[str, Scopes]] = []
    for entry in capability.permissions:
        name, values = (entry, Scopes()) if isinstance(entry, str) else (entry.identifier, entry.scope)
        for identifier, permission in find(manifests, parse_identifier(name)):
            if not _counts(permission.platforms, platform):
                continue
            scope = values.followed_by(permission.scope)
            commands = permission.commands
            if scope and not (commands.allow or commands.deny):
                global_scope.append((identifier.key, scope))
            allowed += callers.entries(identifier, commands.allow, scope)
            denied += callers.entries(identifier, commands.deny, scope)
    return Resolved(tuple(allowed), tuple(denied), tuple(global_scope))


class _Callers(NamedTuple):
    """Whom a capability is for."""

    capability: str
    contexts: tuple[RemoteUrlPattern | None, ...]
    windows: tuple[LabelGlob, ...]
    webviews: tuple[LabelGlob, ...]

    @classmethod
    def of(cls, capability: Capability) -> _Callers:
        local = (None,) if capability.local else ()
        remote = capability.remote.urls if capability.remote else ()
        return cls(
            capability.identifier,
            (*local, *(RemoteUrlPattern(url) for url in remote)),
            tuple(LabelGlob(glob) for glob in sorted(capability.windows)),
            tuple(LabelGlob(glob) for glob in sorted(capability.webviews)),
        )

    def entries(
        self, permission: PermissionIdentifier, commands: Iterable[str], scope: Scopes
    ) -> Iterator[ResolvedCommand]:
        for key, context in product(map(permission.command_key, commands), self.contexts):
            yield ResolvedCommand(key, self.capability, str(permission), context, self.windows, self.webviews, scope)


def _counts(platforms: tuple[str, ...] | None, platform: str) -> bool:
    for name in platforms or ():
        if name not in PLATFORMS:
            raise ConfigError(f"unknown platform {name}; they are {', '.join(PLATFORMS)}")
    return platforms is None or platform in platforms
