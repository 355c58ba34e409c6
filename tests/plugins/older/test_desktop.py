"""What 1.x does outside of its page: dialogs, the clipboard, shortcuts, notifications, programs, windows. Seen from outside."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.desktop.desktop import desktop
from tests.plugins.http.server import server
from tests.plugins.older.windowed import run_v1
from tests.requirements import needs_session_bus, needs_xdotool

FOLDER = Path(__file__).parents[1]
DIALOGS = """
const before = await rejection(fs.readTextFile(`${given}/one.txt`));
const told = await dialog.message('Hello', { title: 'Greeting', type: 'warning' });
const asked = await dialog.ask('Old?', 'Question');
const confirmed = await dialog.confirm('Sure?', { okLabel: 'Go', cancelLabel: 'Stay' });
const opened = await dialog.open({ defaultPath: given, filters: [{ name: 'Texts', extensions: ['txt'] }] });
const several = await dialog.open({ multiple: true, defaultPath: `${given}/pair` });
const saved = await dialog.save({ title: 'Keep', defaultPath: `${given}/new.txt` });
const cancelled = await dialog.open({ defaultPath: given });
await fs.writeTextFile(saved, 'kept');
const after = await fs.readTextFile(opened);
const alerted = alert('An alert');
const plain = [await confirm('Really?'), await confirm('Truly?')];
return { before, told: told ?? null, asked, confirmed, opened, several, saved, cancelled, after, alerted: alerted ?? null, plain };
"""


def test_dialogs_and_alerts_are_windows_of_the_desktop(tmp_path: Path, display: str) -> None:
    files = tmp_path / "files"
    for name in ("one.txt", "pair/a.txt", "pair/b.txt"):
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_text(name, "utf-8")
    pair = [str(files / "pair/a.txt"), str(files / "pair/b.txt")]
    answers = ["Ok", "Yes", "Stay", [str(files / "one.txt")], pair, "_Save", "_Cancel", "Ok", "Ok", "Cancel"]
    found = run_v1(
        tmp_path / "p",
        display,
        DIALOGS,
        given=str(files),
        allowlist={"dialog": {"all": True}, "fs": {"readFile": True, "writeFile": True}},
        environ={"OLDER_ANSWERS": json.dumps(answers)},
        program="tests.plugins.older.answered",
    ).value
    assert "one.txt" in found.pop("before")
    assert sorted(found.pop("several")) == pair
    assert found == {
        "told": None,
        "asked": True,
        "confirmed": False,
        "opened": str(files / "one.txt"),
        "cancelled": None,
        "saved": str(files / "new.txt"),
        "after": "one.txt",
        "alerted": None,
        "plain": [True, False],
    }
    assert (files / "new.txt").read_text() == "kept"
    seen: list[dict[str, Any]] = json.loads((tmp_path / "p" / "seen.json").read_text())
    assert [window["text"] for window in seen if "text" in window] == [
        ["Greeting", "Hello"],
        ["Question", "Old?"],
        ["Sure?", None],
        *[[text, None] for text in ("An alert", "Really?", "Truly?")],
    ]
    assert (seen[2]["buttons"], seen[5]["name"]) == (["Stay", "Go"], "new.txt")


CLIPBOARD = f"""
await clipboard.writeText('h\\u00e9llo');
const read = await outside('{sys.executable}', '{FOLDER / "clipboard_manager" / "other_program.py"}', 'read', 'UTF8_STRING');
return [read, await clipboard.readText()];
"""


def test_another_program_reads_the_clipboard(tmp_path: Path, display: str) -> None:
    allowlist = {"clipboard": {"all": True}}
    assert run_v1(tmp_path / "p", display, CLIPBOARD, allowlist=allowlist).value == ["héllo", "héllo"]


SHORTCUTS = """
const heard = [];
await globalShortcut.register('CommandOrControl+Shift+K', (keys) => heard.push(keys));
await globalShortcut.registerAll(['F7', 'F8'], (keys) => heard.push(keys));
for (const [at, key] of ['ctrl+shift+k', 'F7', 'F8'].entries()) {
  await outside('xdotool', 'key', key);
  await until(heard, at + 1);
}
const registered = [await globalShortcut.isRegistered('F7'), await globalShortcut.isRegistered('F9')];
await globalShortcut.unregister('F7');
await outside('xdotool', 'key', 'F7', 'key', 'F8');
await until(heard, 4);
await globalShortcut.unregisterAll();
return [heard, registered, await globalShortcut.isRegistered('F8')];
"""


def test_keys_that_another_program_sends_are_heard(tmp_path: Path, display: str) -> None:
    needs_xdotool()
    found = run_v1(tmp_path / "p", display, SHORTCUTS, allowlist={"globalShortcut": {"all": True}}).value
    heard, registered, after = found
    assert heard == ["CommandOrControl+Shift+K", "F7", "F8", "F8"]
    assert (registered, after) == ([True, False], False)


NOTIFY = """
const before = await notification.isPermissionGranted();
const asked = await notification.requestPermission();
notification.sendNotification({ title: 'From the page', body: 'text' });
notification.sendNotification('only a title');
new Notification('By hand', { body: 'too' });
await invoke('tauri', { __tauriModule: 'Notification', message: { cmd: 'notification', options: { title: 'last' } } });
return [before, asked];
"""
# Runs the application beside a daemon on a bus of its own, and writes what that shows into a file.
WRAPPER = """
import json, subprocess, sys
done = subprocess.run([{bus!r}, "--", sys.executable, {daemon!r}, "0", *sys.argv[1:]], capture_output=True, text=True)
sys.stderr.write(done.stderr)
result = json.loads(done.stdout.splitlines()[-1])
open({marker!r}, "w").write(json.dumps(result["shown"]))
sys.stdout.write(result["printed"])
"""


def test_notifications_reach_the_desktop(tmp_path: Path, display: str) -> None:
    marker, wrapper = tmp_path / "shown.json", tmp_path / "wrapper.py"
    wrapper.write_text(
        WRAPPER.format(bus=needs_session_bus(), daemon=str(FOLDER / "notification" / "daemon.py"), marker=str(marker))
    )
    allowlist = {"notification": {"all": True}}
    found = run_v1(tmp_path / "p", display, NOTIFY, allowlist=allowlist, before=[sys.executable, wrapper]).value
    assert found == [True, "granted"]
    shown = json.loads(marker.read_text())
    expected = [("From the page", "text"), ("only a title", ""), ("By hand", "too"), ("last", "")]
    assert sorted((each[3], each[4]) for each in shown) == sorted(expected)
    assert {each[0] for each in shown} == {"Older"}


REQUESTS = """
const { fetch, Body, ResponseType } = http;
const got = await fetch(`${given}/echo`, { method: 'GET', query: { a: '1 2' }, headers: { 'X-Old': 'yes' }, responseType: ResponseType.Text });
const posted = [];
for (const body of [Body.json({ a: 1 }), Body.text('plain'), Body.form({ b: '2' }), Body.bytes(new Uint8Array([1, 255]))])
  posted.push((await fetch(`${given}/echo`, { method: 'POST', body, responseType: ResponseType.Text })).status);
