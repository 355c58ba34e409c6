"""Reads documents that put Tauri's code beside transom's: the Markdown is the source of what the tests run.

A pair is a section: what is under one heading of the third level. Its parts are

| part | what it is |
|---|---|
| a block of `rust` | Tauri's side, for the reader |
| blocks of `python` | transom's side: `main.py`, or the module that the first line names (`# commands.py`) |
| blocks of `javascript`, `typescript` | the page's script |
| the comment `<!-- python` | a part of `main.py` that is not shown, before what is |
| the comment `<!-- page` | a part of the page's script that is not shown, after what is |
| the comment `<!-- file NAME` | a file of the project |
| the comment `<!-- client GENERATION` | the page is one of an older generation, with the npm package of its time |
| the comment `<!-- expect` | what comes of it, one line each: `page logs: Hello`, in the order of each kind |

`run_pairs.py` runs them, and `test_pairs.py` compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["KINDS", "Pair", "read_pairs", "write_pair"]

# What a line of an expectation can begin with. Add here, and to what reports it.
KINDS = ("page logs", "page warns", "page errors", "python prints", "python logs")
_PART = re.compile(
    r"^### (?P<title>[^\n]+)$|^## (?P<chapter>[^\n]+)$"
    r"|^```(?P<language>\w+)\n(?P<code>.*?)^```$"
    r"|^<!-- ?(?P<what>\S*)(?: (?P<name>\S+))?\n(?P<hidden>.*?)^-->$|^(?P<other><!--|```)",
    re.MULTILINE | re.DOTALL,
)
_MODULE = re.compile(r"# (\w+)\.py\n")
_PAGE_LANGUAGES = ("javascript", "typescript")


class Pair(NamedTuple):
    """One section of a document.

    Attributes:
        title: Its heading.
        rust: Tauri's blocks.
        files: Texts by their names in the project: the modules, and those of the comments.
        page: The page's script.
        expected: Lines by their kind, for all of `KINDS`.
        client: Generation of Tauri's client in the page, as `Builder.client` names it.
    """

    title: str
    rust: tuple[str, ...]
    files: dict[str, str]
    page: str
    expected: dict[str, list[str]]
    client: str = "2.x"

    @property
    def slug(self) -> str:
        """A name for a folder."""
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")


def read_pairs(document: Path) -> list[Pair]:
    """Return the pairs of a document, in its order.

    Raises:
        ValueError: A section has code and no other half, no page script or no expectation; the text names it.
    """
    pairs = [_pair(title, parts) for title, parts in _sections(document.read_text("utf-8")) if parts]
    slugs = [pair.slug for pair in pairs]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise ValueError(f"two sections are called {slug!r}")
    return pairs


def write_pair(pair: Pair, folder: Path) -> None:
    """Write a pair's project: its modules and files, `page.ts`, and `tauri.conf.json` with one window."""
    files = {
        "tauri.conf.json": '{"identifier": "app.transom.docs", "build": {"frontendDist": "dist"}, "app": {"windows": [{}]}}',
        "page.ts": pair.page,
        **pair.files,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _sections(text: str) -> Iterator[tuple[str, list[re.Match[str]]]]:
    title, parts = "", list[re.Match[str]]()
    for part in _PART.finditer(text):
        if part["title"] or part["chapter"]:
            yield title, parts
            title, parts = part["title"] or "", []
        else:
            parts.append(part)
    yield title, parts


def _pair(title: str, parts: list[re.Match[str]]) -> Pair:
    if not title:
        raise ValueError(f"code outside of a section of the third level: {parts[0][0]}")
    rust: list[str] = []
    modules: dict[str, list[str]] = {"main.py": []}
    files: dict[str, str] = {}
    page: list[str] = []
    after: list[str] = []
    expected: dict[str, list[str]] = {kind: [] for kind in KINDS}
    client = "2.x"
    for part in parts:
        code, hidden = part["code"], part["hidden"]
        match part["language"] or part["what"]:
            case "rust":
                rust.append(code)
            case "python" if code is not None:
                named = _MODULE.match(code)
                modules.setdefault(f"{named[1]}.py" if named else "main.py", []).append(code)
            case "python":
                modules["main.py"].append(hidden)
            case "page":
                after.append(hidden)
            case "client":
                client = part["name"]
            case "file":
                files[part["name"]] = hidden
            case "expect":
                _read_expected(title, hidden, expected)
            case language if language in _PAGE_LANGUAGES:
                page.append(code)
            case other:
                raise ValueError(f"{title}: {other or part[0]!r} is none of the parts of a pair")
    programs = {name: "\n\n".join(codes) for name, codes in modules.items() if codes}
    _check_whole(
        title,
        {
            "no half of Tauri's": not rust and not page,
            "no Python": "main.py" not in programs,
            "no page script": not page and not after,
            "no expectation": not any(expected.values()),
        },
    )
    return Pair(title, tuple(rust), {**files, **programs}, "\n".join([*page, *after]), expected, client)


def _check_whole(title: str, lacks: dict[str, bool]) -> None:
    for what, lacking in lacks.items():
        if lacking:
            raise ValueError(f"{title}: the section has {what}")


def _read_expected(title: str, text: str, expected: dict[str, list[str]]) -> None:
    for line in text.splitlines():
        kind, colon, value = line.partition(": ")
        if not colon or kind not in expected:
            raise ValueError(f"{title}: {line!r} is no expectation; they begin with {', '.join(KINDS)} and a colon")
        expected[kind].append(value)
