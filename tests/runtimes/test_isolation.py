"""The isolation pattern against a page that attacks it, in a real browser and in a real window, with the example of the docs."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conformance.application import Program
from tests.conformance.older_attacks import CALL
from tests.conformance.raw_page import RawPage
from tests.requirements import ROOT, needs_cryptography, needs_pywebview, needs_webkitgtk
from tests.runtimes.browser import browser
from tests.runtimes.served import served_runtime
from transom.core.isolation import IsolationApplication

EXAMPLE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
APPLICATION = """
import json, sys
from typing import Any
from transom import Builder, command, generate_context, generate_handler

@command
def save_note(name: str, text: str) -> list[str]:
    return [name, text]

@command
def store(data: bytes, more: dict[str, Any]) -> list[Any]:
    return [len(data), sum(data) % 1000, len(more["bytes"])]

@command
async def done(report: Any) -> None:
    print(json.dumps(report), flush=True)

handler = generate_handler(save_note, store, done)
builder = Builder().web(open_browser=False, token="t").invoke_handler(handler)
for generation, label in zip(sys.argv[3::2], sys.argv[4::2]):
    builder.client(generation, label)
sys.exit(builder.run(generate_context(sys.argv[1]), sys.argv[2]))
"""
# What a script of the page tries; `invoke` goes through the frame, everything else must lead nowhere.
ATTACK = """
const {invoke} = window.__TAURI_INTERNALS__;
const outcome = (promise, ms = 3000) => Promise.race([
  promise.then((value) => ['resolved', value], (reason) => ['rejected', String(reason?.message ?? reason)]),
  new Promise((resolve) => setTimeout(resolve, ms, ['silent'])),
]);
const frame = () => document.querySelector('#__tauri_isolation__');
const loaded = (element) => new Promise((resolve) => { element.onload = () => resolve('loaded'); element.onerror = () => resolve('refused'); });
const report = {pattern: window.__TAURI_PATTERN__};
report.altered = await outcome(invoke('save_note', {name: 'shopping', text: 'x'.repeat(500)}));
report.refused = await outcome(invoke('save_note', {name: '../etc', text: ''}));
report.big = await outcome(invoke('store', {data: new Uint8Array(1 << 20).fill(1), more: {bytes: new Uint8Array(7)}}));
report.raw = await outcome(invoke('save_note', new Uint8Array(100000)));

// The document of the frame, and its key.
report.readable = (() => { try { return frame().contentDocument !== null } catch { return false } })();
report.fetched = await outcome(fetch(frame().src).then((response) => response.ok ? response.text() : Promise.reject('refused')));
const bare = document.createElement('iframe');
bare.src = frame().src;
document.body.append(bare);
await loaded(bare);
report.unsandboxed = (() => { try { return bare.contentDocument?.documentElement?.outerHTML.includes('key') ?? false } catch { return false } })();

// Messages that are not from the page's own script: to the frame, and to the page as if from the frame.
const heard = [];
addEventListener('message', ({data}) => heard.push(data));
frame().contentWindow.postMessage({id: 1, command: 'save_note', json: '{"name":"a","text":""}', spans: [], views: []}, '*');
const channel = new MessageChannel();
channel.port1.onmessage = ({data}) => heard.push(data);
frame().contentWindow.postMessage('__TAURI_ISOLATION_READY__', '*', [channel.port2]);
channel.port1.postMessage({id: 1, command: 'save_note', json: '{"name":"a","text":""}', spans: [], views: []});
window.postMessage({id: 1, command: 'save_note', body: 'AAAA'}, '*');
const inner = document.createElement('iframe');
inner.srcdoc = `<script>
  const channel = new MessageChannel();
  channel.port1.onmessage = () => parent.postMessage('sealed for a frame', '*');
  parent.document.querySelector('#__tauri_isolation__').contentWindow.postMessage('__TAURI_ISOLATION_READY__', '*', [channel.port2]);
  channel.port1.postMessage({id: 1, command: 'save_note', json: '{"name":"a","text":""}', spans: [], views: []});
<` + `/script>`;
document.body.append(inner);
await loaded(inner);
await new Promise((resolve) => setTimeout(resolve, 300));
report.heard = heard.filter((data) => !(data.id === 1 && data.command === 'save_note' && data.body === 'AAAA'));
report.still = await outcome(invoke('save_note', {name: 'b', text: 'c'}));
await invoke('done', {report});

