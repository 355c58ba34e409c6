"""What the guest packages of 1.x send (`tauri-plugin-store-api` and others): the plugins of 2.x answer, without an allowlist."""

from __future__ import annotations

import json
from pathlib import Path

from tests.plugins.older.windowed import run_v1

GUESTS = """
const store = (name, args) => invoke(`plugin:store|${name}`, { path: 'settings.json', ...args });
const changes = [];
await windows.appWindow.listen('store://change', ({ payload }) => changes.push([payload.path, payload.key, payload.value]));
await store('set', { key: 'a', value: { b: 1 } });
await store('set', { key: 'c', value: 2 });
await store('delete', { key: 'c' });
const kept = [await store('get', { key: 'a' }), await store('get', { key: 'c' }), await store('has', { key: 'a' }), await store('length'), await store('entries')];
await store('save');

const start = (name) => invoke(`plugin:autostart|${name}`);
const autostart = [await start('is_enabled')];
await start('enable');
autostart.push(await start('is_enabled'), await outside('sh', '-c', 'ls "$XDG_CONFIG_HOME/autostart"'));
await start('disable');
autostart.push(await start('is_enabled'));

const logged = [];
await event.listen('log://log', ({ payload }) => payload.message.includes('from the page') && logged.push([payload.level, payload.message]));
await invoke('plugin:log|log', { level: 3, message: 'from the page', location: 'here', file: undefined, line: undefined, keyValues: undefined });
await until(logged, 1);

const db = 'sqlite:test.db';
await invoke('plugin:sql|load', { db });
const query = (command, text, values = []) => invoke(`plugin:sql|${command}`, { db, query: text, values });
await query('execute', 'CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
const inserted = await query('execute', 'INSERT INTO t (name) VALUES ($1)', ['Ada']);
const rows = await query('select', 'SELECT * FROM t');
const closed = await invoke('plugin:sql|close', { db });
await until(changes, 3);
return { changes, kept, autostart, logged: logged[0] ?? 'not heard', inserted, rows, closed };
"""


def test_the_plugins_that_applications_of_1x_use_answer(tmp_path: Path, display: str) -> None:
    made = run_v1(tmp_path / "p", display, GUESTS, allowlist={"all": False})
    found = made.value
    home = tmp_path / "p" / "home"
    path = "settings.json"
    assert found["changes"] == [[path, "a", {"b": 1}], [path, "c", 2], [path, "c", None]]
    assert found["kept"] == [{"b": 1}, None, True, 1, [["a", {"b": 1}]]]
    [saved] = home.rglob("settings.json")
    assert json.loads(saved.read_text()) == {"a": {"b": 1}}
    before, enabled, files, after = found["autostart"]
    assert (before, enabled, after) == (False, True, False)
    assert files.endswith(".desktop\n")
    assert found["logged"][0] == 3
    assert "from the page" in made.log
    [file] = home.rglob("*.log")
    assert "from the page" in file.read_text()
    assert found["inserted"] == [1, 1]
    assert (found["rows"], found["closed"]) == ([{"id": 1, "name": "Ada"}], True)
    assert [path.name for path in home.rglob("test.db")] == ["test.db"]