const client = await http.getClient();
const missing = await client.get(`${given}/hello`, { responseType: ResponseType.Binary });
await client.drop();
return { status: got.status, ok: got.ok, url: got.url, posted, binary: Array.isArray(missing.data), refused: await rejection(fetch('http://127.0.0.2:9/', { method: 'GET' })) };
"""


def test_requests_reach_the_server_within_the_scope(tmp_path: Path, display: str) -> None:
    with server() as there:
        allowlist = {"http": {"all": True, "scope": [f"{there.url}/*"]}}
        found = run_v1(tmp_path / "p", display, REQUESTS, given=there.url, allowlist=allowlist).value
        asked = [(method, path, headers.get("content-type"), body) for method, path, headers, body in there.asked]
        assert there.asked[0][2]["x-old"] == "yes"
    assert (found["status"], found["ok"], found["url"]) == (200, True, f"{there.url}/echo?a=1+2")
    assert (found["posted"], found["binary"]) == ([200] * 4, True)
    assert "127.0.0.2" in found["refused"]
    assert asked[1:5] == [
        ("POST", "/echo", "application/json", b'{"a":1}'),
        ("POST", "/echo", None, b"plain"),
        ("POST", "/echo", "application/x-www-form-urlencoded", b"b=2"),
        ("POST", "/echo", None, b"\x01\xff"),
    ]


PROGRAMS = """
const { code, stdout } = await new shell.Command('echo', ['one', 'two']).execute();
const command = new shell.Command('cat', []);
const lines = [];
command.stdout.on('data', (line) => lines.push(line.trim()));
const closed = [];
command.on('close', (ended) => closed.push(ended.signal));
const child = await command.spawn();
await child.write('to the program\\n');
await until(lines, 1);
await child.kill();
await until(closed, 1);
const refused = await rejection(new shell.Command('rm', ['x']).execute());
await shell.open('https://example.org/a?b=c');
document.querySelector('a').click();
const opened = [];
for (let turn = 0; opened.length < 2 && turn < 400; turn++) {
  opened.splice(0, 9, ...(await outside('sh', '-c', 'sort -u "$1" 2> /dev/null || true', 'sh', given)).split('\\n').filter(Boolean));
  await new Promise((resolve) => setTimeout(resolve, 20));
}
return { code, stdout: stdout.trim(), lines, refused, opened, file: await rejection(shell.open('/etc/passwd')) };
"""


def test_programs_of_the_scope_run_and_addresses_open_outside(tmp_path: Path, display: str) -> None:
    programs, opened = tmp_path / "bin", tmp_path / "opened"
    programs.mkdir()
    (programs / "xdg-open").write_text(f'#!/bin/sh\necho "$@" >> "{opened}"\n')
    (programs / "xdg-open").chmod(0o755)
    scope = [{"name": "echo", "cmd": "echo", "args": True}, {"name": "cat", "cmd": "cat", "args": []}]
    found = run_v1(
        tmp_path / "p",
        display,
        PROGRAMS,
        given=str(opened),
        allowlist={"shell": {"execute": True, "open": True, "scope": scope}},
        environ={"PATH": f"{programs}:/usr/bin:/bin"},
        body='<a target="_blank" href="https://example.org/clicked">x</a>',
    ).value
    assert (found["code"], found["stdout"], found["lines"]) == (0, "one two", ["to the program"])
    assert "rm" in found["refused"]
    assert found["opened"] == ["https://example.org/a?b=c", "https://example.org/clicked"]
    assert "failed regex validation" in found["file"]


WINDOWS = """
const { appWindow, WebviewWindow, LogicalSize, getAll } = windows;
const xid = async (title) => {
  const found = [];
  while (found.length === 0) found.push(...(await outside('sh', '-c', 'xdotool search --onlyvisible --name "^$1$" || true', 'sh', title)).split('\\n').filter(Boolean));
  return found[0];
};
const seen = async (id, what) => (await outside('xwininfo', '-id', id)).match(new RegExp(`${what}:\\\\s+(-?\\\\d+)`))[1];
const is = async (test) => { for (let turn = 0; turn < 300; turn++) if (await test()) return true; return false; };
await appWindow.setTitle('Changed');
const id = await xid('Changed');
await appWindow.setSize(new LogicalSize(420, 310));
const size = await is(async () => (await seen(id, 'Width')) === '420');
// A press in the drag region, and the pointer's way until the window follows.
const left = Number(await seen(id, 'Absolute upper-left X'));
const top = Number(await seen(id, 'Absolute upper-left Y'));
await outside('xdotool', 'mousemove', String(left + 100), String(top + 20), 'mousedown', '1');
let step = 0;
const dragged = await is(async () => {
  step = (step + 5) % 200;
  await outside('xdotool', 'mousemove', String(left + 100 + step), String(top + 20 + step));
  return Number(await seen(id, 'Absolute upper-left X')) > left;
});
await outside('xdotool', 'mouseup', '1');
const at = [Number(await seen(id, 'Absolute upper-left X')), Number(await seen(id, 'Absolute upper-left Y'))];
await outside('xdotool', 'mousemove', String(at[0] + 100), String(at[1] + 20), 'click', '--repeat', '2', '--delay', '60', '1');
const maximized = await is(async () => (await outside('xprop', '-id', id, '_NET_WM_STATE')).includes('MAXIMIZED_VERT'));
const created = [];
const second = new WebviewWindow('second', { url: 'index.html?second', title: 'Second', width: 200, height: 150 });
second.once('tauri://created', () => created.push('created'));
second.once('tauri://error', ({ payload }) => created.push(payload));
await until(created, 1);
const other = await xid('Second');
const labels = getAll().map(({ label }) => label).sort();
await second.close();
const gone = await is(async () => !(await outside('sh', '-c', 'xwininfo -id "$1" 2>&1 | grep -c Width || true', 'sh', other)).startsWith('1'));
return { size, dragged, maximized, created, labels, gone };
"""


def test_windows_are_made_dragged_maximized_and_closed(tmp_path: Path) -> None:
    needs_xdotool()
    only_first = "if (windows.appWindow.label !== 'main') await new Promise(() => {});"
    with desktop(tmp_path / "desktop") as screen:
        environment = {
            name: screen.environment[name] for name in ("DBUS_SESSION_BUS_ADDRESS",) if name in screen.environment
        }
        found = run_v1(
            tmp_path / "p",
            screen.environment["DISPLAY"],
            only_first + WINDOWS,
            allowlist={"window": {"all": True}},
            environ=environment,
            body="<div data-tauri-drag-region style='position: fixed; inset: 0; height: 80px'></div>",
        ).value
    assert found == {
        "size": True,
        "dragged": True,
        "maximized": True,
        "created": ["created"],
        "labels": ["main", "second"],
        "gone": True,
    }


def test_exit_ends_the_program_with_the_status(tmp_path: Path, display: str) -> None:
    made = run_v1(tmp_path / "p", display, "await process.exit(7);", allowlist={"process": {"all": True}})
    assert (made.status, made.value) == (7, None)


def test_relaunch_starts_the_program_again(tmp_path: Path, display: str) -> None:
    count = tmp_path / "count"
    script = """
    const starts = await outside('sh', '-c', 'echo x >> "$1"; wc -l < "$1"', 'sh', given);
    if (starts.trim() === '1') await process.relaunch();
    return starts.trim();
    """
    made = run_v1(tmp_path / "p", display, script, given=str(count), allowlist={"process": {"all": True}})
    assert (made.status, made.value) == (0, "2")
