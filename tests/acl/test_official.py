from __future__ import annotations

import pytest

from transom.acl import _official
from transom.acl._official import how_to_add


def test_the_line_that_adds_a_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_official, "OFFICIAL_PLUGINS", {"global-shortcut": None, "sql": "sql"})
    assert how_to_add("global-shortcut") == (
        "it was not added to this application; add it with `Builder().plugin(transom.plugins.global_shortcut.init())`"
    )
    assert how_to_add("sql") == (
        "it was not added to this application; add it with `pip install 'transom[sql]'` and "
        "`Builder().plugin(transom.plugins.sql.init())`"
    )


def test_a_plugin_that_transom_does_not_have_is_told_apart_from_an_unknown_one() -> None:
    assert how_to_add("nfc") == "this official plugin of Tauri is not available in this version of transom"
    assert how_to_add("nothing") is None