// A page that loads the frame elsewhere makes no call any more.
frame().src = 'about:blank';
await loaded(frame());
report.gone = await outcome(invoke('save_note', {name: 'd', text: 'e'}), 500);
window.gone = report.gone;
"""


class Attacked(NamedTuple):
    """What the page reports, and the log of the application."""

    report: dict[str, Any]
    log: str


def example(folder: Path) -> Path:
    """Write the example of the docs, with a front end that attacks it, and return its folder."""
    for name, text in EXAMPLE.findall((ROOT / "docs" / "isolation.md").read_text("utf-8")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text(
        "<!doctype html><title>t</title><body><script type=module src=attack.js></script>"
    )
    (folder / "dist" / "attack.js").write_text(ATTACK, "utf-8")
    return folder


def environment_of(request: pytest.FixtureRequest, folder: Path, runtime: str) -> dict[str, str | None]:
    """Return what the application gets in its environment, with a display for windows."""
    needs_cryptography()
    environment: dict[str, str | None] = {"XDG_DATA_HOME": str(folder / "data"), "PYTHONPATH": str(ROOT / "src")}
    if runtime != "web":
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    if runtime == "pywebview":
        needs_pywebview()
        environment |= {"PYWEBVIEW_GUI": "gtk"}
    return environment


@pytest.fixture(scope="module", params=["web", "webkitgtk", "pywebview"])
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    folder = example(tmp_path_factory.mktemp("isolation"))
    environment = environment_of(request, folder, request.param)
    with Program([sys.executable, "-c", APPLICATION, str(folder), request.param], environment) as application:
        if request.param == "web":
            with browser() as driver:
                tab = driver.tab()
                tab.goto(application.address())
                report = json.loads(application.line(60))
                tab.wait("'gone' in window")
                report["gone"] = tab.eval("window.gone")
        else:
            report = json.loads(application.line(60))
        application.end()
    return Attacked(report, "".join(application.errors))


def test_the_hook_of_the_docs_alters_and_refuses(attacked: Attacked) -> None:
    assert attacked.report["pattern"] == {"pattern": "isolation", "side": "original"}
    assert attacked.report["altered"] == ["resolved", ["shopping", "x" * 100]]
    assert attacked.report["refused"] == ["rejected", "isolation pattern error: ../etc is no name of a note"]


def test_buffers_go_through_the_frame(attacked: Attacked) -> None:
    assert attacked.report["big"] == ["resolved", [1 << 20, (1 << 20) % 1000, 7]]
    # A raw body is the whole payload: the hook of the docs reads `name` of it.
    assert attacked.report["raw"][0] == "rejected"


def test_the_document_of_the_frame_and_its_key_cannot_be_read(attacked: Attacked) -> None:
    assert attacked.report["readable"] is False
    assert attacked.report["fetched"][0] == "rejected"
    assert attacked.report["unsandboxed"] is False


def test_messages_of_other_senders_are_not_heard(attacked: Attacked) -> None:
    assert attacked.report["heard"] == []
    assert attacked.report["still"] == ["resolved", ["b", "c"]]
    assert "Traceback" not in attacked.log, attacked.log


def test_a_page_that_loads_the_frame_elsewhere_makes_no_further_call(attacked: Attacked) -> None:
    if "gone" in attacked.report:  # a window cannot be asked any more
        assert attacked.report["gone"][0] in {"silent", "rejected"}


ODD_HOOK = """
let calls = 0;
window.__TAURI_ISOLATION_HOOK__ = async (message) => {
  calls++;
  const {name, data} = message.payload ?? {};
  if (name === 'nothing') return undefined;
  if (name === 'text') return 'text';
  if (name === 'late') await new Promise((resolve) => setTimeout(resolve, 200));
  if (name === 'reject') return Promise.reject('no reason at all');
  if (name === 'other') return {...message, cmd: 'store', payload: {data: new Uint8Array([1, 2]), more: {bytes: []}}};
  if (name === 'denied') return {...message, cmd: 'plugin:window|destroy', payload: {}};
  if (name === 'deep') { const deep = []; deep.push(deep); return {...message, payload: {deep}}; }
  if (data) return {...message, payload: {...message.payload, data: data.map((byte) => byte + 1)}};
  return message;
};
"""
ODD_PAGE = """
const {invoke} = window.__TAURI_INTERNALS__;
const report = {};
const outcome = (promise) => promise.then((value) => ['resolved', value], (reason) => ['rejected', String(reason?.message ?? reason)]);
for (const name of ['nothing', 'text', 'late', 'reject', 'other', 'denied', 'deep', 'plain']) report[name] = await outcome(invoke('save_note', {name, text: 'x'}));
report.bytes = await outcome(invoke('store', {data: new Uint8Array([1, 2, 3]), more: {bytes: []}}));
const order = await Promise.all(Array.from({length: 300}, (_, i) => invoke('save_note', {name: 'n' + i, text: 'x'.repeat(i * 200)})));
report.many = order.every(([name, text], i) => name === 'n' + i && text.length === i * 200);
const aborted = new AbortController();
const call = outcome(invoke('save_note', {name: 'late', text: ''}, {signal: aborted.signal}));
aborted.abort('enough');
report.aborted = await call;
await invoke('done', {report});
"""


@pytest.mark.parametrize("runtime", ["web", "webkitgtk"])
def test_whatever_a_hook_returns_settles_the_call(request: pytest.FixtureRequest, tmp_path: Path, runtime: str) -> None:
    folder = example(tmp_path)
    (folder / "isolation" / "hook.js").write_text(ODD_HOOK, "utf-8")
    (folder / "dist" / "attack.js").write_text(ODD_PAGE, "utf-8")
    report = run_page(request, folder, runtime)
    no_message = "isolation pattern error: the isolation hook returned no message for save_note; it returns the message, or throws to refuse it"
    assert report["nothing"] == report["text"] == ["rejected", no_message]
    assert report["late"] == ["resolved", ["late", "x"]]
    assert report["reject"] == ["rejected", "isolation pattern error: no reason at all"]
    assert report["other"] == ["resolved", [2, 3, 0]]
    # What a hook makes of a call needs a permission like any other.
    assert report["denied"][0] == "rejected"
    assert "not allowed by ACL" in report["denied"][1]
    assert "nested deeper than 128 levels" in report["deep"][1]
    assert report["plain"] == ["resolved", ["plain", "x"]]
    assert report["bytes"] == ["resolved", [3, 9, 0]]
    assert report["many"] is True
    assert report["aborted"] == ["rejected", "enough"]


def run_page(request: pytest.FixtureRequest, folder: Path, runtime: str) -> dict[str, Any]:
    """Run the application and return what its page reports first."""
    environment = environment_of(request, folder, runtime)
    with Program([sys.executable, "-c", APPLICATION, str(folder), runtime], environment) as application:
        if runtime == "webkitgtk":
            return dict(json.loads(application.line(60)))
        with browser() as driver:
            driver.tab().goto(application.address())
            return dict(json.loads(application.line(60)))


OLDER_PAGE = """<!doctype html><script>(async () => {
const call = CALL;
const outcome = (promise) => promise.then((value) => ['resolved', value], (reason) => ['rejected', String(reason?.message ?? reason)]);
const report = {generation: GENERATION};
report.altered = await outcome(call('save_note', {name: 'shopping', text: 'x'.repeat(500)}));
report.refused = await outcome(call('save_note', {name: '../etc', text: ''}));
await call('done', {report});
})();</script>"""


def test_calls_of_every_generation_go_through_the_hook(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """By the configuration of a project of Tauri 1, which has the pattern at another place."""
    folder = example(tmp_path)
    labels = {generation: f"window-{number}" for number, generation in enumerate(CALL)}
    for generation, label in labels.items():
        page = OLDER_PAGE.replace("CALL", CALL[generation]).replace("GENERATION", json.dumps(generation))
        (folder / "dist" / f"{label}.html").write_text(page, "utf-8")
    config = {
        "build": {"distDir": "dist"},
        "tauri": {
            "bundle": {"identifier": "org.example.notes"},
            "pattern": {"use": "isolation", "options": {"dir": "isolation"}},
            "windows": [{"label": label, "url": f"{label}.html"} for label in labels.values()],
        },
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    arguments = [
        sys.executable,
        "-c",
        APPLICATION,
        str(folder),
        "webkitgtk",
        *(word for pair in labels.items() for word in pair),
    ]
    with Program(arguments, environment_of(request, folder, "webkitgtk")) as application:
        reports = [json.loads(application.line(60)) for _ in labels]
    outcome = {
        "altered": ["resolved", ["shopping", "x" * 100]],
        "refused": ["rejected", "isolation pattern error: ../etc is no name of a note"],
    }
    assert {report.pop("generation"): report for report in reports} == dict.fromkeys(labels, outcome)


@pytest.mark.parametrize("prefix", ["", "/apps/mine"])
def test_the_web_runtime_serves_the_frame_to_frames_of_its_own_pages_only(tmp_path: Path, prefix: str) -> None:
    needs_cryptography()
    (tmp_path / "isolation").mkdir()
    (tmp_path / "isolation" / "index.html").write_text("<!doctype html><script>hook()</script>", "utf-8")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("<!doctype html><p>", "utf-8")
    isolation = IsolationApplication(tmp_path / "isolation")
    with served_runtime(tmp_path / "dist", prefix=prefix, isolation=isolation) as (_, address):
        page = RawPage(address)
        [path] = re.findall(r'"isolation":"([^"]+)"', page.document.text)
        assert path.startswith(f"{prefix}/.transom/isolation/")
        assert "frame-src 'self'" in page.document.headers["content-security-policy"]
        as_frame = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
        answer = page.get(path, as_frame)
        assert answer.status == 200
        assert "hook()" in answer.text
        assert answer.headers["content-security-policy"].startswith(
            "sandbox allow-scripts; default-src 'none'; script-src 'nonce-"
        )
        assert answer.headers["content-security-policy"].endswith("; frame-ancestors 'self'")
        assert answer.headers["cache-control"] == "no-store"
        key = re.findall(r'"key":"([^"]+)"', answer.text)
        assert key
        assert page.get(path + "0", as_frame).text.count(key[0]) == 0  # each frame has a key of its own
        refused: list[dict[str, str]] = [
            {},
            {**as_frame, "Sec-Fetch-Dest": "empty"},
            {**as_frame, "Sec-Fetch-Dest": "document"},
            {**as_frame, "Sec-Fetch-Dest": "script"},
            {**as_frame, "Sec-Fetch-Site": "cross-site"},
            {**as_frame, "Sec-Fetch-Site": "same-site"},
            {**as_frame, "Host": "evil.example"},
            {**as_frame, "Cookie": "transom-0=a.b"},
        ]
        for headers in refused:
            answer = page.get(path, headers)
            assert (answer.status, key[0] in answer.text) == (403, False), headers
