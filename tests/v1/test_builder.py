"""The builder of Tauri 1.x: its hooks get the handles of 1.x, and its pages speak 1.x."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest

from tests.mock_app import SOON, context, running
from transom import Context, PageLoadPayload, PluginBuilder, generate_context, v1
from transom.plugins import fs


def test_setup_gets_the_application_before_pages_call() -> None:
    seen: list[object] = []

    def setup(app: v1.AppHandle) -> None:
        seen.append(sorted(app.windows()))
        app.run_on_main_thread(lambda: app.exit(3))

    assert v1.Builder().setup(setup).run(context("main"), "mock") == 3
    assert seen == [["main"]]


def test_a_loaded_page_is_told_once_with_its_window() -> None:
    loads: list[tuple[str, str]] = []
    loaded = threading.Event()

    def hook(window: v1.Window[v1.Params], payload: PageLoadPayload) -> None:
        loads.append((window.label(), payload.url))
        loaded.set()

    with running(builder=v1.Builder().on_page_load(hook).builder()):
        assert loaded.wait(SOON)
    assert loads == [("main", "tauri://localhost/index.html")]


def test_pages_speak_1x_and_those_of_the_builder_behind_what_it_says() -> None:
    builder = v1.Builder().plugin(PluginBuilder("mine").build()).register_uri_scheme_protocol("stream", lambda *_: None)
    builder.builder().client("2.x", "new")
    app = builder.build(context("main", "new"), "mock")
    assert app._core._parts.clients.generations == {"": "1.x", "new": "2.x"}
    assert [plugin.name for plugin in app._core._parts.plugins] == ["mine"]


_ALLOWLIST = {"fs": {"readFile": True, "scope": ["$HOME/*"]}, "clipboard": {"all": True}, "os": {"all": False}}


def _project(folder: Path, allowlist: dict[str, object] = _ALLOWLIST) -> Context:
    (folder / "dist").mkdir()
    tauri = {"allowlist": allowlist, "bundle": {"identifier": "com.example.mine"}, "windows": [{}]}
    (folder / "tauri.conf.json").write_text(json.dumps({"tauri": tauri, "build": {"distDir": "dist"}}))
    return generate_context(folder)


def test_what_is_part_of_tauri_1_is_there_when_the_allowlist_names_it(tmp_path: Path) -> None:
    app = v1.Builder().plugin(PluginBuilder("mine").build()).build(_project(tmp_path), "mock")
    assert [plugin.name for plugin in app._core._parts.plugins] == ["mine", "clipboard-manager", "fs"]


def test_what_the_program_added_itself_stays(tmp_path: Path) -> None:
    own = fs.init()
    app = v1.Builder().plugin(own).build(_project(tmp_path), "mock")
    assert [plugin.name for plugin in app._core._parts.plugins] == ["fs", "clipboard-manager"]
    assert app._core._parts.plugins[0] is own


def test_what_lacks_its_package_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    context = _project(tmp_path, {"http": {"all": True, "scope": ["https://*"]}})
    assert [plugin.name for plugin in v1.Builder().build(context, "mock")._core._parts.plugins] == []
    assert "the plugin http is left out" in caplog.text
    assert "pip install 'transom[http]'" in caplog.text
