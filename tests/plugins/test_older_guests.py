"""The guest packages at version 2.0.0: what they call is answered, and the calls that have changed since then work."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

from tests.plugins.guests import guests
from tests.plugins.plugin_app import at_home
from tests.requirements import needs_npm_package
from transom.acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from transom.plugins import store

PLUGINS = sorted(set(OFFICIAL_PLUGINS) - WITHOUT_PACKAGE)
# Calls whose arguments are others than in the newest version, with where they are tested. Add here what a version changes.
CHANGED = {
    "clipboard-manager|write_html": "tests/plugins/clipboard_manager",
    "dialog|ask": "tests/plugins/dialog",
    "dialog|confirm": "tests/plugins/dialog",
    "dialog|message": "tests/plugins/dialog",
    "fs|read_text_file_lines": "tests/conformance/pages/plugins_2_0.js",
    "fs|unwatch": "tests/conformance/pages/plugins_2_0.js",
    "fs|watch": "tests/conformance/pages/plugins_2_0.js",
    "fs|write_text_file": "tests/conformance/pages/plugins_2_0.js",
    "http|fetch": "tests/conformance/pages/plugins_2_0.js",
    "notification|listChannels": "nowhere: phones only, and no permission can have its name",
    "opener|reveal_item_in_dir": "tests/plugins/opener",
    "store|create_store": "tests/conformance/pages/plugins_2_0.js",
    "store|load": "tests/conformance/pages/plugins_2_0.js",
    "updater|install": "tests/plugins/updater",
    "upload|download": "tests/conformance/pages/plugins_2_0.js",
    "upload|upload": "tests/conformance/pages/plugins_2_0.js",
}


def calls(package: str) -> dict[str, set[str]]:
    """Return the calls in a package's JavaScript, as they are written, by command."""
    text = (needs_npm_package(package) / "dist-js" / "index.js").read_text("utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for match in re.finditer(r"invoke\(\s*'plugin:([a-z-]+\|\w+)'", text):
        end, depth = match.start() + len("invoke"), 0
        while depth or end == match.start() + len("invoke"):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        found[match[1]].add(re.sub(r"\s+", " ", text[match.start() : end]))
    return found


@pytest.mark.parametrize("name", PLUGINS)
def test_every_command_is_answered(name: str) -> None:
    answered = import_module(f"transom.plugins.{name.replace('-', '_')}").init().commands or ()
    called = {command.partition("|")[2] for command in calls(f"tauri-plugin-{name}-2.0")}
    assert called - {"listChannels"} <= set(answered)


def test_the_calls_that_have_changed_are_known() -> None:
    changed = set()
    for name in PLUGINS:
        new, old = calls(f"@tauri-apps/plugin-{name}"), calls(f"tauri-plugin-{name}-2.0")
        changed |= {command for command, written in old.items() if written != new.get(command)}
    assert changed == set(CHANGED)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return at_home(monkeypatch, tmp_path)


def test_store(data: Path, tmp_path: Path) -> None:
    script = """
      const store = await plugin.createStore('a.json', { autoSave: false });
      await store.load(); // there is no file yet
      const changes = [];
      await store.onKeyChange('a', (value) => changes.push(value));
      await store.set('a', { b: 1 });
      const values = [await store.get('a'), await store.get('none'), await store.has('a'), await store.length()];
      await store.save();
      await store.set('a', 2);
      await store.load();
      return [...values, await store.get('a')];
    """
    newest = "const store = await plugin.load('a.json'); return [await store.get('a'), await store.get('none') ?? 'nothing'];"
    with guests(tmp_path, store.init(), permissions=["store:default"]) as page:
        assert page.run("tauri-plugin-store-2.0", script) == [{"b": 1}, None, True, 1, {"b": 1}]
        assert page.run("@tauri-apps/plugin-store", newest) == [{"b": 1}, "nothing"]
    assert '"b": 1' in (data / "a.json").read_text("utf-8")
