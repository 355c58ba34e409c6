"""Which files may be read: glob patterns over whole paths, a deny before any allow."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from ...errors import ConfigError

__all__ = ["MAX_PATH_BYTES", "PathScope"]

MAX_PATH_BYTES: Final = 4096
"""The longest path that a scope allows: Linux's PATH_MAX, beyond which no file can be opened."""

_WINDOWS = sys.platform == "win32"
# Where one file answers to its name in other cases and Unicode forms; no spelling may escape a deny.
_FOLDS = sys.platform in ("darwin", "win32")


class PathScope:
    """Patterns of allowed and denied files.

    `*` and `?` do not cross a `/`, `**` does (CVE-2022-46171: a `*` that crosses gives more than it says). The time for
    one path grows with its length times that of the patterns, whatever the patterns are: pages choose paths.

    Args:
        allow: Patterns of files that may be read; none allows nothing.
        deny: Patterns of files that may not, whatever `allow` says.
        variables: The paths for a leading `$NAME`.
        literal_dot: Whether a name that starts with a dot needs a pattern that says the dot.

    Raises:
        ConfigError: A pattern begins with a variable that is not among `variables`, or is not absolute.
    """

    def __init__(
        self, allow: Sequence[str], deny: Sequence[str] = (), *, variables: Mapping[str, str], literal_dot: bool = True
    ) -> None:
        self._allow = [_Pattern(_resolved(pattern, variables), literal_dot=literal_dot) for pattern in allow]
        # A deny must not be escaped by a leading dot.
        self._deny = [_Pattern(_folded(_resolved(pattern, variables)), literal_dot=False) for pattern in deny]

    def allows(self, path: PurePath) -> bool:
        """Tell whether a file may be read; `path` is absolute and has no `..` and no link left in it.

        A path of more than `MAX_PATH_BYTES` bytes is not allowed.
        """
        names = _names(path)
        if names is None or self._denied(names):
            return False
        return any(pattern.matches(names) for pattern in self._allow)

    def denies(self, path: PurePath) -> bool:
        """Tell whether a file is denied, whatever is allowed: by a pattern, or because no scope allows such a path."""
        names = _names(path)
        return names is None or self._denied(names)

    def _denied(self, names: list[str]) -> bool:
        folded = [_folded(name) for name in names] if _FOLDS else names
        return any(pattern.matches(folded) for pattern in self._deny)


def _names(path: PurePath) -> list[str] | None:
    """Return the names in a path; `None` for one that no scope allows."""
    if not path.is_absolute() or ".." in path.parts:
        return None
    text = path.as_posix()
    if len(text.encode("utf-8", "surrogatepass")) > MAX_PATH_BYTES:
        return None
    return [name for name in text.split("/") if name]


class _Pattern:
    """One pattern, taken apart at its slashes.

    Within a name, wcmatch decides. Its expression for a whole path is not used, because several `**` in it make the
    regular expression engine try every way to split the path. Here a path is followed once, name by name, together with
    every place in the pattern that it can be at.

    Args:
        pattern: The pattern, absolute, with forward slashes.
        literal_dot: See `PathScope`.
    """

    __slots__ = ("_literal_dot", "_reach", "_steps")

    def __init__(self, pattern: str, *, literal_dot: bool) -> None:
        self._literal_dot = literal_dot
        # The rule for each name; `None` for `**`, any number of names.
        self._steps: list[re.Pattern[str] | None] = []
        parts = [part for part in pattern.split("/") if part]
        for part in parts:
            if part != "**":
                self._steps.append(_name_pattern(part, literal_dot=literal_dot))
            elif not self._steps or self._steps[-1] is not None:
                self._steps.append(None)
        if pattern.endswith("/"):  # names a folder, which no path of a file does
            self._steps.append(_name_pattern("", literal_dot=literal_dot))
        # Where a path can be without another name, from each place: `**` may stand for no name, but not at the end.
        last = len(self._steps) - 1
        self._reach = [
            (place, place + 1) if place < last and self._steps[place] is None else (place,) for place in range(last + 2)
        ]

    def matches(self, names: Sequence[str]) -> bool:
        """Tell whether the pattern covers a path, given as its names."""
        places = set(self._reach[0])
        for name in names:
            hidden = self._literal_dot and name.startswith(".")
            reached: set[int] = set()
            for place in places:
                if place == len(self._steps):
                    continue
                step = self._steps[place]
                if step is None:
                    if not hidden:
                        reached.update(self._reach[place], self._reach[place + 1])
                elif step.fullmatch(name):
                    reached.update(self._reach[place + 1])
            places = reached
            if not places:
                return False
        return len(self._steps) in places


def _folded(text: str) -> str:
    """Return a text in the form in which names that may be those of one file are equal."""
    if not _FOLDS:
        return text
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _name_pattern(part: str, *, literal_dot: bool) -> re.Pattern[str]:
    """Return the expression for one name of a path. wcmatch makes every `*` in it but the last atomic."""
    from wcmatch import glob  # slow to import, and few applications have such a scope

    flags = glob.FORCEUNIX | (0 if literal_dot else glob.DOTGLOB) | (glob.IGNORECASE if _WINDOWS else 0)
    [expression], _ = glob.translate(part, flags=flags)
    return re.compile(expression)


def _resolved(pattern: str, variables: Mapping[str, str]) -> str:
    if pattern.startswith("$"):
        name, slash, rest = pattern[1:].partition("/")
        if name not in variables:
            known = ", ".join(f"${known}" for known in variables)
            raise ConfigError(
                f"the scope pattern {pattern!r} begins with a variable that is not known here; known are {known}"
            )
        from wcmatch import glob

        # Tauri: `..` after a variable is left out, so that a pattern does not lead out of the folder.
        rest = "/".join(part for part in rest.split("/") if part != "..")
        pattern = glob.escape(PurePath(variables[name]).as_posix(), unix=True) + slash + rest
    elif _WINDOWS:
        # Tauri: the `glob` crate has no escapes, so a backslash is a separator there.
        pattern = pattern.replace("\\", "/")
    if pattern == "**" or pattern.startswith("**/"):
        return f"/{pattern}"  # Tauri: it covers every path
    if not PurePath(pattern).is_absolute():
        raise ConfigError(
            f"the scope pattern {pattern!r} is not absolute; begin it with / or with a variable such as $HOME"
        )
    return pattern
