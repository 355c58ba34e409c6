"""Programs for the tests of the webkitgtk runtime in which frames and pages attack the application. See `webkitgtk_scenarios`."""

from __future__ import annotations

import http.server
import json
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from tests.runtimes.webkitgtk_scenarios import SCENARIOS, page, run, scenario
from transom.runtimes import EvaluateScript, Runtime, UriSchemeProtocol, UriSchemeRequest, UriSchemeResponse

# A second window measures how long its calls wait while the first one attacks.
PROBE = """
  let longest = 0, last = performance.now(), count = 0;
  const until = performance.now() + MILLISECONDS;
  while (performance.now() < until) {
    const start = performance.now();
    await invoke('later', {});
    longest = Math.max(longest, performance.now() - start);
    count++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await report({longest, count});
"""


def flood(folder: Path, script: str, milliseconds: int = 3000, **settings: Any) -> Any:
    """Run a script in a frame of the first window, and return how long calls of the second one took."""
    text = f"<!doctype html><script>(async () => {{{script}}})()</script>"
    body = f'<iframe sandbox="allow-scripts" srcdoc="{text.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
    page(folder, "await report('attacked');", body)
    page(folder, PROBE.replace("MILLISECONDS", str(milliseconds)), name="probe.html")

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if session.page.label == "probe":
            host.runtime.quit(0)

    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))
        runtime.perform(new_window("probe", url="probe.html"))

    host, code, log = run(folder, csp=None, start=start, on_report=on_report, **settings)
    probe = [report["value"] for report in host.reports if isinstance(report["value"], dict)]
    return {
        "code": code,
        "lines": len(log),
        "longest": probe[0]["longest"] if probe else None,
        "count": probe and probe[0]["count"],
    }


@scenario
def strange_messages(folder: Path) -> Any:
    """A script that has learned the name of the handler posts values that are no strings, and strings without the key."""
    page(folder, """
      globalThis.attack = async (name) => {
        const handler = webkit.messageHandlers[name];
        let a = [1, 1];
        for (let i = 0; i < 39; i++) a = [a, a];
        const values = [a, {a}, 5, null, undefined, true, new Date(), new Map([[a, a]]), '', 'x', 'x'.repeat(1 << 20)];
        const answers = [];
        for (const value of values) answers.push(await handler.postMessage(value));
        await report(answers.every((answer) => answer === undefined));
      };
      await report('ready');
    """)  # fmt: skip

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) > 1:
            return host.runtime.quit(0)
        (name,) = host.runtime._windows["main"].webview.pages._handlers  # type: ignore[attr-defined]
        return host.runtime.perform(EvaluateScript("main", f"attack('{name}')"))

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "report": host.reports}


@scenario
def refused_files(folder: Path) -> Any:
    return flood(folder, """
      await new Promise((resolve) => setTimeout(resolve, 1000));
      for (let i = 0; i < 10000; i++) fetch('asset://localhost/%2Fetc%2Fsecret' + i, {mode: 'no-cors'}).catch(() => {});
    """, 6000, asset_scope=lambda path: path.suffix == ".bin")  # fmt: skip


