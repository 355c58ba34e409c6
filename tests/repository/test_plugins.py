"""Built-in plugins are written as anybody could write them: with public names only."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import transom
from tests.repository.tree import ROOT, relative
from transom import errors, ipc
from transom.acl import OFFICIAL_PLUGINS
from transom.plugins import core_plugins

FOLDER = ROOT / "src" / "transom" / "plugins"
ROOM = {FOLDER / "__init__.py", FOLDER / "_core.py", FOLDER / "_declared.py"}
"""The files that list the plugins, and are no plugins themselves."""
PLUGINS = [path for path in sorted(FOLDER.rglob("*.py")) if path not in ROOM]
PUBLIC = {*transom.__all__, *ipc.__all__, *errors.__all__}
NOTHING_BY_DEFAULT = {"clipboard-manager", "global-shortcut", "single-instance"}
"""Plugins whose `default` set allows nothing in Tauri, or that have no commands."""


def problems(tree: ast.Module, folder: bool = False) -> list[str]:
    """Return the names that are not public of what a module imports from transom, and the private attributes it uses.

    Args:
        tree: The module.
        folder: It is in a folder of its plugin, whose other files it may import.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and folder and (node.level == 1 or _is_plugin(node)):
            continue
        if isinstance(node, ast.ImportFrom) and (node.level > 1 or (node.module or "").startswith("transom")):
            found += [alias.name for alias in node.names if alias.name not in PUBLIC]
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not _is_own(node):
            found.append(node.attr)
        elif isinstance(node, ast.Attribute) and node.attr in {"app", "client", "session"}:
            found.append(node.attr)  # of an `Invoke`: the application itself
    return found


def _is_own(node: ast.Attribute) -> bool:
    if node.attr.endswith("__"):  # the language's own names
        return True
    return isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


def _is_plugin(node: ast.ImportFrom) -> bool:
    """Tell whether this imports from another plugin: from its folder, where private names are not."""
    return node.level == 2 and "._" not in f".{node.module}" and not any(alias.name[0] == "_" for alias in node.names)


@pytest.mark.parametrize("path", PLUGINS, ids=relative)
def test_a_plugin_uses_public_names_only(path: Path) -> None:
    assert problems(ast.parse(path.read_bytes()), path.parent != FOLDER) == []


def test_every_folder_is_an_official_plugin_that_says_how_it_is_added() -> None:
    folders = {path.name for path in FOLDER.iterdir() if (path / "__init__.py").is_file()}
    folders -= {plugin.name for plugin in core_plugins()}
    assert {name.replace("-", "_") for name in OFFICIAL_PLUGINS} == folders


@pytest.mark.parametrize("name", OFFICIAL_PLUGINS)
def test_an_official_plugin_is_made_by_init_and_has_its_name(name: str) -> None:
    module = import_module(f"transom.plugins.{name.replace('-', '_')}")
    plugin = module.init()
    assert plugin.name == name
    assert bool(plugin.default) is (name not in NOTHING_BY_DEFAULT) or plugin.permission_sets


def test_an_extra_of_an_official_plugin_is_there() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {extra for extra in OFFICIAL_PLUGINS.values() if extra} <= set(extras)


def test_official_plugins_are_imported_only_when_they_are_added() -> None:
    code = "import sys, transom.app; print([name for name in sys.modules if name.startswith('transom.plugins.')])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = {name.split(".")[2] for name in ast.literal_eval(printed)}
    assert loaded.isdisjoint(name.replace("-", "_") for name in OFFICIAL_PLUGINS)


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
        ("def f(g):\n    return g.__name__", []),
        ("import re\nfrom ..handles import Webview\nfrom typing import Any", []),
    ],
)
def test_what_is_not_public_is_found(text: str, found: list[str]) -> None:
    assert problems(ast.parse(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from ._commands import exists", []),
        ("from ..fs import scope", []),
        ("from .. import fs", []),
        ("from ..fs._scope import Scope", ["Scope"]),
        ("from ...core import AppCore", ["AppCore"]),
        ("from ...core import PluginBuilder", []),
    ],
)
def test_a_folder_may_import_its_own_files_and_other_plugins(text: str, found: list[str]) -> None:
    assert problems(ast.parse(text), True) == found
