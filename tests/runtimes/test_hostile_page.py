"""A page of the application that another script has taken over, in a real browser and in a real window."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, NamedTuple

import pytest

from tests.conformance.application import Program, write_project
from tests.requirements import ROOT, needs_webkitgtk
from tests.runtimes.browser import browser

APPLICATION = """
import json, sys
from typing import Any
from transom import Builder, command, generate_context, generate_handler

@command
def echo(value: Any) -> Any:
    return value

@command
def reserved() -> dict[str, Any]:
    return {"__proto__": {"polluted": b"a", "plain": 1}, "constructor": {"prototype": {"polluted": b"b"}}}

@command
async def done(report: Any) -> None:
    print(json.dumps(report), flush=True)

handler = generate_handler(echo, reserved, done)
sys.exit(Builder().web(open_browser=False, token="t").invoke_handler(handler).run(generate_context(sys.argv[1]), sys.argv[2]))
"""
ATTACK = """
const {invoke} = window.__TAURI_INTERNALS__;
const {apply} = Reflect, {stringify} = JSON, wait = setTimeout.bind(window), reload = location.reload.bind(location);
const outcome = (promise, ms = 2000) => new Promise((resolve) => {
  promise.then((value) => resolve(['resolved', value]), (reason) => resolve(['rejected', String(reason)]));
  wait(resolve, ms, ['silent']);
});
const before = sessionStorage.getItem('report');
if (before !== null) {
  await invoke('done', {report: {...JSON.parse(before), again: await outcome(invoke('echo', {value: 'again'}))}});
} else {
  const report = {};

  // Names that would change the prototype of every object.
  const given = JSON.parse('{"value": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}');
  const back = await invoke('echo', given);
  report.echoed = stringify(back);
  given.value.__proto__.data = new Uint8Array(3);
  report.withBytes = stringify(Object.keys(await invoke('echo', given)));
  const reserved = await invoke('reserved');
  report.reserved = [Object.hasOwn(reserved, '__proto__'), reserved['__proto__'].polluted instanceof ArrayBuffer, reserved.constructor.prototype.polluted.byteLength];
  report.polluted = [({}).polluted, [].polluted, Object.prototype.polluted, (() => {}).polluted].map(String);

  // Everything that transom's script might use is recorded, and still works.
  const seen = [];
  const note = (value, depth = 0) => {
    if (typeof value === 'string') seen.push(value);
    else if (value instanceof URL) seen.push(`${value}`);
    else if (typeof value === 'object' && value !== null && depth < 2) for (const key of Object.keys(value).slice(0, 20)) note(value[key], depth + 1);
  };
  const targets = [
    [JSON, 'stringify'], [JSON, 'parse'], [window, 'fetch'], [window, 'setTimeout'], [window, 'queueMicrotask'], [Promise.prototype, 'then'],
    [Promise.prototype, 'catch'], [Map.prototype, 'get'], [Map.prototype, 'set'], [Map.prototype, 'has'], [Map.prototype, 'delete'],
    [Array.prototype, 'push'], [Array.prototype, 'join'], [Array.prototype, 'map'], [Array.prototype, 'slice'], [Array.prototype, 'reduce'],
    [String.prototype, 'slice'], [String.prototype, 'indexOf'], [String.prototype, 'concat'], [String.prototype, 'replace'], [WebSocket.prototype, 'send'],
    [Function.prototype, 'call'], [Function.prototype, 'apply'], [Function.prototype, 'bind'], [Reflect, 'apply'], [Reflect, 'get'],
    [Object, 'assign'], [Object, 'defineProperty'], [Object, 'entries'], [TextEncoder.prototype, 'encode'], [Headers.prototype, 'forEach'],
    [XMLHttpRequest.prototype, 'open'], [Navigator.prototype, 'sendBeacon'], [MessagePort.prototype, 'postMessage'], [Storage.prototype, 'setItem'],
  ];
  const originals = targets.map(([object, name]) => object[name]);
  let busy = false;
  targets.forEach(([object, name], i) => {
    object[name] = function (...values) {
      if (!busy) {
        busy = true;
        try { note(this); values.forEach((value) => note(value)) } catch {} finally { busy = false }
      }
      return apply(originals[i], this, values);
    };
  });
  for (const name of ['key', 'ticket', 'handler', 'bulkToken', 'headers', 'signal', 'token', 'value'])
    Object.defineProperty(Object.prototype, name, {configurable: true, get() { return undefined }, set(value) { note(value); Object.defineProperty(this, name, {value, writable: true, configurable: true, enumerable: true}) }});
  report.recorded = [
    await outcome(invoke('echo', {value: 'one'}), 5000),
    await outcome(invoke('echo', {value: new Uint8Array(200000)}).then((data) => data.byteLength), 5000),
    await outcome(invoke('echo', {value: 'three'}, {headers: {'x-a': 'b'}}), 5000),
  ];
  report.seen = seen.length;
  report.secrets = seen.filter((text) => /(^|[^0-9a-f])[0-9a-f]{32}([^0-9a-f]|$)/.test(text)).slice(0, 5);

  // Now all of it is broken; the page harms itself alone.
  targets.forEach(([object, name], i) => (object[name] = originals[i]));
  sessionStorage.setItem('report', stringify(report));
  for (const [object, name] of targets) object[name] = () => { throw new Error('broken') };
  for (let i = 0; i < 20; i++) try { invoke('echo', {value: [i, new Uint8Array(10)]}) } catch {}
  wait(reload, 200);
}
"""


class Taken(NamedTuple):
    """What the page reports, and the log of the application."""

    report: dict[str, Any]
    log: str


@pytest.fixture(scope="module", params=["web", "webkitgtk"])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    folder = write_project(tmp_path_factory.mktemp("hostile"))
    (folder / "dist").mkdir()
    page = "<!doctype html><title>t</title><body><script type=module src=attack.js></script>"
    (folder / "dist" / "index.html").write_text(page, "utf-8")
    (folder / "dist" / "attack.js").write_text(ATTACK, "utf-8")
    environment: dict[str, str | None] = {"XDG_DATA_HOME": str(folder / "data"), "PYTHONPATH": str(ROOT / "src")}
    if request.param == "webkitgtk":
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    with Program([sys.executable, "-c", APPLICATION, str(folder), request.param], environment) as application:
        if request.param == "web":
            with browser() as driver:
                driver.tab().goto(application.address())
                report = json.loads(application.line(60))
        else:
            report = json.loads(application.line(60))
        application.end()
    return Taken(report, "".join(application.errors))


def test_names_of_the_prototype_are_names_like_others(taken: Taken) -> None:
    assert json.loads(taken.report["echoed"]) == {
        "__proto__": {"polluted": 1},
        "constructor": {"prototype": {"polluted": 1}},
    }
    assert json.loads(taken.report["withBytes"]) == ["__proto__", "constructor"]
    assert taken.report["reserved"] == [True, True, 1]
    assert taken.report["polluted"] == ["undefined"] * 4


def test_replaced_functions_see_no_secret_and_calls_go_on(taken: Taken) -> None:
    assert taken.report["recorded"] == [["resolved", "one"], ["resolved", 200000], ["resolved", "three"]]
    assert taken.report["seen"] > 0, "nothing was recorded"
    assert taken.report["secrets"] == []


def test_a_page_that_breaks_its_functions_harms_itself_alone(taken: Taken) -> None:
    assert taken.report["again"] == ["resolved", "again"]
    assert "Traceback" not in taken.log, taken.log
    assert not re.search(r"internal|failed", taken.log), taken.log
