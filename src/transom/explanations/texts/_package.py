"""The texts of the whole package."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable
from pathlib import Path

from ._error_text import ErrorText, Raiser
from ._module import Found, texts_of

__all__ = ["error_texts"]

_PACKAGE = Path(__file__).parents[2]
# What nobody is to catch or to read: the protocol of Python itself, and faults of transom.
_NOT_FOR_PEOPLE = frozenset(
    ("AttributeError", "AssertionError", "NotImplementedError", "IllegalTransition", "StopIteration")
)
_INSERTED = r"\$\{(?:[^{}]|\{[^{}]*\})*\}"
_OF_SCRIPTS = re.compile(
    r"(?:new (?:Type|Range|)Error|Promise\.reject|console\.(?:warn|error))\(\s*"
    rf"(?:`((?:{_INSERTED}|[^`\\])+)`|'((?:[^'\\]|\\.)+)')"
)
_LEAST_LETTERS = 6
# What the terminal says when nothing is wrong.
_NEWS = re.compile(
    r"transom: (<\w+>$|<reason>|waiting for|inspector:|press i|the back end runs|the windows are made)|Keep the|<before>"
)


def error_texts(package: Path = _PACKAGE, said: str = "") -> list[ErrorText]:
    """Return every text that a program, a page, the log or the command line says when something is wrong.

    Texts that only hand on what another program or library says are left out. Reading the whole package takes about two
    seconds.

    Args:
        package: The folder of the package.
        said: What an error says, to read only the files that can have its text; empty for all.
    """
    words = re.findall(r"[A-Za-z]{4,}", said)
    sources = {path: path.read_bytes() for path in sorted(package.rglob("*.py")) if "explanations" not in path.parts}
    trees = {
        path: ast.parse(source)
        for path, source in sources.items()
        if not words or sum(word.encode() in source for word in words) * 2 > len(words)
    }
    exceptions = _exceptions_of(sources.values())
    raisers: dict[tuple[str, str], dict[Raiser, None]] = {}
    for path, tree in trees.items():
        _add(raisers, _module_of(path, package), texts_of(tree, exceptions))
    for path in sorted((package / "wire" / "js").rglob("*.js")):
        _add(raisers, _module_of(path, package), _texts_of_script(path.read_text("utf-8")))
    return [ErrorText(text, kind, tuple(places)) for (text, kind), places in raisers.items()]


def _add(raisers: dict[tuple[str, str], dict[Raiser, None]], module: str, found: list[Found]) -> None:
    for written, kind, function in found:
        text = " ".join(written.split())
        if kind in _NOT_FOR_PEOPLE or (kind == "terminal" and _NEWS.match(text)):
            continue
        if sum(map(str.isalpha, re.sub(r"<[^<>]*>", "", text))) >= _LEAST_LETTERS:
            raisers.setdefault((text, kind), {})[Raiser(module, function)] = None


def _module_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "transom"


def _exceptions_of(sources: Iterable[bytes]) -> frozenset[str]:
    known = {
        name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
    }
    classes = [
        (name.decode(), set(re.findall(r"\w+", bases.decode())))
        for source in sources
        for name, bases in re.findall(rb"^class (\w+)\(([^)]*)\):", source, re.MULTILINE)
    ]
    while more := {name for name, bases in classes if name not in known and known & bases}:
        known |= more
    return frozenset(known)


def _texts_of_script(code: str) -> list[Found]:
    found = []
    for match in _OF_SCRIPTS.finditer(code):
        text = re.sub(_INSERTED, "<...>", match[1] or match[2])
        found.append(Found(text, "browser", ""))
    return found