@scenario
def bodies(folder: Path) -> Any:
    """The page and frames of all kinds send bodies with a Blob to a scheme of the application."""
    attack = """
      (async () => {
        const form = new FormData();
        form.append('a', new Blob(['b']));
        const how = [new Blob(['b']), form, 'text', new Uint8Array(3)];
        const answers = [];
        for (const body of how) {
          for (const mode of ['cors', 'no-cors']) {
            const sent = fetch('told://localhost/x', {method: 'POST', mode, body, headers: {'transom-body': '0'.repeat(32)}});
            answers.push(await sent.then((response) => response.status, () => 'failed'));
          }
        }
        parent.postMessage(answers, '*');
      })();
    """
    (folder / "frame.html").write_text(f"<!doctype html><script>{attack}</script>")
    (folder / "form.html").write_text(
        "<!doctype html><form method=post enctype=multipart/form-data action='told://localhost/form'><input name=a value=b>"
        "</form><script>document.forms[0].submit()</script>"
    )
    (folder / "worker.js").write_text(
        "fetch('told://localhost/w', {method: 'POST', body: new Blob(['b'])}).then((r) => postMessage(r.status), () => postMessage('failed'))"
    )
    page(folder, """
      const heard = () => new Promise((resolve) => onmessage = ({data}) => resolve(data));
      const frame = (fields) => {
        const answers = heard();
        document.body.append(Object.assign(document.createElement('iframe'), fields));
        return answers;
      };
      const source = `<script>ATTACK<${'/'}script>`;
      const told = async (body, more) => {
        const response = await fetch('told://localhost/p', {method: 'POST', body, ...more});
        const {body: text, type, mark} = await response.json();
        return [text, type.split(';')[0].replace(/=.*/, ''), mark];
      };
      const byXhr = (body, method = 'POST') => new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open(method, 'told://localhost/p');
        request.onload = () => resolve([request.status, JSON.parse(request.responseText).body]);
        request.onerror = () => resolve('error');
        request.send(body);
      });
      const form = new FormData();
      form.append('field', 'value');
      form.append('file', new File(['content'], 'name.txt'));
      const worker = new Worker('worker.js');
      const fromWorker = await new Promise((resolve) => worker.onmessage = ({data}) => resolve(data));
      document.body.append(Object.assign(document.createElement('iframe'), {src: 'form.html'}));
      await report({
        own: [
          await told(new Blob(['blob'], {type: 'a/b'})), await told('text'), await told(new Uint8Array([65, 66])),
          await told(new URLSearchParams({a: 'b'})), await told(undefined), await told(new Blob(['odd']), {mode: 'no-cors'}),
        ],
        form: (await told(form))[0].match(/name="file"; filename="name.txt"/)?.[0],
        byRequest: await (await fetch(new Request('told://localhost/p', {method: 'PUT', body: new Blob(['request'])}))).json(),
        aborted: await fetch('told://localhost/p', {method: 'POST', body: new Blob(['x']), signal: AbortSignal.abort('why')}).catch(String),
        xhr: [await byXhr(new Blob(['blob'])), await byXhr('text'), await byXhr(null), (await byXhr(form))[0], await byXhr(null, 'GET')],
        ownFrame: await frame({src: 'frame.html'}), sandboxed: await frame({srcdoc: source, sandbox: 'allow-scripts'}),
        fromWorker,
      });
    """.replace("ATTACK", " ".join(attack.split())))  # fmt: skip

    def told(context: Any, request: UriSchemeRequest) -> UriSchemeResponse:
        answer = {
            "method": request.method,
            "body": request.body.decode(),
            "type": request.headers.get("content-type", ""),
            "mark": [name for name in request.headers if name.startswith("transom")],
        }
        return UriSchemeResponse(json.dumps(answer).encode(), headers={"Content-Type": "application/json"})

    protocol = UriSchemeProtocol(scheme="told", handler=told)
    host, code, log = run(folder, csp=None, uri_schemes=(protocol,))
    return {"code": code, "log": log, "report": [report["value"] for report in host.reports]}


class Thief(http.server.BaseHTTPRequestHandler):
    """A site that wants to know the header fields that it is sent."""

    wanted: list[str]

    def do_OPTIONS(self) -> None:
        self.wanted.append(self.headers.get("Access-Control-Request-Headers", ""))
        self.send_response(204)
        for name in ("Origin", "Headers", "Methods"):
            self.send_header(f"Access-Control-Allow-{name}", "*" if name == "Origin" else "transom-body, POST")
        self.end_headers()

    def do_POST(self) -> None:
        self.wanted.append(",".join(self.headers))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@scenario
