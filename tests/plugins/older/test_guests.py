"""What the guest packages of 1.x send (`tauri-plugin-store-api` and others): the plugins of 2.x answer, without an allowlist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.plugins.older.windowed import PLUGINS, run_v1
from tests.requirements import needs_stronghold_packages

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

// The last guest package of stronghold, and the one before it: each opens without waiting.
const snapshotPath = await path.join(await path.appDataDir(), 'new.hold');
const hold = (name, args) => invoke(`plugin:stronghold|${name}`, { snapshotPath, ...args });
const opened = hold('initialize', { password: 'secret' });
await hold('create_client', { client: [99] });
await hold('save_store_record', { client: 'c', key: [107], value: [1, 2], lifetime: undefined });
const strong = [await hold('get_store_record', { client: 'c', key: 'k' }), await hold('remove_store_record', { client: 'c', key: 'k' }), await hold('get_store_record', { client: 'c', key: 'k' })];
await hold('save_secret', { client: 'c', vault: 'v', recordPath: 'r', secret: [5] });
await hold('remove_secret', { client: 'c', vault: 'v', location: { type: 'Generic', payload: { vault: 'v', record: 'r' } } });
await hold('save');
strong.push(await rejection(hold('initialize', { password: 'other' })));
await opened;

const earlier = await path.join(await path.appDataDir(), 'earlier.hold');
const statuses = [];
await event.listen('stronghold://status-change', ({ payload }) => payload.snapshotPath === earlier && statuses.push(payload.status.snapshot.status));
const old = (name, args) => invoke(`plugin:stronghold|${name}`, { snapshotPath: earlier, ...args });
const place = (record) => ({ type: 'Generic', payload: { vault: 'vault', record } });
const counter = { type: 'Counter', payload: { vault: 'vault', counter: 3 } };
const kept2 = { store: { name: 'vault', flags: [] } }, secrets = { vault: { name: 'vault', flags: [] } };
const locked = (await old('get_status')).snapshot;
old('init', { password: 'secret' });
const none = await rejection(old('get_store_record', { ...kept2, location: place('a') }));
await old('save_store_record', { ...kept2, location: place('a'), record: '[{"n":"é"}]', lifetime: undefined });
await old('save_record', { ...secrets, location: place('b'), record: 'hidden', recordHint: undefined, flags: [] });
await old('remove_record', { ...secrets, location: place('b'), gc: true });
const run = (type, payload) => old('execute_procedure', { ...secrets, procedure: { type, payload } });
const nothing = [await run('BIP39Generate', { output: place('seed'), passphrase: undefined, hint: undefined })];
const chain = await run('SLIP10Derive', { chain: [44, 0], input: { type: 'Seed', payload: place('seed') }, output: counter });
const key = await run('Ed25519PublicKey', { privateKey: counter });
const signature = await run('Ed25519Sign', { privateKey: counter, msg: 'text' });
const before = await old('get_status');
await old('save_snapshot');
await old('set_password_clear_interval', { interval: { secs: 0, nanos: 50_000_000 } });
const left = (await old('get_status')).snapshot.data;
await until(statuses, 2);
const after = [(await old('get_status')).snapshot.status, await rejection(old('get_store_record', { ...kept2, location: place('a') }))];
await old('set_password_clear_interval', { interval: { secs: 0, nanos: 0 } });
await old('init', { password: 'secret' });
const again = await old('get_store_record', { ...kept2, location: place('a') });
await old('remove_store_record', { ...kept2, location: place('a') });
const peers = await rejection(old('spawn_communication'));
await old('destroy');
const stronghold = { strong, locked, none, nothing, lengths: [chain, key, signature].map((text) => text.length), before, left, after, again, peers, statuses };
return { stronghold, changes, kept, autostart, logged: logged[0] ?? 'not heard', inserted, rows, closed };
"""


def test_the_plugins_that_applications_of_1x_use_answer(tmp_path: Path, display: str) -> None:
    needs_stronghold_packages()
    plugins = [*PLUGINS, "stronghold"]
    made = run_v1(
        tmp_path / "p", display, GUESTS, allowlist={"all": False, "path": {"all": True}}, with_plugins=plugins
    )
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
    _check_stronghold(found["stronghold"])
    assert {path.name for path in home.rglob("*.hold")} == {"new.hold", "earlier.hold"}
    assert b"hidden" not in b"".join(path.read_bytes() for path in home.rglob("*.hold"))


def _check_stronghold(found: dict[str, Any]) -> None:
    *values, wrong = found["strong"]
    assert values == [[1, 2], [1, 2], None]
    assert "password" in wrong
    assert found["locked"] == {"status": "locked"}
    assert found["none"] == "the store has no record at this location"
    assert found["nothing"] == [None]
    assert found["lengths"] == [64, 64, 128]
    assert found["before"] == {"snapshot": {"status": "unlocked"}}
    assert (found["left"]["secs"], found["left"]["nanos"] <= 50_000_000) == (0, True)
    assert found["after"][0] == "locked"
    assert "not initialized" in found["after"][1]
    assert found["again"] == '[{"n":"é"}]'
    assert "other computers" in found["peers"]
    assert found["statuses"] == ["unlocked", "locked", "unlocked", "locked"]
