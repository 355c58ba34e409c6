"""Built-in plugins are written as anybody could write them: with public names only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import transom
from tests.repository.tree import ROOT, relative
from transom import errors, ipc

FOLDER = ROOT / "src" / "transom" / "plugins"
PLUGINS = [path for path in sorted(FOLDER.rglob("*.py")) if path.parent != FOLDER or not path.name.startswith("_")]
PUBLIC = {*transom.__all__, *ipc.__all__, *errors.__all__}


def problems(tree: ast.Module, depth: int = 1) -> list[str]:
    """Return the names that are not public of what a module imports from transom, and the private attributes it uses.

    Args:
        tree: The module.
        depth: 1 for a plugin in one file, 2 for a file of a plugin's folder: its own files are not transom's.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("transom")):
            if 0 < node.level < depth or (node.level == depth == 2 and node.module and "_" not in node.module[:1]):
                continue  # the plugin's own files, or another plugin's Python interface
            found += [alias.name for alias in node.names if alias.name not in PUBLIC]
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not _is_own(node):
            found.append(node.attr)
        elif isinstance(node, ast.Attribute) and node.attr in {"app", "client", "session"}:
            found.append(node.attr)  # of an `Invoke`: the application itself
    return found


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


@pytest.mark.parametrize("path", PLUGINS, ids=relative)
def test_a_plugin_uses_public_names_only(path: Path) -> None:
    assert problems(ast.parse(path.read_bytes()), depth=1 if path.parent == FOLDER else 2) == []


def test_there_are_plugins() -> None:
    assert {path.stem for path in PLUGINS} >= {"event", "resources", "stream"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from ..core import AppCore", ["AppCore"]),
        ("from transom.pages import PageSession", ["PageSession"]),
        ("def f(invoke):\n    return invoke.app.events", ["app"]),
        ("def f(webview):\n    return webview._page", ["_page"]),
        ("def f(self):\n    return self._own", []),
        ("import re\nfrom ..handles import Webview\nfrom typing import Any", []),
    ],
)
def test_what_is_not_public_is_found(text: str, found: list[str]) -> None:
    assert problems(ast.parse(text)) == found


def test_a_plugin_in_a_folder_may_use_its_own_files_and_the_interface_of_another_plugin() -> None:
    text = "from ._scope import Entry\nfrom ..opener import check_url\nfrom ..opener._url import MAX_URL\nfrom ...core import AppCore"
    assert problems(ast.parse(text), depth=2) == ["AppCore"]
