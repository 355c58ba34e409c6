"""The files of a front end, with their tokens and the types that they declare."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ._tokens import Token, tokens_of

__all__ = ["Source", "sources_of"]

_SCRIPTS = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs")
_DOCUMENTS = (".vue", ".svelte", ".html", ".astro")
_IGNORED = frozenset("node_modules dist build out target gen site-packages __pycache__ venv vendor coverage".split())
_LARGEST = 2 * 1024 * 1024  # bytes: what is larger was made by a bundler
_SCRIPT = re.compile(r"(<script\b[^>]*>)(.*?)</script>|\A---\n(.*?)\n---", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CALL = re.compile(r"\binvoke\s*[<(]")


class Source:
    """One file.

    Attributes:
        path: Relative to the project.
        parts: The tokens of each script in it, and of each call that is in the markup.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._text = text
        self.parts = list(_parts(path, text))

    def line(self, token: Token) -> int:
        """Return the number of a token's line, from 1."""
        return self._text.count("\n", 0, token.offset) + 1


def sources_of(folder: Path) -> list[Source]:
    """Return the files of a project's front end, sorted; packages, builds and tests are left out."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _IGNORED and not name.startswith("."))
        for name in sorted(names):
            file = Path(place) / name
            if file.suffix not in (*_SCRIPTS, *_DOCUMENTS) or re.search(r"\.(test|spec|min|config)\.\w+$", name):
                continue
            try:
                if file.stat().st_size <= _LARGEST:
                    found.append(Source(file.relative_to(folder), file.read_text("utf-8", errors="replace")))
            except OSError:  # such as a link that leads nowhere
                continue
    return found


def _parts(path: Path, text: str) -> Iterator[list[Token]]:
    if path.suffix in _SCRIPTS:
        yield tokens_of(text)
        return
    scripts = [match.span(2 if match[2] is not None else 3) for match in _SCRIPT.finditer(text)]
    script: list[Token] = []
    for begin, end in scripts:
        tokens = tokens_of(text, begin, end)
        script += [each._replace(parent=each.parent + len(script) if each.parent >= 0 else -1) for each in tokens]
    yield script
    hidden = [match.span() for match in (*_SCRIPT.finditer(text), *_COMMENT.finditer(text))]
    for match in _CALL.finditer(text):
        if not any(begin <= match.start() < end for begin, end in hidden):
            # The names that it uses are the script's.
            call = tokens_of(text, match.start(), _end_of_call(text, match.end() - 1))
            yield script + [each._replace(parent=each.parent + len(script)) for each in call]


def _end_of_call(text: str, begin: int) -> int:
    depth = 0
    for match in re.finditer(r"[()]", text[begin:]):
        depth += 1 if match[0] == "(" else -1
        if depth <= 0:
            return begin + match.end()
    return len(text)
