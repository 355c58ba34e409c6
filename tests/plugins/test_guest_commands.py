"""Every command that a guest package calls is one of its plugin."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests.requirements import needs_npm_package
from transom.acl import OFFICIAL_PLUGINS

WITHOUT_A_PACKAGE = {"single-instance"}
# Beside its own commands, each plugin may call these of transom's.
OTHERS = {"resources|close"}


@pytest.mark.parametrize("name", sorted(set(OFFICIAL_PLUGINS) - WITHOUT_A_PACKAGE))
def test_every_command_of_the_package_is_answered(name: str) -> None:
    package = needs_npm_package(f"@tauri-apps/plugin-{name}")
    called = set(re.findall(r"plugin:([a-z-]+\|\w+)", (package / "dist-js" / "index.js").read_text("utf-8")))
    plugin = import_module(f"transom.plugins.{name.replace('-', '_')}").init()
    answered = {f"{name}|{command}" for command in plugin.commands or ()}
    assert called
    assert called - OTHERS <= answered
