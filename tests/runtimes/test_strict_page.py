"""A strict policy, a frozen prototype and header fields of the application, in a real browser and in a real window."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.conformance.application import Program, write_project
from tests.requirements import ROOT, needs_webkitgtk
from tests.runtimes.browser import browser

SECURITY = {
    "csp": {
        "default-src": "'none'",
        "script-src": ["'self'"],
        "style-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
    },
    "freezePrototype": True,
    "headers": {
        "Tauri-Custom-Header": "yes",
        "Permissions-Policy": "camera=()",
        "Timing-Allow-Origin": ["https://a.example", "https://b.example"],
    },
}
APPLICATION = """
import json, sys
from typing import Any
from transom import Builder, Channel, command, generate_context, generate_handler

@command
def echo(value: Any) -> Any:
    return value

@command
def send(on_event: Channel[int]) -> None:
    for number in range(3):
        on_event.send(number)

@command
async def done(report: Any) -> None:
    print(json.dumps(report), flush=True)

handler = generate_handler(echo, send, done)
sys.exit(Builder().web(open_browser=False, token="t").invoke_handler(handler).run(generate_context(sys.argv[1]), sys.argv[2]))
"""
PAGE = """
const {invoke, transformCallback} = window.__TAURI_INTERNALS__;
const violations = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
const report = {};
report.echo = await invoke('echo', {value: {a: [1, 'x']}});
report.bytes = (await invoke('echo', {value: new Uint8Array(100000)})).byteLength;
const heard = [];
const all = new Promise((resolve) => { globalThis.channel = transformCallback(({message}) => { if (message !== undefined && heard.push(message) === 3) resolve() }) });
await invoke('send', {onEvent: `__CHANNEL__:${channel}`});
await all;
report.heard = heard;
report.own = [...violations];
const script = document.createElement('script');
script.textContent = 'globalThis.smuggled = true';
document.body.append(script);
const image = new Image();
const refused = new Promise((resolve) => (image.onerror = resolve));
image.src = 'http://127.0.0.1:9/x.png';
await refused;
document.body.setAttribute('style', 'color: red');
await fetch('http://127.0.0.1:9/').catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 200));
report.violations = [...new Set(violations.map((name) => name.replace(/-(elem|attr)$/, '')))].sort();
report.smuggled = globalThis.smuggled ?? false;
report.frozen = Object.isFrozen(Object.prototype);
try { Object.prototype.polluted = 1 } catch {}
report.polluted = ({}).polluted ?? null;
const {headers} = await fetch(location.pathname);
report.headers = ['tauri-custom-header', 'permissions-policy', 'timing-allow-origin'].map((name) => headers.get(name));
report.policy = headers.get('content-security-policy');
await invoke('done', {report});
"""


@pytest.fixture(scope="module", params=["web", "webkitgtk"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = write_project(tmp_path_factory.mktemp("strict"), security=SECURITY)
    (folder / "dist").mkdir()
    page = "<!doctype html><title>t</title><body><script type=module src=page.js></script>"
    (folder / "dist" / "index.html").write_text(page, "utf-8")
    (folder / "dist" / "page.js").write_text(PAGE, "utf-8")
    environment: dict[str, str | None] = {"XDG_DATA_HOME": str(folder / "data"), "PYTHONPATH": str(ROOT / "src")}
    if request.param == "webkitgtk":
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    with Program([sys.executable, "-c", APPLICATION, str(folder), request.param], environment) as application:
        if request.param == "webkitgtk":
            return dict(json.loads(application.line(60)))
        with browser() as driver:
            driver.tab().goto(application.address())
            return dict(json.loads(application.line(60)))


def test_calls_bytes_and_channels_need_nothing_that_a_strict_policy_forbids(report: dict[str, Any]) -> None:
    assert report["echo"] == {"a": [1, "x"]}
    assert report["bytes"] == 100000
    assert report["heard"] == [0, 1, 2]
    assert report["own"] == []


def test_a_strict_policy_holds_for_everything_else(report: dict[str, Any]) -> None:
    assert report["violations"] == ["connect-src", "img-src", "script-src", "style-src"]
    assert report["smuggled"] is False
    assert "script-src 'self' 'nonce-" in report["policy"]


def test_the_prototype_is_frozen_before_any_script_of_the_page(report: dict[str, Any]) -> None:
    assert report["frozen"] is True
    assert report["polluted"] is None


def test_header_fields_of_the_application_come_with_its_documents(report: dict[str, Any]) -> None:
    assert report["headers"] == ["yes", "camera=()", "https://a.example, https://b.example"]
