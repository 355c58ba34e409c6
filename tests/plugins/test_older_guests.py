"""The guest packages at version 2.0.0: what they call is answered, and the calls that have changed since then work."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.guests import guests
from tests.plugins.http.server import Server, server
from tests.plugins.plugin_app import at_home
from tests.requirements import needs_npm_package, needs_watchfiles
from transom.acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from transom.plugins import fs, http, store, upload

PLUGINS = sorted(set(OFFICIAL_PLUGINS) - WITHOUT_PACKAGE)
# Calls whose arguments are others than in the newest version, with where they are tested. Add here what a version changes.
CHANGED = {
    "clipboard-manager|write_html": "tests/plugins/clipboard_manager",
    "dialog|ask": "tests/plugins/dialog",
    "dialog|confirm": "tests/plugins/dialog",
    "dialog|message": "tests/plugins/dialog",
    "fs|read_text_file_lines": "here",
    "fs|unwatch": "here",
    "fs|watch": "here",
    "fs|write_text_file": "here",
    "http|fetch": "here",
    "notification|listChannels": "nowhere: phones only, and no permission can have its name",
    "opener|reveal_item_in_dir": "tests/plugins/opener",
    "store|create_store": "here",
    "store|load": "here",
    "updater|install": "tests/plugins/updater",
    "upload|download": "here",
    "upload|upload": "here",
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


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    with server() as running:
        yield running


def test_fs(data: Path, tmp_path: Path) -> None:
    needs_watchfiles()
    data.mkdir(parents=True)
    permissions = ["fs:default", "fs:read-all", "fs:write-all", "fs:scope-appdata-recursive"]
    script = f"""
      const file = {str(data / "a.txt")!r};
      await plugin.writeTextFile(file, 'one\\ntw\\u00f6\\n');
      await plugin.writeTextFile(file, 'three', {{ append: true }});
      const lines = [];
      for await (const line of await plugin.readTextFileLines(file)) lines.push(line);
      let heard;
      const change = new Promise((resolve) => (heard = resolve));
      const stop = await plugin.watchImmediate({str(data)!r}, heard);
      await plugin.writeTextFile(file, 'four', {{ createNew: false }});
      const event = await change;
      await stop();
      const open = await plugin.open(file, {{ read: true }});
      const buffer = new Uint8Array(4);
      const count = await open.read(buffer);
      const end = await open.read(new Uint8Array(4)).catch((error) => error);
      await open.close();
      return [lines, event.paths, await plugin.readTextFile(file), Array.from(buffer), count, end];
    """
    with guests(tmp_path, fs.init(guest="2.0"), permissions=permissions) as page:
        lines, paths, text, read, count, end = page.run("tauri-plugin-fs-2.0", script)
    assert lines == ["one", "twö", "three"]
    assert paths == [str(data / "a.txt")]
    assert (text, bytes(read), count, end) == ("four", b"four", 4, None)
    assert (data / "a.txt").read_text("utf-8") == "four"


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


def test_http(there: Server, tmp_path: Path) -> None:
    permissions: list[Any] = [("http:default", [{"url": f"{there.url}/*"}], [])]
    script = f"""
      const answer = await plugin.fetch('{there.url}/hello', {{ method: 'POST', body: 'text' }});
      return [answer.status, await answer.text(), answer.url];
    """
    with guests(tmp_path, http.init(guest="2.0"), permissions=permissions) as page:
        status, text, url = page.run("tauri-plugin-http-2.0", script)
    assert (status, url) == (200, f"{there.url}/hello")
    assert text
    assert "\0" not in text
    assert there.asked[-1][0] == "POST"
    assert there.asked[-1][3] == b"text"


def test_upload(there: Server, tmp_path: Path) -> None:
    (tmp_path / "up.txt").write_text("content", "utf-8")
    script = f"""
      const seen = [];
      const said = await plugin.upload('{there.url}/hello', {str(tmp_path / "up.txt")!r}, (each) => seen.push(each.total));
      await plugin.download('{there.url}/hello', {str(tmp_path / "down.txt")!r});
      return [typeof said, seen.at(-1)];
    """
    with guests(tmp_path, upload.init(anywhere=True), permissions=["upload:default"]) as page:
        kind, total = page.run("tauri-plugin-upload-2.0", script)
    assert (kind, total) == ("string", len("content"))
    assert any(body == b"content" for _, _, _, body in there.asked)
    assert (tmp_path / "down.txt").read_bytes()
