"""Programs that the tests of the webkitgtk runtime start, as GTK wants a process's main thread; each prints one JSON value.

`python -m tests.runtimes.webkitgtk_scenarios NAME FOLDER` runs the scenario NAME with FOLDER for its files.
"""

from __future__ import annotations

import http.server
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from transom.errors import WindowError
from transom.runtimes import (
    CloseWindow,
    DestroyWindow,
    EvaluateScript,
    ReloadPage,
    Runtime,
    SetFocus,
    Settings,
    SetTitle,
    SetVisible,
    find_runtime,
)
from transom.runtimes.webkitgtk.webview._link import PageLink

LIMIT_SECONDS = 30
TOO_LATE = 99
CSP = "default-src 'self'"
PAGE = "<!doctype html><meta charset=utf-8><title>t</title><body>%s<script>%s</script>"
PRELUDE = """
const {invoke, transformCallback, convertFileSrc} = window.__TAURI_INTERNALS__;
const report = (value) => invoke('report', value === undefined ? {} : {value});
const hex = async (data) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', data))].map((b) => b.toString(16).padStart(2, '0')).join('');
"""  # fmt: skip
SCENARIOS: dict[str, Callable[[Path], Any]] = {}


def scenario(run: Callable[[Path], Any]) -> Callable[[Path], Any]:
    SCENARIOS[run.__name__] = run
    return run


class Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage() + (f": {record.exc_info[1]!r}" if record.exc_info else ""))


def page(folder: Path, script: str, body: str = "", name: str = "index.html") -> None:
    (folder / name).write_text(PAGE % (body, f"(async () => {{{PRELUDE}{script}}})()"), encoding="utf-8")


def run(
    folder: Path,
    *,
    start: Callable[[Runtime], None] | None = None,
    on_report: Callable[[FakeHost, FakeSession, Any], None] | None = None,
    **settings: Any,
) -> tuple[FakeHost, int, list[str]]:
    """Run until a report or the limit; return the host, the exit code and the log."""
    log = Log()
    logging.getLogger("transom").addHandler(log)

    def quit_at_first(host: FakeHost, session: FakeSession, report: Any) -> None:
        host.runtime.quit(0)

    host = FakeHost(start or (lambda runtime: runtime.perform(new_window("main"))), on_report or quit_at_first)
    host.runtime = find_runtime("webkitgtk")(host, Settings(**{"assets": folder, "csp": CSP} | settings))
    watchdog = threading.Timer(LIMIT_SECONDS, host.runtime.quit, (TOO_LATE,))
    watchdog.daemon = True
    watchdog.start()
    code = host.runtime.run()
    watchdog.cancel()
    return host, code, log.lines


@scenario
def calls(folder: Path) -> Any:
    page(folder, """
      const one = await invoke('echo', {text: 'aé€😀\\u0000'});
      const many = await Promise.all(Array.from({length: 300}, (_, i) => invoke(i % 2 ? 'echo' : 'later', {i})));
      let spread = 0;
      for (let i = 0; i < 40; i++) setTimeout(() => invoke('later', {}).then(() => spread++));
      let error;
      try { await invoke('nothing') } catch (reason) { error = reason }
      const big = await invoke('echo', {text: 'x'.repeat(3_000_000)});
      while (spread < 40) await new Promise((resolve) => setTimeout(resolve));
      await report({one, many: many.every(({i}, at) => i === at), spread, error, big: big.text.length, label: window.__TAURI_INTERNALS__.metadata.currentWindow.label});
    """)  # fmt: skip
    host, code, log = run(folder)
    first = host.sessions[0]
    main = host.ready_thread == threading.get_ident()
    return {
        "code": code,
        "log": log,
        "main": main,
        "page": first.page[:5],
        "closed": first.closed,
        "report": host.reports,
    }


@scenario
def slots(folder: Path) -> Any:
    page(folder, """
      let next = 0, wrong = 0, done;
      const all = new Promise((resolve) => done = resolve);
      const to = transformCallback((number) => { if (number !== next++) wrong++; if (next === 20000) done(); });
      invoke('push', {to, count: 20000});
      await all;
      await report({next, wrong});
    """)  # fmt: skip
    host, code, log = run(folder)
    return {"code": code, "log": log, "report": host.reports}


@scenario
def binary(folder: Path) -> Any:
    page(folder, """
      const results = [];
      for (const size of [0, 256, 16384, 1 << 20, 16 << 20]) {
        const down = await invoke('bytes', {size});
        const sum = await hex(down);
        results.push([size, down.byteLength, sum, sum === await invoke('sum', down)]);
      }
      const both = await Promise.all([invoke('bytes', {size: 512}), invoke('bytes', {size: 1 << 20}), invoke('bytes', {size: 256})]);
      let refused;
      try { await invoke('sum', new Uint8Array(33 << 20)) } catch (reason) { refused = String(reason) }
      await report({results, both: both.map((data) => data.byteLength), refused});
    """)  # fmt: skip
    host, code, log = run(folder, max_message_bytes=32 << 20)
    return {"code": code, "log": log, "report": host.reports, "packs": host.sessions[0].packs_sent}


