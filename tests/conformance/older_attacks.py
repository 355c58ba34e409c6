"""An application whose page of one generation attacks it: `older_attacks.py FOLDER GENERATION` prints what came of it."""

from __future__ import annotations

import http.server
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

from transom import AppHandle, Builder, Webview, command, generate_context, generate_handler

# Generation -> a function that calls a command, without the npm package.
CALL = {
    "2.x": "(cmd, args) => window.__TAURI_INTERNALS__.invoke(cmd, args)",
    "1.x": "(cmd, args) => window.__TAURI_INVOKE__(cmd, args)",
    "1.0-beta": """(cmd, args) => new Promise((resolve, reject) => {
        const { transformCallback } = window.__TAURI__;
        window.rpc.notify(cmd, { callback: transformCallback(resolve, true), error: transformCallback(reject, true), ...args });
      })""",
    "0.x": "(cmd, args) => window.__TAURI__.promisified({ cmd, ...args })",
}
# What a page of some generation finds in its window.
GLOBALS = [
    "__TAURI__",
    "__TAURI_INTERNALS__",
    "__TAURI_INVOKE__",
    "__TAURI_INVOKE_HANDLER__",
    "__TAURI_INVOKE_KEY__",
    "__TAURI_IPC__",
    "__TAURI_METADATA__",
    "__TAURI_POST_MESSAGE__",
    "rpc",
    "tauri",
]
START = """
const call = CALL;
const rejection = (promise) => promise.then((value) => ({ value }), (reason) => (typeof reason === 'string' ? reason : JSON.stringify(reason)));
"""
MAIN = """
const found = {};
found.allowed = await rejection(call('greet', { name: 'W' }));
found.refused = await rejection(call('refused', {}));
found.names = [];
for (const cmd of ['__proto__', 'constructor', 'toString', '', 'a'.repeat(100000)]) found.names.push(await rejection(call(cmd, {})));
const look = GLOBALS_LIST.map((name) => `typeof window['${name}'] === 'undefined' ? null : '${name}'`).join(',');
const source = `<script>
  const handlers = [];
  for (const name in (window.webkit && window.webkit.messageHandlers) || {}) handlers.push(name);
  parent.postMessage({found: [${look}].filter(Boolean), handlers}, '*');
<${'/'}script>`;
const frame = (fields) => new Promise((resolve) => {
  addEventListener('message', ({ data }) => resolve(data), { once: true });
  document.body.append(Object.assign(document.createElement('iframe'), fields));
});
found.sandboxed = await frame({ sandbox: 'allow-scripts', srcdoc: source });
found.ownFrame = await frame({ src: 'frame.html' });
const before = document.title;
window.attack = () => (document.title = 'attacked');
SENDS.forEach((send) => { try { send(); } catch {} });
found.afterWrongCallbacks = await rejection(call('greet', { name: 'X' }));
found.title = document.title === before;
await call('report', { found });
"""
# Messages with callbacks that are none, with a key of the page's own making, and in the form of another generation.
SENDS = """
const wrong = ['attack', 'alert', 'document.title=1', '__proto__', 5, null, {}, -1, 2 ** 40];
const SENDS = wrong.flatMap((id) => [
  () => window.__TAURI_IPC__?.({ cmd: 'greet', name: 'a', callback: id, error: id, __TAURI_INVOKE_KEY__: 1 }),
  () => window.rpc?.notify('greet', { name: 'a', callback: id, error: id, __invokeKey: 1 }),
  () => window.__TAURI_INVOKE_HANDLER__?.({ cmd: 'greet', name: 'a', callback: id, error: id }),
  () => window.external?.invoke?.(JSON.stringify({ cmd: 'greet', name: 'a', callback: id, error: id })),
  () => window.external?.invoke?.(String(id)),
]);
"""
REMOTE = """
const found = { refused: await rejection(call('greet', { name: 'W' })), allowed: await rejection(call('of_remote', {})) };
await fetch('/told', { method: 'POST', body: JSON.stringify(found) });
"""
FRAME = """
const handlers = [];
for (const name in window.webkit?.messageHandlers ?? {}) handlers.push(name);
parent.postMessage({ found: GLOBALS_LIST.filter((name) => typeof window[name] !== 'undefined'), handlers }, '*');
"""


