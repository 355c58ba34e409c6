from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from transom.core import Plugin
from transom.plugins import core_plugins
from transom.plugins._core import load_plugin
from transom.plugins._declared import DECLARED


@pytest.mark.parametrize("plugin", core_plugins(), ids=lambda plugin: plugin.name)
def test_a_core_plugin_knows_its_commands_and_says_what_its_default_allows(plugin: Plugin) -> None:
    commands = {f"allow-{name.replace('_', '-')}" for name in plugin.commands or ()}
    assert commands
    assert set(plugin.default) <= commands


@pytest.mark.parametrize("name", DECLARED)
def test_a_core_plugin_that_is_imported_later_offers_what_is_declared(name: str) -> None:
    declared = next(plugin for plugin in core_plugins() if plugin.name == name)
    plugin = load_plugin(name)
    assert set(declared.commands or ()) == set(plugin.commands or ())
    assert set(declared.default) == set(plugin.default)
    same = {"handler": None, "commands": None, "default": ()}
    assert msgspec.structs.replace(declared, **same) == msgspec.structs.replace(plugin, **same)


def test_an_application_that_uses_no_menu_imports_none() -> None:
    program = "from transom import Builder; Builder(); import sys; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    later = (
        "transom.menu",
        "transom.tray",
        "transom.runtimes.image",
        "transom.runtimes.menus",
        "transom.plugins.window",
    )
    assert [module for module in modules if module.startswith(later)] == []
    assert [module for module in modules if module.startswith("transom.runtimes.ops.")] == ["transom.runtimes.ops._op"]
