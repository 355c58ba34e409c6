from __future__ import annotations

import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements import NODE_MODULES, needs_global_api, needs_node, needs_npm_package
from transom.errors import ConfigError
from transom.wire import OlderClients, _scripts, global_api_script, initialization_script

TRANSPORTS = ("mock", "web", "webkitgtk")


def _settings(script: str) -> dict[str, object]:
    found = re.search(r"const transom = \{settings: (.*)\};\n", script)
    assert found is not None
    settings = json.loads(found[1])
    assert isinstance(settings, dict)
    return settings


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_script_is_one_closure_with_every_file(transport: str) -> None:
    script = initialization_script(transport, label="main", key="secret")
    assert script.startswith("(() => {'use strict';")
    assert script.endswith("})();")
    positions = [
        script.index(text) for text in ("runCallback", "transom.serialize =", "__TAURI_EVENT_PLUGIN_INTERNALS__")
    ]
    assert positions == sorted(positions)


def test_the_settings_are_label_key_and_what_the_transport_needs() -> None:
    script = initialization_script("mock", label="main", key="secret", settings={"port": 5, "label": "own"})
    assert _settings(script) == {"label": "own", "window": "main", "key": "secret", "port": 5}


def test_a_webview_knows_the_window_that_it_is_in() -> None:
    script = initialization_script("mock", label="inner", window="outer", key="secret")
    assert (_settings(script)["label"], _settings(script)["window"]) == ("inner", "outer")


def test_an_unknown_transport_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        initialization_script("carrier_pigeon", label="main", key="k")


def test_the_prototype_is_frozen_only_when_asked() -> None:
    freeze = "Object.freeze(Object.prototype);"
    assert freeze not in initialization_script("mock", label="main", key="k").split("const transom")[0]
    assert (
        freeze in initialization_script("mock", label="main", key="k", freeze_prototype=True).split("const transom")[0]
    )


@pytest.mark.parametrize("text", ["</script>", "<!--", "\u2028", "\u2029", "é", '"', "\\", "\n", "${x}", "`"])
def test_no_text_of_the_settings_ends_the_script(text: str) -> None:
    script = initialization_script("mock", label=text, key="k", settings={text: text})
    assert _settings(script) == {"label": text, "window": text, "key": "k", text: text}
    line = script.split("const transom = ")[1].split("\n")[0]
    assert not set(line) & set("<\u2028\u2029")


@given(st.text())
def test_any_label_is_carried(text: str) -> None:
    assert _settings(initialization_script("mock", label=text, key="k"))["label"] == text


def test_the_global_api_has_all_that_the_npm_package_exports() -> None:
    needs_global_api()
    bundle = files("transom.wire") / "dist" / "global_api.js"
    made = subprocess.run(
        [needs_node(), NODE_MODULES.parent / "global_api.mjs", str(bundle), needs_npm_package("tauri-api-2.12")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    api = json.loads(made.stdout)
    assert api["has"] == api["exports"]
    assert {*api["has"]} == {
        *"app core dpi event image menu mocks path tray webview webviewWindow window".split(),
    }
    assert "getCurrentWebviewWindow" in api["has"]["webviewWindow"]


def test_the_global_api_is_one_classic_script() -> None:
    needs_global_api()
    script = global_api_script()
    assert script.startswith("(()=>{")
    assert script.rstrip().endswith("})();")
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        (None, "in a checkout `scripts/setup` builds it"),
        ("npm is not on the PATH: install it.\n", "npm is not on the PATH: install it."),
    ],
)
def test_without_the_bundle_the_error_says_what_to_run(
    reason: str | None, mend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason is not None:
        (tmp_path / "dist").mkdir()
        (tmp_path / "dist" / "missing.txt").write_text(reason, "utf-8")
    monkeypatch.setattr(_scripts, "files", lambda _: tmp_path)
    with pytest.raises(ConfigError) as caught:
        global_api_script()
    assert str(caught.value) == (
        "app.withGlobalTauri needs the bundle of the npm package @tauri-apps/api, which this installation of transom does not "
        f"have: {mend}"
    )


def test_pages_without_an_older_generation_carry_nothing_of_it() -> None:
    plain = initialization_script("mock", label="main", key="key")
    older = initialization_script("mock", label="main", key="key", clients=OlderClients({"main": "1.x"}, ("main",)))
    assert "__TAURI_IPC__" not in plain
    assert "transom.older" not in plain
    assert "'__TAURI_IPC__'" in older
    assert '"clients":{"generations":{"main":"1.x"},"windows":["main"]}' in older
