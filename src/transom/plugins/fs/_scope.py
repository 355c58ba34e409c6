"""Which files a call may use: the scope of its permissions, and what was added while the application runs."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

import msgspec

from ...errors import CommandError, NotAllowed, TransomError
from ...handles import AppHandle, BaseDirectory, Manager
from ...ipc import CommandItem, CommandScope, GlobalScope
from ._file_scope import FileScope

__all__ = ["Access", "Entry", "Scopes", "scope", "try_scope"]

_KEPT: Final = 256  # scopes that were made ready for use; there is one for each set of permissions


class Entry(msgspec.Struct, frozen=True):
    """One value of a scope: a pattern, alone or as `{path}`."""

    path: str

    @classmethod
    def deserialize(cls, raw: Any) -> Entry:
        """See `ScopeObject`."""
        path = raw.get("path") if isinstance(raw, dict) else raw
        if not isinstance(path, str) or not path:
            raise ValueError(f'a scope of files holds patterns, alone or as {{"path": ...}}; {raw!r} is none')
        return cls(path.rstrip("/") or "/")


class Scopes:
    """The scopes of an application's calls.

    Args:
        app: The application.
        literal_dot: Whether a name that starts with a dot needs a pattern that says the dot.

    Attributes:
        runtime: What was allowed and denied while the application runs, for every page.
    """

    def __init__(self, app: AppHandle, *, literal_dot: bool) -> None:
        self._literal_dot = literal_dot
        self._paths = app.path()
        self.runtime = FileScope(literal_dot=literal_dot)
        self.of = lru_cache(_KEPT)(self._make)

    def _make(self, allow: tuple[Entry, ...], deny: tuple[Entry, ...]) -> FileScope:
        """Return the scope of these values.

        Raises:
            ConfigError: One of them begins with an unknown variable.
        """
        return FileScope(
            # Paths are absolute, so that a relative pattern fits none; one that denies is read as widely as it can be.
            [pattern for entry in allow if _is_absolute(pattern := entry.path)],
            [pattern if _is_absolute(pattern := entry.path) else f"**/{pattern}" for entry in deny],
            variables=self._paths.variables(),
            literal_dot=self._literal_dot,
        )


def _is_absolute(pattern: str) -> bool:
    return pattern.startswith(("$", "**")) or Path(pattern).is_absolute()


class Access:
    """What the running command may use; a command has a parameter of this type."""

    def __init__(self, item: CommandItem) -> None:
        self._command = item.name
        self._grant = item.acl
        self._scopes = item.message.state(Scopes)
        self._paths = item.message.webview.path()
        command: CommandScope[Entry] = CommandScope.of(item.acl, Entry)
        whole: GlobalScope[Entry] = GlobalScope.of(item.acl, Entry)
        self._entries = (*whole.allows, *command.allows), (*whole.denies, *command.denies)
        self._scope = self._scopes.of(*self._entries)

    @classmethod
    def from_command(cls, item: CommandItem) -> Access:
        """See `CommandArg`."""
        return cls(item)

    def path(self, path: str, base: BaseDirectory | None = None, *, follow: bool = True) -> Path:
        """Return the file that a page's path means, as an absolute path without any link in it.

        Args:
            path: A path, or a `file:` URL.
            base: The folder that it is relative to; `None` for the current one.
            follow: Whether the command works on the target of a link, and not on the link itself.

        Raises:
            CommandError: The path is not one.
            NotAllowed: The scope does not allow it.
        """
        given = Path(_plain(path))
        try:
            # Tauri: an absolute path has no base.
            given = given if base is None else self._paths.resolve(given, base)
        except TransomError as error:
            raise CommandError(str(error)) from None
        said = given  # where the application runs is none of a page's business
        given = Path(os.path.abspath(given))  # noqa: PTH100 - has no `..` any more, and follows no link
        try:
            real = os.path.realpath(given) if follow else os.path.join(os.path.realpath(given.parent), given.name)  # noqa: PTH118
        except (OSError, ValueError):  # such as a name that is too long
            raise self.forbidden(said) from None
        found = Path(real)
        if self.denies(given) or self.denies(found) or not self._allows(found):
            raise self.forbidden(said)
        return found

    def denies(self, path: Path) -> bool:
        """Tell whether the scope denies a file whatever it allows."""
        return self._scope.denies_real(path) or self._scopes.runtime.denies_real(path)

    def may_tell(self, path: Path) -> bool:
        """Tell whether a page may hear of a change in a folder that it watches: links in there may lead out of the scope."""
        real = Path(os.path.realpath(path.parent), path.name)
        if self.denies(path) or self.denies(real):
            return False
        return real == path or self._allows(real)

    def _allows(self, path: Path) -> bool:
        return self._scope.allows_real(path) or self._scopes.runtime.allows_real(path)

    def forbidden(self, path: Path) -> NotAllowed:
        """Return the rejection of a file that may not be used."""
        allow, deny = ([entry.path for entry in entries] for entries in self._entries)
        # Tauri: the same sentence.
        return NotAllowed(
            f"forbidden path: {path}, maybe it is not allowed on the scope for `allow-{self._command.replace('_', '-')}` "
            "permission in your capability file",
            command=f"plugin:fs|{self._command}",
            reason="out of scope",
            details={"kind": "outOfScope", "path": str(path), "allow": allow, "deny": deny},
            advice=self._grant.scope_advice("path", str(path), allow, deny, denied=self.denies(path)),
        )


def _plain(path: str) -> str:
    """Return a page's path as a path of the system.

    Raises:
        CommandError: It is a URL of another kind, or leads upwards, or no system has such a path.
    """
    if path.startswith("file:"):
        parts = urlsplit(path)
        if parts.netloc not in ("", "localhost"):
            raise CommandError("failed to get path from `file:` url")
        path = os.fsdecode(unquote_to_bytes(parts.path))
    if "\0" in path:
        raise CommandError("a path has no NUL in it")
    if ".." in Path(path).parts:
        # Tauri: the same sentence.
        raise CommandError("cannot traverse directory, rewrite the path without the use of `../`")
    return path


def scope(manager: Manager) -> FileScope:
    """Return the scope that all pages have beside that of their capabilities (Tauri: `FsExt::fs_scope`).

    Raises:
        StateError: The plugin was not added.
    """
    return manager.state(Scopes).runtime


def try_scope(manager: Manager) -> FileScope | None:
    """Return the scope that all pages have; `None` when the plugin was not added."""
    scopes = manager.try_state(Scopes)
    return None if scopes is None else scopes.runtime