def disguised_bodies(folder: Path) -> Any:
    """Blobs of a frame's classes, and of a page that has replaced what tells them from bytes or where a request goes."""
    (folder / "frame.html").write_text("<!doctype html>")
    wanted: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (Thief,), {"wanted": wanted}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page(folder, """
      const other = await new Promise((resolve) => {
        const frame = Object.assign(document.createElement('iframe'), {src: 'frame.html'});
        frame.onload = () => resolve(frame.contentWindow);
        document.body.append(frame);
      });
      const own = 'told://localhost/x', thief = 'THIEF';
      const form = (realm) => {
        const made = new realm.FormData();
        made.append('file', new realm.Blob(['content']));
        return made;
      };
      const byXhr = (body, {realm = window, url = own, open = realm.XMLHttpRequest.prototype.open} = {}) => new Promise((resolve) => {
        const request = new realm.XMLHttpRequest();
        request.open('POST', url);
        request.setRequestHeader('x-own', 'kept');
        if (open !== realm.XMLHttpRequest.prototype.open) open.call(request, 'POST', thief);
        request.onload = () => resolve(request.responseText);
        request.onerror = () => resolve('error');
        request.send(body);
      });
      const byFetch = async (body) => (await fetch(own, {method: 'POST', body})).text();
      const changing = (first, later) => ({toString: () => { const told = first; first = later; return told; }});
      const blobs = [
        await byXhr(new other.Blob(['blob'])), await byXhr(new other.File(['file'], 'name')), await byXhr(new Blob(['own']), {realm: other}),
        await byFetch(new other.Blob(['blob'])), await byXhr(new other.Uint8Array([65])),
      ];
      const forms = [await byXhr(form(other)), await byXhr(form(window), {realm: other}), await byFetch(form(other))];
      const led = [
        await byXhr('text', {url: changing(own, thief)}), await byXhr('text', {url: changing(thief, own)}),
        await byXhr('text', {open: other.XMLHttpRequest.prototype.open}),
        await (await fetch(changing(own, thief), {method: 'POST', body: 'text'})).text(),
      ];
      const replaced = [];
      for (const [object, name, value] of [
        [Blob, Symbol.hasInstance, () => false], [FormData, Symbol.hasInstance, () => false],
        [Promise.prototype, 'catch', () => Object.assign(new Blob(['x']), {byteLength: 1})],
        [Promise.prototype, 'then', function () { return Object.assign(new Blob(['x']), {byteLength: 1}); }],
        [Object, 'create', () => new Proxy({}, {set: (_, key, mark) => (sent.push(mark), true)})],
        [Request.prototype, 'url', thief], [URL.prototype, 'protocol', 'told:'], [Document.prototype, 'baseURI', own],
      ]) {
        const before = Object.getOwnPropertyDescriptor(object, name);
        Object.defineProperty(object, name, typeof value === 'string' ? {get: () => value, configurable: true} : {value, configurable: true});
        fetch(own, {method: 'POST', body: new Blob(['fetched'])});
        fetch('/relative', {method: 'POST', body: 'x'});
        const sent = byXhr(new Blob(['replaced'])), away = byXhr('away', {url: thief});
        if (before) Object.defineProperty(object, name, before);
        else delete object[name];
        replaced.push(await sent, await away);
      }
      await report({blobs, forms, led, replaced});
    """.replace("THIEF", f"http://127.0.0.1:{server.server_port}/"))  # fmt: skip

    def told(context: Any, request: UriSchemeRequest) -> UriSchemeResponse:
        body = request.body.decode()
        return UriSchemeResponse(
            f"{'content' if 'content' in body else body} {request.headers.get('x-own', '')}".encode()
        )

    host, code, log = run(folder, csp=None, uri_schemes=(UriSchemeProtocol(scheme="told", handler=told),))
    return {"code": code, "log": log, "report": [report["value"] for report in host.reports], "wanted": wanted}


class FramePage(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a site that is not the application's."""

    def __init__(self, folder: Path, *args: Any) -> None:
        super().__init__(*args, directory=str(folder))

    def log_message(self, *args: Any) -> None:
        pass


def foreign_site(folder: Path) -> str:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(FramePage, folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


@scenario
def assets_of_others(folder: Path) -> Any:
    """A foreign frame, then a foreign page, ask for a file that the application's own page may read."""
    secret = folder / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"/>')
    ask = """
      const ask = async () => {
        const address = 'asset://localhost/' + encodeURIComponent(SECRET);
        const got = (options) => fetch(address, options).then(async (response) => [response.status, (await response.text()).length], () => 'failed');
        const picture = await new Promise((resolve) => {
          const image = Object.assign(new Image(), {src: address, onload: () => resolve('shown'), onerror: () => resolve('broken')});
        });
        return [await got(), await got({mode: 'no-cors'}), picture];
      };
    """.replace("SECRET", json.dumps(str(secret)))  # fmt: skip
    (folder / "frame.html").write_text(
        f"<!doctype html><script>{ask} ask().then((value) => parent.postMessage(value, '*'))</script>"
    )
    page(folder, ask + "await report(await ask());", name="foreign.html")
    site = foreign_site(folder)
    page(folder, ask + """
      const own = await ask();
      const asked = new Promise((resolve) => onmessage = ({data}) => resolve(data));
      document.body.append(Object.assign(document.createElement('iframe'), {src: SITE + '/frame.html'}));
      await report([own, await asked]);
    """.replace("SITE", json.dumps(site)))  # fmt: skip

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) > 1:
            return host.runtime.quit(0)
        return host.runtime.perform(EvaluateScript("main", f"location.href = '{site}/foreign.html'"))

    host, code, log = run(folder, csp=None, on_report=on_report, asset_scope=lambda path: path == secret)
    return {"code": code, "log": log, "report": [report["value"] for report in host.reports]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
