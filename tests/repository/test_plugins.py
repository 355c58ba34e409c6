"""Built-in plugins are written as anybody could write them: with public names only."""

from __future__ import annotations

import ast

import pytest

import transom
from tests.repository.tree import ROOT, relative
from transom import ipc

FOLDER = ROOT / "src" / "transom" / "plugins"
PLUGINS = [path for path in sorted(FOLDER.rglob("*.py")) if not path.name.startswith("_")]
PUBLIC = {*transom.__all__, *ipc.__all__}


def problems(tree: ast.Module) -> list[str]:
    """Return the names that are not public of what a module imports from transom, and the private attributes it uses."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("transom")):
            found += [alias.name for alias in node.names if alias.name not in PUBLIC]
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            found.append(node.attr)
        elif isinstance(node, ast.Attribute) and node.attr in {"app", "client", "session"}:
            found.append(node.attr)  # of an `Invoke`: the application itself
    return found


@pytest.mark.parametrize("path", PLUGINS, ids=relative)
def test_a_plugin_uses_public_names_only(path: object) -> None:
    assert problems(ast.parse(path.read_bytes())) == []  # type: ignore[attr-defined]


def test_there_are_plugins() -> None:
    assert {path.stem for path in PLUGINS} >= {"event", "resources", "stream"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from ..core import AppCore", ["AppCore"]),
        ("from transom.pages import PageSession", ["PageSession"]),
        ("def f(invoke):\n    return invoke.app.events", ["app"]),
        ("def f(webview):\n    return webview._page", ["_page"]),
        ("import re\nfrom ..handles import Webview\nfrom typing import Any", []),
    ],
)
def test_what_is_not_public_is_found(text: str, found: list[str]) -> None:
    assert problems(ast.parse(text)) == found