def fetched_packs() -> list[PageLink]:
    """Return the list, which will grow, of the links whose page fetches a pack by the scheme."""
    fetched: list[PageLink] = []
    fetch = PageLink.fetch

    def note(link: PageLink, number: int) -> Any:
        fetched.append(link)
        return fetch(link, number)

    PageLink.fetch = note  # type: ignore[method-assign]
    return fetched


@scenario
def dialogs(folder: Path) -> Any:
    """Work runs a loop of its own, as a dialog does, until work that is posted meanwhile ends it."""
    from gi.repository import GLib

    done: list[str] = []

    def start(runtime: Runtime) -> None:
        dialog = GLib.MainLoop()

        def show() -> None:
            done.append("shown")
            GLib.timeout_add_seconds(5, dialog.quit)
            dialog.run()
            done.append("closed")
            runtime.quit(0)

        def answer() -> None:
            done.append("meanwhile")
            dialog.quit()

        def behind() -> None:
            done.append("behind it")
            threading.Thread(target=runtime.post, args=(answer,)).start()

        runtime.post(show)
        runtime.post(behind)

    _, code, log = run(folder, start=start)
    return {"code": code, "log": log, "done": done}


@scenario
def frames(folder: Path) -> Any:
    """Frames in the page try to reach the application."""
    script = (
        "const k='0'.repeat(32);"
        "const h=webkit.messageHandlers,names=[...Object.getOwnPropertyNames(h)];for(const n in h)names.push(n);"
        "Promise.all([names.join()+typeof h.transom,"
        "fetch('ipc://localhost/'+k+'/up',{method:'POST',body:'x'}).then(r=>r.status,()=>'blocked'),"
        "typeof window.__TAURI_INTERNALS__])"
        ".then(r=>parent.postMessage([r[0],r[1],r[2]],'*'))"
    )
    (folder / "frame.html").write_text(f"<!doctype html><script>{script}</script>")
    page(folder, """
      const heard = [];
      const frame = (attribute, value) => new Promise((resolve) => {
        onmessage = ({data}) => resolve(heard.push(data));
        const element = document.createElement('iframe');
        element.setAttribute(attribute, value);
        document.body.append(element);
      });
      await frame('src', 'frame.html');
      await frame('srcdoc', SOURCE);
      await report(heard);
    """.replace("SOURCE", json.dumps(f"<script>{script}</script>").replace("</", "<\\/")))  # fmt: skip
    host, code, log = run(folder, csp=None)
    return {"code": code, "log": log, "report": host.reports}


@scenario
def generations(folder: Path) -> Any:
    page(folder, "await report(location.pathname + location.search);")
    page(folder, "await report(location.pathname + location.search);", name="other.html")
    steps: list[Callable[[Runtime], None]] = [
        lambda runtime: runtime.perform(ReloadPage("main")),
        lambda runtime: runtime.perform(EvaluateScript("main", "location.href = 'other.html?a=1'")),
        lambda runtime: runtime.perform(EvaluateScript("main", "history.back()")),
        lambda runtime: runtime.quit(0),
    ]

    def next_step(host: FakeHost, session: FakeSession, report: Any) -> None:
        steps[len(host.reports) - 1](host.runtime)

    host, code, log = run(folder, on_report=next_step)
    return {"code": code, "log": log, "report": host.reports, "closed": [s.closed for s in host.sessions]}


@scenario
def threads(folder: Path) -> Any:
    """Another thread asks for everything there is, in a window of its own."""
    page(folder, "await report(document.title);")
    results: list[Any] = []
    resized = threading.Event()

    def attempt(runtime: Runtime, op: Any) -> None:
        try:
            results.append(runtime.perform(op))
        except WindowError as error:
            results.append(str(error))

    def ask(runtime: Runtime) -> None:
        look: dict[str, Any] = {
            "title": "second",
            "visible": False,
            "min_width": 50,
            "resizable": False,
            "center": True,
        }
        for op in (
            new_window("second", **look),
            new_window("second"),
            SetTitle("second", "new"),
            SetVisible("second", True),
            SetFocus("second"),
            EvaluateScript("second", "1"),
            DestroyWindow("second"),
            SetTitle("second", "gone"),
        ):
            attempt(runtime, op)
        runtime.post(lambda: runtime._windows["main"].window.resize(640, 480))  # type: ignore[attr-defined]
        assert resized.wait(10)
        runtime.perform(CloseWindow("main"))

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if session.page.label == "main":
            threading.Thread(target=ask, args=(host.runtime,)).start()

    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))

    host_events: list[Any] = []

    def on_event(event: Any) -> None:
        host_events.append(event[:2])
        if event.name == "resize" and event.payload == {"width": 640, "height": 480}:
            resized.set()
        if event[:2] == ("main", "destroyed"):
            host.runtime.quit(7)

    log = Log()
    host = FakeHost(start, on_report)
    host.on_event = on_event
    host.runtime = find_runtime("webkitgtk")(host, Settings(assets=folder))
    logging.getLogger("transom").addHandler(log)
    code = host.runtime.run()
    attempt(host.runtime, SetTitle("main", "late"))
    return {"code": code, "log": log.lines, "results": results, "events": host_events}


