"""A scope of files that grows while the application runs (Tauri: `tauri_plugin_fs::Scope`)."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...acl import PathScope

__all__ = ["FileScope"]

_MAGIC = frozenset("*?[]{}\\")


class FileScope:
    """The files that pages may use: glob patterns, and files and folders that were added. A deny counts before any allow.

    Links are followed before a path is looked at, so that a link leads nowhere that its target could not be used. Any
    thread.

    Args:
        allow: Patterns of files that may be used, such as `$APPDATA/**`; see `PathScope`.
        deny: Patterns of files that may not.
        variables: What a leading `$NAME` stands for; see `PathResolver.variables`.
        literal_dot: Whether a name that starts with a dot needs a pattern that says the dot.

    Raises:
        ConfigError: A pattern begins with an unknown variable, or is not absolute.
    """

    def __init__(
        self,
        allow: Sequence[str] = (),
        deny: Sequence[str] = (),
        *,
        variables: Mapping[str, str] | None = None,
        literal_dot: bool = True,
    ) -> None:
        # What a variable stands for may be reached by links, such as a home on another disk.
        self._variables = {name: os.path.realpath(folder) for name, folder in (variables or {}).items()}
        self._literal_dot = literal_dot
        self._allow = tuple(allow)
        self._deny = tuple(deny)
        self._lock = threading.Lock()
        self._compiled = self._compile()

    def allow_file(self, path: str | os.PathLike[str]) -> None:
        """Allow a file."""
        self._add(allow=(_literal(path),))

    def allow_directory(self, path: str | os.PathLike[str], recursive: bool = False) -> None:
        """Allow a folder and what is in it.

        Args:
            path: The folder.
            recursive: The folders in it, too.
        """
        self._add(allow=_folder(path, recursive=recursive))

    def forbid_file(self, path: str | os.PathLike[str]) -> None:
        """Deny a file, whatever is allowed."""
        self._add(deny=(_literal(path),))

    def forbid_directory(self, path: str | os.PathLike[str], recursive: bool = False) -> None:
        """Deny a folder and what is in it, whatever is allowed.

        Args:
            path: The folder.
            recursive: The folders in it, too.
        """
        self._add(deny=_folder(path, recursive=recursive))

    def is_allowed(self, path: str | os.PathLike[str]) -> bool:
        """Tell whether a file may be used; it need not exist."""
        given = Path(os.path.abspath(path))  # noqa: PTH100 - leaves links alone, and takes `..` away
        return not self._compiled.denies(given) and self._compiled.allows(_real(given))

    def is_forbidden(self, path: str | os.PathLike[str]) -> bool:
        """Tell whether a pattern denies a file."""
        given = Path(os.path.abspath(path))  # noqa: PTH100
        return self._compiled.denies(given) or self._compiled.denies(_real(given))

    def allows_real(self, path: Path) -> bool:
        """Tell whether a file may be used whose path is absolute and has no link left in it."""
        return self._compiled.allows(path)

    def denies_real(self, path: Path) -> bool:
        """Tell whether a pattern denies a file whose path is absolute; links in it are not followed."""
        return self._compiled.denies(path)

    def _add(self, allow: tuple[str, ...] = (), deny: tuple[str, ...] = ()) -> None:
        with self._lock:
            more = tuple(pattern for pattern in allow if pattern not in self._allow)
            denied = tuple(pattern for pattern in deny if pattern not in self._deny)
            if more or denied:
                self._allow += more
                self._deny += denied
                self._compiled = self._compile()

    def _compile(self) -> PathScope:
        return PathScope(
            [_with_real_folder(pattern) for pattern in self._allow],
            # A deny counts for the path as it is written, too.
            [*self._deny, *map(_with_real_folder, self._deny)],
            variables=self._variables,
            literal_dot=self._literal_dot,
        )


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _literal(path: str | os.PathLike[str]) -> str:
    return PathScope.literal(_real(Path(path)))


def _folder(path: str | os.PathLike[str], *, recursive: bool) -> tuple[str, str]:
    folder = _literal(path)
    return folder, f"{folder.rstrip('/')}/{'**' if recursive else '*'}"


def _with_real_folder(pattern: str) -> str:
    """Return a pattern whose beginning, up to the first wildcard, has no link left in it."""
    if not Path(pattern).is_absolute():
        return pattern  # begins with a variable, or with `**`
    parts = pattern.split("/")
    plain = next((number for number, part in enumerate(parts) if _MAGIC & set(part)), len(parts))
    real = _literal("/".join(parts[:plain]) or "/")
    return "/".join([real.rstrip("/"), *parts[plain:]])
