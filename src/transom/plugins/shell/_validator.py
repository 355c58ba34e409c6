"""The regular expressions of capabilities, matched in a time that grows with what a page sends and not faster.

Tauri's, which are those of Rust, are such by nature. Python's are not: `(a+)+b` takes twice as long with each further `a`,
and every window waits meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

__all__ = ["Matcher", "matcher_of"]

Matcher = Callable[[str], bool]
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)  # an escaped character, a set
_ATOM_OR_END = re.compile(rf"({_ATOM.pattern})|\$", re.DOTALL)
# A reference to a group; classes of Unicode, which Python does not have; sets of sets, which it will take for something else.
_ELSEWHERE = re.compile(r"\\[1-9pP]|\[[^\]]*\[|--|&&|~~|\|\|")
_OPTIONAL = 8  # optional characters: each may double the time


@lru_cache(maxsize=256)
def matcher_of(text: str, *, raw: bool) -> Matcher:
    r"""Return what tells whether a text matches.

    A simple expression is matched by Python: one repeat of a character or a set of them, without groups that are repeated.
    Every other one is matched by RE2, where `\w`, `\d` and `\s` are ASCII.

    Args:
        text: The expression.
        raw: Whether a match anywhere in the text is enough.

    Raises:
        ValueError: It is none, it needs RE2 and that is not installed, or RE2 does not know what it uses.
    """
    found: Any = _compiled_by_python(text) if _is_simple(text, raw=raw) else _compiled_by_re2(text)
    match = found.search if raw else found.fullmatch

    def matches(value: str) -> bool:
        try:
            return match(value) is not None
        except UnicodeEncodeError:  # half of a pair of surrogates, which RE2 has no form for
            return False

    return matches


def _is_simple(text: str, *, raw: bool) -> bool:
    """Tell whether Python takes a time that grows with the text and not faster."""
    rest = _ATOM.sub("x", text)
    if re.search(r"\(\?|\)[*+?{]", rest) or _ELSEWHERE.search(text):
        return False
    # A search begins at every character, so a repeat makes it quadratic.
    return len(re.findall(r"[*+{]", rest)) <= (0 if raw else 1) and rest.count("?") <= _OPTIONAL


def _compiled_by_python(text: str) -> Any:
    try:
        # Python's `$` also matches before a line break at the end, and those of Rust and RE2 do not.
        return re.compile(_ATOM_OR_END.sub(lambda found: found[1] or r"\Z", text))
    except re.error as error:
        raise ValueError(f"it is not a regular expression: {error}") from None


def _compiled_by_re2(text: str) -> Any:
    try:
        re2: Any = import_module("re2")
    except ImportError:
        raise ValueError(
            "Python's own regular expressions could take very long over what a page sends here; write it with one repeat "
            "and no repeated group, or install `transom[shell]`, which brings RE2"
        ) from None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options=options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ValueError(
            f"RE2 does not take it: {reason}; look-arounds and references to groups are not there"
        ) from None
