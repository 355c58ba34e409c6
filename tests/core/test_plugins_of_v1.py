from __future__ import annotations

import pytest

from tests.mock_app import context, running_in
from transom.app import Builder
from transom.commands import command, generate_handler
from transom.core import Plugin, PluginBuilder, capability_of_plugins
from transom.runtimes._mock import MockRejection


@command
async def do_it() -> str:
    return "done"


def plugin(name: str) -> Plugin:
    return PluginBuilder(name).invoke_handler(generate_handler(do_it)).build()


def test_plugins_of_the_author_are_allowed_and_those_of_the_allowlist_are_not() -> None:
    capability = capability_of_plugins([plugin("own"), plugin("fs"), PluginBuilder("silent").build()])
    assert (capability.windows, capability.permissions) == (("*",), ("own:allow-do-it",))


def test_pages_of_a_project_of_tauri_1_may_call_them() -> None:
    of_v1 = context("main", generation="1.x")
    with running_in(Builder().plugin(plugin("own")).plugin(plugin("fs")), of_v1) as application:
        assert application.page.invoke("plugin:own|do_it") == "done"
        with pytest.raises(MockRejection):
            application.page.invoke("plugin:fs|do_it")