@scenario
def signals(folder: Path) -> Any:
    page(folder, "await report();")
    number = getattr(signal, os.environ["SIGNAL"])
    asked_at = 0.0

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        nonlocal asked_at
        asked_at = time.time()
        os.kill(os.getpid(), number)

    host, code, log = run(folder, on_report=on_report)
    destroyed = [event[:2] for event in host.events if event.name == "destroyed"]
    return {"code": code, "log": log, "events": destroyed, "asked_at": asked_at}


@scenario
def crash(folder: Path) -> Any:
    page(folder, "await report();")

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) > 1:
            return host.runtime.quit(0)
        for process in Path("/proc").glob("[0-9]*"):
            if "WebKitWebProces" in status(process) and f"PPid:\t{os.getpid()}\n" in status(process):
                os.kill(int(process.name), signal.SIGKILL)
        return None

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "closed": [session.closed for session in host.sessions]}


def status(process: Path) -> str:
    try:
        return (process / "status").read_text()
    except OSError:
        return ""


@scenario
def files(folder: Path) -> Any:
    inside, outside = folder / "allowed é.bin", folder / "secret.txt"
    inside.write_bytes(bytes(range(256)) * 20)
    outside.write_text("secret")
    (folder / "link.bin").symlink_to(outside)
    page(folder, """
      const get = async (path, headers) => {
        const response = await fetch(convertFileSrc(path), {headers});
        const data = await response.arrayBuffer();
        return [response.status, data.byteLength, response.headers.get('content-type'), new Uint8Array(data)[0]];
      };
      const asset = async (path, options) => {
        const response = await fetch(path, options);
        return [response.status, (await response.arrayBuffer()).byteLength > 0, response.headers.get('accept-ranges')];
      };
      const etag = (await fetch('/allowed%20é.bin')).headers.get('etag');
      const folder = FOLDER;
      await report([
        await get(folder + '/allowed é.bin'), await get(folder + '/allowed é.bin', {Range: 'bytes=5-9'}),
        await get(folder + '/secret.txt'), await get(folder + '/link.bin'), await get(folder + '/none.bin'),
        (await fetch('missing.js')).status, (await fetch('index.html')).headers.get('content-security-policy') !== null,
        await asset('/users/john.doe', {headers: {Accept: 'text/html'}}), await asset('/users/john'),
        await asset('/allowed%20é.bin', {headers: {Range: 'bytes=5-9'}}), await asset('/allowed%20é.bin', {method: 'HEAD'}),
        await asset('/allowed%20é.bin'), await asset('/allowed%20é.bin', {headers: {'If-None-Match': etag}}),
        await get(folder + '/' + 'x'.repeat(300) + '.bin'), await get('/' + 'a/'.repeat(3000)),
      ]);
    """.replace("FOLDER", json.dumps(str(folder))))  # fmt: skip
    csp = "default-src 'self'; connect-src 'self' asset:"
    host, code, log = run(folder, csp=csp, asset_scope=lambda path: path.suffix == ".bin")
    return {"code": code, "log": log, "report": host.reports}


@scenario
def redirect(folder: Path) -> Any:
    """A server redirects the page into the application's own scheme."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "tauri://localhost/index.html?x=1")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page(folder, f"""
      location = 'http://127.0.0.1:{server.server_port}/';
      for (let i = 0; i < 20; i++) {{
        await new Promise((resolve) => setTimeout(resolve, 100));
        await invoke('echo', {{i}});
      }}
      await report(location.href);
    """)  # fmt: skip
    host, code, log = run(folder)
    return {"code": code, "log": log, "report": host.reports[0]["value"], "sessions": len(host.sessions)}


@scenario
def dev_server(folder: Path) -> Any:
    """The page comes from a development server, then from another one, which is not the application's."""
    page(folder, """
      let length = 0;
      for (let i = 0; i < 10; i++) length += (await invoke('bytes', {size: 1 << 20})).byteLength;
      await report([location.origin, length]);
    """)  # fmt: skip
    fetched = fetched_packs()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args: Any) -> None:
            pass

    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    own, foreign = (f"http://127.0.0.1:{server.server_port}" for server in servers)

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) > 1:
            return host.runtime.quit(0)
        return host.runtime.perform(EvaluateScript("main", f"location.href = '{foreign}/'"))

    host, code, log = run(folder, on_report=on_report, dev_url=own)
    pages = [(session.page.origin in (own, foreign), session.page.local) for session in host.sessions]
    right = [report["value"] for report in host.reports] == [[own, 10 << 20], [foreign, 10 << 20]]
    by_foreign = sum(link is host.sessions[1]._link for link in fetched)
    return {"code": code, "log": log, "pages": pages, "right": right, "fetched": by_foreign}


@scenario
def windows_asked_for(folder: Path) -> Any:
    page(folder, "globalThis.ask = () => report(window.open('https://example.com/') === null); await report();")

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) > 1:
            return host.runtime.quit(0)
        return host.runtime.perform(EvaluateScript("main", "ask()"))  # counts as a click: a window may be asked for

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "report": host.reports}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
