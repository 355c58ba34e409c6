"""What a page may open: entries `{url, app?}` and `{path, app?}` of capabilities."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from ...acl import PathScope, ScopeValue

__all__ = ["Entry", "OpenerScope"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a scope.

    Attributes:
        url: A glob over addresses, such as `https://*` or `https://example.org/*`; `None` for an entry with a path.
        path: A glob over paths, such as `$HOME/**`; `None` for an entry with an address.
        program: `app`, what may open it: `None` for the user's choice only, `True` for any program, or the name of one.
    """

    url: str | None = None
    path: str | None = None
    program: bool | str | None = msgspec.field(default=None, name="app")

    def __post_init__(self) -> None:
        if (self.url is None) == (self.path is None):
            raise ValueError("an entry of the opener's scope has either `url` or `path`")

    def opens_with(self, program: str | None) -> bool:
        """Tell whether the program may open what the entry covers; `None` is the user's choice."""
        if self.program is None or self.program is False:
            # Tauri: `false` allows nothing at all; here it is the same as leaving `app` out.
            return program is None
        return self.program is True or self.program == program

    def covers_url(self, url: str) -> bool:
        """Tell whether the entry covers an address that `check_url` returned.

        A `*` in the host ends with the host. In Tauri it goes on into the path, where anybody may write anything.
        """
        if self.url is None:
            return False
        host, rest = _parts(url)
        wanted, pattern = _parts(self.url)
        if not pattern and wanted.endswith("*"):
            pattern = "*"
        return fnmatchcase(host, wanted.lower()) and (fnmatchcase(rest, pattern) or (pattern == "" and rest == "/"))


def _parts(url: str) -> tuple[str, str]:
    """Take an address or a pattern apart: up to the end of the host, and the rest."""
    scheme, mark, after = url.partition("://")
    if not mark:
        scheme, mark, after = url.partition(":")
        return scheme + mark, after
    end = next((index for index, letter in enumerate(after) if letter in "/?#" and index), len(after))
    if after[:1] in ("/", ""):
        return scheme + mark, after
    return scheme + mark + after[:end], after[end:]


class OpenerScope:
    """The scopes of one call: the command's and the plugin's together.

    Args:
        scopes: The scopes.
    """

    def __init__(self, *scopes: ScopeValue[Entry]) -> None:
        self._allow = [entry for scope in scopes for entry in scope.allows]
        self._deny = [entry for scope in scopes for entry in scope.denies]

    def allow_url(self, url: str, program: str | None) -> bool:
        """Tell whether an address that `check_url` returned may be opened with a program."""
        if any(entry.covers_url(url) for entry in self._deny):
            return False
        return any(entry.covers_url(url) and entry.opens_with(program) for entry in self._allow)

    def allow_path(self, path: str, program: str | None, variables: Mapping[str, str]) -> Path | None:
        """Return the file that may be opened with a program, with all links followed; `None` when none may.

        Raises:
            OSError: There is no such file.
            ConfigError: A pattern is wrong.
        """
        if not os.path.isabs(path) or "\0" in path:  # noqa: PTH117 - a text of the page
            return None
        found = Path(path).resolve(strict=True)
        deny = _patterns(self._deny)
        for entry in self._allow:
            if entry.path is not None and entry.opens_with(program):
                # Tauri: `require_literal_leading_dot` is the system's rule: on for POSIX.
                scope = PathScope(_patterns([entry]), deny, variables=variables, literal_dot=os.name != "nt")
                if scope.allows(found):
                    return found
        return None


def _patterns(entries: Sequence[Entry]) -> list[str]:
    return [entry.path for entry in entries if entry.path is not None]