def script(generation: str, *parts: str) -> str:
    text = START + "(async () => {" + "".join(parts) + "})();"
    return text.replace("CALL", CALL[generation]).replace("GLOBALS_LIST", json.dumps(GLOBALS))


class Foreign(http.server.BaseHTTPRequestHandler):
    """Another site, whose page does what the application's page may do."""

    page: bytes
    told: dict[str, Any]
    done: threading.Event

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)

    def do_POST(self) -> None:
        self.told |= json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        self.done.set()

    def log_message(self, *args: Any) -> None:
        pass


def main(folder: Path, generation: str) -> int:
    results: dict[str, Any] = {"remote": {}, "ran": [], "log": []}
    done = threading.Event()
    page = f"<!doctype html><script>{script(generation, REMOTE)}</script>".encode()
    fields = {"page": page, "told": results["remote"], "done": done}
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (Foreign,), fields))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_address[1]}"
    files = {
        "index.html": "<!doctype html><body><script src=main.js></script>",
        "main.js": script(generation, SENDS, MAIN),
        "frame.html": "<!doctype html><script src=frame.js></script>",
        "frame.js": FRAME.replace("GLOBALS_LIST", json.dumps(GLOBALS)),
    }
    (folder / "dist").mkdir()
    for name, text in files.items():
        (folder / "dist" / name).write_text(text, "utf-8")
    windows = [{"label": "main"}, {"label": "remote", "url": f"{address}/"}]
    security = {"csp": None}
    (folder / "tauri.conf.json").write_text(json.dumps({"identifier": "app.transom.attacks", "build": {"frontendDist": "dist"}, "app": {"windows": windows, "security": security}}))  # fmt: skip

    @command
    def greet(name: str) -> str:
        results["ran"].append(name)
        return name

    @command
    def refused() -> None:
        results["ran"].append("refused")

    @command
    def of_remote() -> str:
        results["ran"].append("of_remote")
        return "to the remote page"

    @command
    def report(app: AppHandle, webview: Webview, found: dict[str, Any]) -> None:
        results["main"] = found
        # Somebody who has learned the name of the handler, and not the key of the page.
        (name,) = built._core.runtime._windows["main"].webview.pages._handlers  # type: ignore[attr-defined]
        posted = '[[0, 1, "greet", {"name": "without the key"}]]'
        text = json.dumps(posted)
        webview.eval(
            f"webkit.messageHandlers[{json.dumps(name)}].postMessage({text})"
            f".catch(() => {{}}).then(() => {{ CALL('finished', {{}}) }})".replace("CALL", f"({CALL[generation]})")
        )

    @command
    def finished(app: AppHandle) -> None:
        done.wait(30)
        app.exit()

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            results["log"].append(record.getMessage())

    logging.getLogger("transom").addHandler(Notes(logging.WARNING))

    def setup(app: AppHandle) -> None:
        own = ["allow-greet", "allow-report", "allow-finished"]
        app.add_capability(json.dumps({"identifier": "own", "windows": ["main"], "permissions": own}))
        remote = {"identifier": "remote", "local": False, "remote": {"urls": [f"{address}/*"]}, "windows": ["remote"], "permissions": ["allow-of-remote"]}  # fmt: skip
        app.add_capability(json.dumps(remote))

    timer = threading.Timer(60, lambda: os._exit(1))
    timer.daemon = True
    timer.start()
    builder = Builder().client(generation).strict_permissions().strict_arguments().setup(setup)
    handler = generate_handler(greet, refused, of_remote, report, finished)
    built = builder.invoke_handler(handler).build(generate_context(folder), "webkitgtk")
    built.run()
    sys.stdout.write(json.dumps(results) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
