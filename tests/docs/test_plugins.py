from __future__ import annotations

import pytest

from tests.docs.plugin_table import BEGIN, END, PAGE, RUNTIMES, plugins, with_tables
from transom.core import Plugin


def test_the_page_has_the_tables_as_they_are() -> None:
    page = PAGE.read_text("utf-8")
    assert page.count(BEGIN) == page.count(END) == 1
    assert with_tables(page) == page, "run: python -m tests.docs.plugin_table"


@pytest.mark.parametrize("plugin", plugins(), ids=lambda plugin: plugin.name)
def test_what_a_runtime_cannot_do_is_said_of_commands_and_runtimes_that_there_are(plugin: Plugin) -> None:
    for said in (plugin.unsupported, plugin.limited):
        assert set(said) <= set(RUNTIMES)
        assert {command for commands in said.values() for command in commands} <= set(plugin.commands or ())
