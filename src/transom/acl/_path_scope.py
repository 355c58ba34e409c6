"""Which files may be read: glob patterns over whole paths, a deny before any allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from ..errors import ConfigError

__all__ = ["PathScope"]


class PathScope:
    """Patterns of allowed and denied files.

    `*` and `?` do not cross a `/`, `**` does (CVE-2022-46171: a `*` that crosses gives more than it says).

    Args:
        allow: Patterns of files that may be read; none allows nothing.
        deny: Patterns of files that may not, whatever `allow` says.
        variables: What a leading `$NAME` stands for.
        literal_dot: Whether a name that starts with a dot needs a pattern that says the dot.

    Raises:
        ConfigError: A pattern begins with a variable that is not among `variables`, or is not absolute.
    """

    def __init__(
        self, allow: Sequence[str], deny: Sequence[str] = (), *, variables: Mapping[str, str], literal_dot: bool = True
    ) -> None:
        from wcmatch import glob  # slow to import, and few applications have such a scope

        self._allow = [_resolved(pattern, variables) for pattern in allow]
        self._deny = [_resolved(pattern, variables) for pattern in deny]
        self._flags = glob.GLOBSTAR | (0 if literal_dot else glob.DOTGLOB)

    def allows(self, path: PurePath) -> bool:
        """Tell whether a file may be read; `path` is absolute and has no `..` and no link left in it."""
        text = str(path)
        if not path.is_absolute() or ".." in path.parts:
            return False
        from wcmatch import glob

        # A deny must not be escaped by a leading dot.
        if self._deny and glob.globmatch(text, self._deny, flags=self._flags | glob.DOTGLOB):
            return False
        return bool(self._allow) and glob.globmatch(text, self._allow, flags=self._flags)


def _resolved(pattern: str, variables: Mapping[str, str]) -> str:
    from wcmatch import glob

    if pattern.startswith("$"):
        name, slash, rest = pattern[1:].partition("/")
        if name not in variables:
            known = ", ".join(f"${known}" for known in variables)
            raise ConfigError(
                f"the scope pattern {pattern!r} begins with a variable that is not known here; known are {known}"
            )
        pattern = glob.escape(variables[name]) + slash + rest
    if not PurePath(pattern).is_absolute():
        raise ConfigError(
            f"the scope pattern {pattern!r} is not absolute; begin it with / or with a variable such as $HOME"
        )
    return pattern
