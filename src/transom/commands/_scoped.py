"""Parameters that the scopes of a capability check: files and addresses that a page names."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any
from urllib.parse import SplitResult, urlsplit

from ..acl import MAX_PATH_BYTES, Grant, PathScope, RemoteUrlPattern, ResolvedScope
from ..errors import ConfigError, NotAllowed
from ..handles import PathResolver
from ..runtimes import path_of_descriptor

__all__ = ["ScopedPath", "ScopedUrl"]

_GLOB = frozenset("*?[{")
_MAX_URL = 16 * 1024  # characters


class ScopedPath(os.PathLike[str]):
    """A file or folder that the page names and the scope of the running command covers.

    A command declares `path: ScopedPath` as a parameter, or `ScopedPath | None`. The page sends an absolute path, or one that
    begins with a folder's variable, such as `$APPDATA/notes.txt`. A path that no entry `{"path": pattern}` in the scope of the
    command's permissions covers is refused before the command runs; so is every path if there is no scope at all. Links are
    followed first, and `..` is refused.

    A program that may write to a folder can put a link there after the check. `open` and the methods that read and write are
    safe from that; what is done with `path` itself is not.

    Attributes:
        path: The absolute path without links.
    """

    __slots__ = ("_refusal", "_scope", "path")

    def __init__(self, path: Path, scope: PathScope, refusal: str) -> None:
        self.path = path
        self._scope = scope
        self._refusal = refusal

    @classmethod
    def of(cls, text: str, grant: Grant, paths: PathResolver) -> ScopedPath:
        """Return the file that a page names, if the scope of its grant covers it.

        Raises:
            NotAllowed: It does not.
            ConfigError: An entry of the scope is wrong.
        """
        refusal = _refusal("path", text, grant)
        path = _absolute(text, paths)
        scope = _path_scope(grant, paths)
        if path is None or not scope.allows(path):
            raise _out_of_scope("path", text, grant, refusal, denied=path is not None and scope.denies(path))
        return cls(path, scope, refusal)

    def __truediv__(self, name: str | os.PathLike[str]) -> ScopedPath:
        """Return a file below this folder.

        Raises:
            NotAllowed: The scope does not cover it.
        """
        path = self.path / name
        found = None if ".." in path.parts or "\0" in str(path) else _without_links(path)
        if found is None or not self._scope.allows(found):
            raise NotAllowed(self._refusal)
        return ScopedPath(found, self._scope, self._refusal)

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"ScopedPath({str(self.path)!r})"

    def open(self, mode: str = "r", *, encoding: str | None = None, newline: str | None = None) -> IO[Any]:
        """Open the file as the function `open` does, and only the file that was checked; text is UTF-8.

        Raises:
            NotAllowed: A link was put in its place, or in that of a folder above it.
            OSError: As from `open`; also if it is no regular file.
        """
        if "b" not in mode:
            encoding = io.text_encoding(encoding or "utf-8")
        return open(self.path, mode, encoding=encoding, newline=newline, opener=self._open)

    def read_bytes(self) -> bytes:
        """Return the content; see `open`."""
        with self.open("rb") as file:
            content: bytes = file.read()
        return content

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return the content as text; see `open`."""
        with self.open(encoding=encoding) as file:
            content: str = file.read()
        return content

    def write_bytes(self, data: bytes) -> int:
        """Write the content; see `open`."""
        with self.open("wb") as file:
            return file.write(data)

    def write_text(self, data: str, encoding: str = "utf-8") -> int:
        """Write the content as text; see `open`."""
        with self.open("w", encoding=encoding) as file:
            return file.write(data)

    def _open(self, _path: str, flags: int) -> int:
        # A FIFO must not block, and the last part must not have become a link. Absent flags are 0.
        flags |= sum({getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK")})
        if os.open not in os.supports_dir_fd:
            return self._open_plainly(flags)
        # The folder is opened and asked where it is; nothing that happens to paths from then on leads elsewhere.
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if path_of_descriptor(folder, self.path.parent) != self.path.parent:
                raise NotAllowed(self._refusal)
            descriptor = os.open(self.path.name, flags, 0o666, dir_fd=folder)
        finally:
            os.close(folder)
        return _regular(descriptor, self.path)

    def _open_plainly(self, flags: int) -> int:
        """Open the file where a folder cannot be opened, as on Windows: nothing is cut off before it is checked."""
        descriptor = _regular(os.open(self.path, flags & ~os.O_TRUNC, 0o666), self.path)
        try:
            if not self._scope.allows(path_of_descriptor(descriptor, self.path)):
                raise NotAllowed(self._refusal)
            if flags & os.O_TRUNC:
                os.ftruncate(descriptor, 0)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


class ScopedUrl(str):
    """An address that the page names and the scope of the running command covers; a `str`.

    A command declares `url: ScopedUrl` as a parameter, or `ScopedUrl | None`. An address that no entry `{"url": pattern}` in the
    scope of the command's permissions covers is refused before the command runs; so is every address if there is no scope at
    all. Patterns are those of `remote.urls` in a capability. A redirect may lead elsewhere: check its target with `covers`.
    """

    __slots__ = ("_scope",)
    _scope: _UrlScope

    @classmethod
    def of(cls, text: str, grant: Grant) -> ScopedUrl:
        """Return the address that a page names, if the scope of its grant covers it.

        Raises:
            NotAllowed: It does not.
            ConfigError: An entry of the scope is wrong.
        """
        scope = _url_scope(grant)
        if not scope.allows(text):
            raise _out_of_scope("url", text, grant, _refusal("url", text, grant), denied=scope.denies(text))
        url = cls(text)
        url._scope = scope
        return url

    def covers(self, url: str) -> bool:
        """Tell whether the same scope covers another address, such as the target of a redirect."""
        return self._scope.allows(url)

    @property
    def parts(self) -> SplitResult:
        """The address taken apart."""
        return urlsplit(self)


class _UrlScope:
    def __init__(self, allow: Iterable[str], deny: Iterable[str]) -> None:
        self._allow = [RemoteUrlPattern(pattern) for pattern in allow]
        self._deny = [RemoteUrlPattern(pattern) for pattern in deny]

    def allows(self, url: str) -> bool:
        if len(url) > _MAX_URL or self.denies(url):
            return False
        return any(pattern.test(url) for pattern in self._allow)

    def denies(self, url: str) -> bool:
        return len(url) <= _MAX_URL and any(pattern.test(url) for pattern in self._deny)


def _scopes(grant: Grant) -> list[ResolvedScope]:
    return [scope for scope in (grant.command_scope, grant.global_scope) if scope is not None]


def _entries(grant: Grant, key: str) -> tuple[list[str], list[str]]:
    """Return the patterns that allow and those that deny: entries that are texts, and `key` of entries that are objects."""
    allow: list[str] = []
    deny: list[str] = []
    for scope in _scopes(grant):
        for values, found in ((scope.allow, allow), (scope.deny, deny)):
            for value in values:
                pattern = value.get(key) if isinstance(value, dict) else value
                if isinstance(pattern, str):
                    found.append(pattern)
                elif not isinstance(value, dict) or pattern is not None:
                    raise ConfigError(
                        f"error deserializing scope: expected a text or {{{key!r}: a text}}, got {value!r}"
                    )
    return allow, deny


def _path_scope(grant: Grant, paths: PathResolver) -> PathScope:
    first = next(iter(_scopes(grant)), None)
    scope: PathScope | None = None if first is None else first.typed.get(ScopedPath)
    if scope is None:
        variables = paths.variables()
        allow, deny = ([*map(lambda pattern: _real(pattern, variables), each)] for each in _entries(grant, "path"))  # noqa: C417
        scope = PathScope(allow, [*deny, *_entries(grant, "path")[1]], variables=variables)
        if first is not None:
            first.typed[ScopedPath] = scope
    return scope


def _url_scope(grant: Grant) -> _UrlScope:
    first = next(iter(_scopes(grant)), None)
    scope: _UrlScope | None = None if first is None else first.typed.get(ScopedUrl)
    if scope is None:
        scope = _UrlScope(*_entries(grant, "url"))
        if first is not None:
            first.typed[ScopedUrl] = scope
    return scope


def _real(pattern: str, variables: dict[str, str]) -> str:
    """Follow the links in the part of a pattern that names folders, because the paths it is compared with have none."""
    first, *rest = pattern.split("/")
    if first.startswith("$"):
        if first[1:] not in variables:
            return pattern  # `PathScope` says what is wrong
        first, rest = variables[first[1:]], [part for part in rest if part != ".."]
    elif first:
        return pattern  # relative: `**`, or wrong
    plain = next((index for index, part in enumerate(rest) if _GLOB & set(part)), len(rest))
    folder = os.path.realpath("/".join([first, *rest[:plain]]) or "/")
    if _GLOB & set(folder):
        return pattern
    return "/".join([folder.rstrip("/"), *rest[plain:]])


def _absolute(text: str, paths: PathResolver) -> Path | None:
    """Return a path of a page as an absolute one without links; `None` for one that can name no file in a scope."""
    if "\0" in text or len(text) > MAX_PATH_BYTES or ".." in text.replace("\\", "/").split("/"):
        return None
    path = paths.parse(text)
    return _without_links(path) if path.is_absolute() else None


def _without_links(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a lone surrogate
        return None


def _refusal(what: str, text: str, grant: Grant) -> str:
    # Tauri: the sentence of plugin-fs for a path, and that of plugin-http for a URL.
    permission = f"allow-{grant.command.rpartition('|')[2].replace('_', '-')}"
    if what == "url":
        return f"url not allowed on the configured scope: {text[:MAX_PATH_BYTES]}"
    return (
        f"forbidden path: {text[:MAX_PATH_BYTES]}, maybe it is not allowed on the scope for `{permission}` permission in your "
        "capability file"
    )


def _out_of_scope(key: str, text: str, grant: Grant, refusal: str, *, denied: bool) -> NotAllowed:
    allow, deny = _entries(grant, key)
    advice = grant.scope_advice(key, text[:MAX_PATH_BYTES], allow, deny, denied=denied)
    facts = {
        "kind": "outOfScope",
        "command": grant.command,
        "webview": grant.webview,
        key: text,
        "allow": allow,
        "deny": deny,
    }
    return NotAllowed(refusal, command=grant.command, reason="out of scope", details=facts, advice=advice)


def _regular(descriptor: int, path: Path) -> int:
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(f"{path} is not a regular file")
