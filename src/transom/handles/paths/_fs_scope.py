"""The scope of the asset protocol, which an application can widen and narrow while it runs."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path

from ...acl import PathScope
from ...config import FsScope as FsScopeConfig

__all__ = ["FsScope"]

_MAGIC = re.compile(r"([*?[])")


class FsScope:
    """Which files the asset protocol may read (Tauri: `tauri::scope::fs::Scope`).

    What is forbidden stays so, whatever is allowed. Any thread.

    Args:
        config: The scope that the configuration gives.
        variables: What a leading `$NAME` in it stands for.

    Raises:
        ConfigError: A pattern is wrong.
    """

    def __init__(self, config: FsScopeConfig, variables: Mapping[str, str]) -> None:
        self._allow = dict.fromkeys(config.allow)
        self._deny = dict.fromkeys(config.deny)
        self._variables = variables
        # Tauri: a leading dot must be matched literally on Unix, unless the scope says otherwise.
        literal_dot = config.require_literal_leading_dot
        self._literal_dot = os.name == "posix" if literal_dot is None else literal_dot
        self._lock = threading.Lock()
        self._scope = self._made()

    def _made(self) -> PathScope:
        return PathScope(
            tuple(self._allow), tuple(self._deny), variables=self._variables, literal_dot=self._literal_dot
        )

    def allows(self, path: Path) -> bool:
        """Tell whether a file may be read, given by an absolute path with no link left in it."""
        return self._scope.allows(path)

    def is_allowed(self, path: str | os.PathLike[str]) -> bool:
        """Tell whether a file may be read."""
        return self.allows(Path(path).resolve())

    def allow_file(self, path: str | os.PathLike[str]) -> None:
        """Let a file be read, under this path and under the one that its links lead to."""
        self._add(self._allow, path, "")

    def allow_directory(self, path: str | os.PathLike[str], recursive: bool) -> None:
        """Let the files of a folder be read.

        Args:
            path: The folder.
            recursive: Whether those of the folders in it are meant, too.
        """
        self._add(self._allow, path, "/**" if recursive else "/*")

    def forbid_file(self, path: str | os.PathLike[str]) -> None:
        """Let a file be read no more, whatever is allowed."""
        self._add(self._deny, path, "")

    def forbid_directory(self, path: str | os.PathLike[str], recursive: bool) -> None:
        """Let the files of a folder be read no more, whatever is allowed; see `allow_directory`."""
        self._add(self._deny, path, "/**" if recursive else "/*")

    def allowed_patterns(self) -> tuple[str, ...]:
        """Return the patterns of what is allowed."""
        return tuple(self._allow)

    def forbidden_patterns(self) -> tuple[str, ...]:
        """Return the patterns of what is forbidden."""
        return tuple(self._deny)

    def _add(self, patterns: dict[str, None], path: str | os.PathLike[str], suffix: str) -> None:
        absolute = Path(path).absolute()
        new = [_literal(each) + suffix for each in (absolute, absolute.resolve())]
        with self._lock:
            if not all(pattern in patterns for pattern in new):
                patterns.update(dict.fromkeys(new))
                self._scope = self._made()


def _literal(path: Path) -> str:
    """Return the pattern of one path."""
    # Not with backslashes but for themselves: on Windows, where no path has one, a pattern's are separators.
    return _MAGIC.sub(r"[\1]", path.as_posix().rstrip("/").replace("\\", r"\\"))
