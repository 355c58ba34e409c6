from __future__ import annotations

import pytest

from transom.core import Plugin
from transom.plugins import core_plugins


@pytest.mark.parametrize("plugin", core_plugins(), ids=lambda plugin: plugin.name)
def test_a_core_plugin_knows_its_commands_and_says_what_its_default_allows(plugin: Plugin) -> None:
    commands = {f"allow-{name.replace('_', '-')}" for name in plugin.commands or ()}
    assert commands
    assert set(plugin.default) <= commands
