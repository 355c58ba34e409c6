"""Glob patterns over the labels of windows and webviews."""

from __future__ import annotations

import fnmatch
import re

from ...errors import ConfigError

__all__ = ["LabelGlob"]

_SET = re.compile(r"\[(?:!.|[^!])[^]]*\]", re.DOTALL)
"""One `[...]` or `[!...]` with a member at least; a `]` in the first place is one."""


class LabelGlob:
    """A pattern over whole labels: `*` any text, `?` one character, `[a-c]` one of these, `[!a-c]` any other.

    Tauri: the `glob` crate, so case counts, `*` crosses `/` too, and nothing escapes: write `[*]` for a star.

    Args:
        pattern: The text in a capability's `windows` or `webviews`.

    Raises:
        ConfigError: A `[` is never closed, or `**` is part of a longer pattern.
    """

    # wcmatch and its rules for paths (leading dots, slashes, escapes) would have to be switched off one by one; the
    # standard library's translation has the crate's meaning but for the two cases that are refused.
    __slots__ = ("_regex", "pattern")

    def __init__(self, pattern: str) -> None:
        rest = _SET.sub("x", pattern)
        if "[" in rest:
            raise ConfigError(
                f"failed to run glob: the `[` in {pattern!r} is never closed; write `[[]` for the character"
            )
        if "**" in rest and pattern != "**":
            raise ConfigError(f"failed to run glob: {pattern!r} has `**`; write one `*`, it crosses `/` in labels")
        self.pattern = pattern
        self._regex = re.compile(fnmatch.translate(pattern))

    def matches(self, label: str) -> bool:
        """Tell whether the whole label fits."""
        return self._regex.match(label) is not None
