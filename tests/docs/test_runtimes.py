"""The guide says what each runtime supports."""

from __future__ import annotations

from typing import get_args, get_type_hints

from tests.docs.runtime_table import EVENTS, table
from tests.repository.tree import ROOT
from tests.requirements import needs_pywebview, needs_webkitgtk
from transom.runtimes import WindowEvent


def test_the_table_of_runtimes_is_what_they_say_about_themselves() -> None:
    needs_webkitgtk()
    needs_pywebview()
    assert table() in (ROOT / "docs" / "guide.md").read_text("utf-8")


def test_the_table_has_every_event() -> None:
    assert set(EVENTS) == set(get_args(get_type_hints(WindowEvent)["name"]))
