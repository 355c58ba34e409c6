from __future__ import annotations

from transom.acl._manifest import ALWAYS_GRANTED
from transom.plugins import core_plugins


def test_local_pages_may_call_every_command_of_the_core_plugins() -> None:
    commands = {f"core:{plugin.name}": plugin.commands for plugin in core_plugins()}
    assert {name: set(granted) for name, granted in ALWAYS_GRANTED.items()} == {
        name: set(known or ()) for name, known in commands.items()
    }
