from __future__ import annotations

import subprocess
import sys

import pytest

from transom.acl import OFFICIAL_PLUGINS
from transom.acl.manifests import _official
from transom.acl.manifests._official import how_to_add


def test_the_line_that_adds_a_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_official, "OFFICIAL_PLUGINS", {"global-shortcut": None, "sql": "sql"})
    assert how_to_add("global-shortcut") == (
        "it was not added to this application; add it with `Builder().plugin(transom.plugins.global_shortcut.init())`"
    )
    assert how_to_add("sql") == (
        "it was not added to this application; add it with `pip install 'transom[sql]'` and "
        "`Builder().plugin(transom.plugins.sql.init())`"
    )


def test_the_line_that_is_named_runs_after_import_transom_alone() -> None:
    lines = [how_to_add(plugin).split("`")[-2] for plugin in OFFICIAL_PLUGINS]  # type: ignore[union-attr]
    program = "\n".join(["import transom", *lines, "transom.ipc.Channel"]).replace("Builder()", "transom.Builder()")
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_nothing_is_said_about_a_plugin_that_is_not_of_tauri() -> None:
    assert how_to_add("nothing") is None


@pytest.mark.parametrize("plugin", ["barcode-scanner", "biometric", "geolocation", "haptics", "nfc"])
def test_a_plugin_for_phones_is_refused_with_the_reason(plugin: str) -> None:
    assert (
        how_to_add(plugin)
        == "this official plugin of Tauri is for phones only; transom runs on desktops and in browsers"
    )
