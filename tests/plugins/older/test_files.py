"""Files, paths and the system of 1.x: the plugins of 2.x do it, and the allowlist of 1.x decides."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from tests.plugins.older.windowed import run_v1
from tests.requirements import needs_watchfiles

FILES = """
const { AppData, Home } = fs.BaseDirectory;
await fs.createDir('deep/er', { dir: AppData, recursive: true });
await fs.writeTextFile('deep/text.txt', 'tëxt', { dir: AppData });
await fs.writeTextFile('deep/text.txt', '+', { dir: AppData, append: true });
await fs.writeBinaryFile('deep/bytes.bin', new Uint8Array([0, 255, 7]), { dir: AppData });
await fs.copyFile('deep/text.txt', 'deep/er/copy.txt', { dir: AppData });
await fs.renameFile('deep/bytes.bin', 'deep/renamed.bin', { dir: AppData });
const read = await fs.readTextFile('deep/er/copy.txt', { dir: AppData });
const bytes = Array.from(await fs.readBinaryFile('deep/renamed.bin', { dir: AppData }));
const tree = await fs.readDir('deep', { dir: AppData, recursive: true });
const there = [await fs.exists('deep/renamed.bin', { dir: AppData }), await fs.exists('none', { dir: AppData })];
await fs.writeTextFile('deep/gone.txt', '', { dir: AppData });
await fs.removeFile('deep/gone.txt', { dir: AppData });
await fs.createDir('gone/too', { dir: AppData, recursive: true });
await fs.removeDir('gone', { dir: AppData, recursive: true });
const outOfScope = await rejection(fs.readTextFile('secret.txt', { dir: Home }));
const sorted = tree.map(({ path, name, children }) => [name, path.endsWith(`deep/${name}`), children?.map((child) => child.name) ?? null]).sort();
return { read, bytes, tree: sorted, there, outOfScope };
"""


def test_files_of_the_scope_are_written_and_read_and_no_others(tmp_path: Path, display: str) -> None:
    home = tmp_path / "project" / "home"
    secret = "await outside('sh', '-c', 'echo secret > \"$HOME/secret.txt\"');"
    scope = ["$APPDATA", "$APPDATA/**"]
    found = run_v1(tmp_path / "project", display, secret + FILES, allowlist={"fs": {"all": True, "scope": scope}}).value
    folder = home / "data" / "app.transom.older" / "deep"
    assert (folder / "text.txt").read_text("utf-8") == "tëxt+"
    assert (folder / "renamed.bin").read_bytes() == b"\0\xff\x07"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) == [
        "er",
        "er/copy.txt",
        "renamed.bin",
        "text.txt",
    ]
    assert not (folder.parent / "gone").exists()
    assert (found["read"], found["bytes"], found["there"]) == ("tëxt+", [0, 255, 7], [True, False])
    assert found["tree"] == [["er", True, ["copy.txt"]], ["renamed.bin", True, None], ["text.txt", True, None]]
    assert "secret.txt" in found["outOfScope"]
    assert (home / "secret.txt").read_text() == "secret\n"


WATCH = """
// The guest package fs-watch of 1.x sends this.
const heard = [];
const raw = [];
await fs.writeTextFile('a.txt', '', { dir: fs.BaseDirectory.AppData });
const folder = await path.appDataDir();
await invoke('plugin:fs-watch|watch', { id: 5, paths: [folder], options: { recursive: false, delayMs: 10 } });
await invoke('plugin:fs-watch|watch', { id: 6, paths: [folder], options: { recursive: false, delayMs: null } });
await windows.appWindow.listen('watcher://debounced-event/5', ({ payload }) => heard.push(...payload));
await windows.appWindow.listen('watcher://raw-event/6', ({ payload }) => raw.push(payload));
await fs.writeTextFile('a.txt', 'changed', { dir: fs.BaseDirectory.AppData });
await until(heard, 1);
await until(raw, 1);
await invoke('plugin:fs-watch|unwatch', { id: 5 });
await invoke('plugin:fs-watch|unwatch', { id: 6 });
await invoke('plugin:fs-watch|unwatch', { id: 7 });
return [heard[0].kind, heard[0].path.endsWith('/a.txt'), Object.keys(raw[0]).sort(), await rejection(invoke('plugin:fs-watch|watch', { id: 8, paths: ['/etc'], options: {} }))];
"""


def test_the_plugin_fs_watch_of_1x_is_that_of_fs(tmp_path: Path, display: str) -> None:
    needs_watchfiles()
    allowlist = {"fs": {"readFile": True, "writeFile": True, "createDir": True, "scope": ["$APPDATA", "$APPDATA/*"]}, "path": {"all": True}}  # fmt: skip
    make = "await fs.createDir('', { dir: fs.BaseDirectory.AppData, recursive: true });"
    kind, path, keys, refused = run_v1(tmp_path / "p", display, make + WATCH, allowlist=allowlist).value
    assert (kind, path, keys) == ("Any", True, ["attrs", "paths", "type"])
    assert "/etc" in refused


SYSTEM = """
return {
  platform: [await os.platform(), await os.type(), await os.arch(), await os.version(), await os.tempdir()],
  app: [await app.getName(), await app.getVersion()],
  cli: await cli.getMatches(),
  paths: [await path.homeDir(), await path.appConfigDir(), await path.join('a', '..', 'b', 'c.txt'), await path.basename('/x/y.txt', '.txt'), await path.extname('/x/y.txt'), await path.dirname('/x/y.txt'), await path.isAbsolute('/x'), await path.normalize('/a/./b/../c')],
};
"""


def test_paths_and_the_system_are_those_of_the_machine(tmp_path: Path, display: str) -> None:
    found = run_v1(
        tmp_path / "p", display, SYSTEM, arguments=["-l", "3"], allowlist={"os": {"all": True}, "path": {"all": True}}
    ).value
    home = tmp_path / "p" / "home"
    assert found["platform"].pop(3)  # of the distribution
    assert found["platform"] == ["linux", "Linux", platform.machine(), os.environ.get("TMPDIR", "/tmp")]
    assert found["app"] == ["Older", "1.2.3"]
    assert found["cli"]["args"]["level"]["value"] == "3"
    folders, names = found["paths"][:2], found["paths"][2:]
    assert [folder.rstrip("/") for folder in folders] == [str(home), str(home / "config" / "app.transom.older")]
    assert names == ["b/c.txt", "y", "txt", "/x", True, "/a/c"]


# A function of each module -> what a refusal calls it.
REFUSED: dict[str, str] = {
    "fs.readTextFile('/etc/hostname')": "fs > readFile",
    "fs.writeTextFile('/tmp/never', 'x')": "fs > writeFile",
    "path.homeDir()": "path > all",
    "os.platform()": "os > all",
    "dialog.message('x')": "dialog > message",
    "clipboard.writeText('x')": "clipboard > writeText",
    "globalShortcut.register('F5', () => {})": "globalShortcut > all",
    "http.fetch('http://127.0.0.1:9/', { method: 'GET' })": "http > request",
    "new shell.Command('sh', []).execute()": "shell > execute",
    "shell.open('https://example.org')": "shell > open",
    "process.exit(7)": "process > exit",
    "windows.appWindow.setTitle('changed')": "window > setTitle",
    "windows.appWindow.close()": "window > close",
}


def test_what_the_allowlist_does_not_name_is_refused_with_the_sentence_of_1x(tmp_path: Path, display: str) -> None:
    calls = ", ".join(f"[{json.dumps(name)}, await rejection({name})]" for name in REFUSED)
    made = run_v1(tmp_path / "p", display, f"return [{calls}];", allowlist={"all": False})
    told: dict[str, Any] = dict(made.value)
    sentence = "not in the allowlist (https://tauri.app/docs/api/config#tauri.allowlist): "
    wrong = {name: why for name, why in told.items() if not str(why).startswith(f"'{REFUSED[name]}' {sentence}")}
    assert wrong == {}
    assert made.status == 0
