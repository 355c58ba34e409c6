"""Programs for the tests of the webkitgtk runtime in which pages go elsewhere, or save files. See `webkitgtk_scenarios`."""

from __future__ import annotations

import http.server
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from tests.runtimes.webkitgtk_hostile_scenarios import foreign_site
from tests.runtimes.webkitgtk_scenarios import SCENARIOS, page, run, scenario
from transom.runtimes import EvaluateScript, NavigateWebview, Runtime
from transom.runtimes.webkitgtk import _gi as gi


def desktop(folder: Path) -> tuple[Path, Path]:
    """Make a desktop whose application for links writes them into a file; return that, and the folder of downloads."""
    opened, downloads = folder.parent / "opened", folder.parent / "downloads"
    program = folder.parent / "opener"
    program.write_text(f"#!/bin/sh\necho \"$1\" >> '{opened}'\n")
    program.chmod(0o755)
    data, config = folder.parent / "data", folder.parent / "config"
    (data / "applications").mkdir(parents=True)
    config.mkdir()
    downloads.mkdir()
    schemes = ["mailto", "tel", "http", "https", "foo", "file"]
    kinds = "".join(f"x-scheme-handler/{scheme};" for scheme in schemes)
    (data / "applications" / "opener.desktop").write_text(
        f'[Desktop Entry]\nType=Application\nName=Opener\nExec="{program}" %u\nMimeType={kinds}\n'
    )
    lines = "".join(f"x-scheme-handler/{scheme}=opener.desktop\n" for scheme in schemes)
    (config / "mimeapps.list").write_text(f"[Default Applications]\n{lines}")
    (config / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{downloads}"\n')
    os.environ.update(XDG_DATA_HOME=str(data), XDG_CONFIG_HOME=str(config), HOME=str(folder.parent))
    return opened, downloads


def drive(runtime: Runtime, steps: list[str], seconds: float = 0.8, then: Callable[[], object] = lambda: None) -> None:
    """Run scripts one after the other, and then a function. For the web engine each is the user's doing."""

    def run_all() -> None:
        for step in steps:
            runtime.perform(EvaluateScript("main", step))
            time.sleep(seconds)
        then()

    threading.Thread(target=run_all, daemon=True).start()


FRAME = """<!doctype html><body><script>
  const link = (fields) => { const made = Object.assign(document.createElement('a'), fields); document.body.append(made); made.click(); };
  const steps = {
    top: () => top.location = 'tauri://localhost/?evil#x',
    replace: () => top.location.replace('tauri://localhost/other.html'),
    away: () => top.location = location.origin + '/foreign.html?top',
    frame: () => document.body.append(Object.assign(document.createElement('iframe'), { src: 'tauri://localhost/?inner' })),
    data: () => link({ href: 'data:text/plain,evil', download: 'evil.txt' }),
    blob: () => link({ href: URL.createObjectURL(new Blob(['evil'])), download: 'evil2.txt' }),
    file: () => link({ href: location.origin + '/foreign.html', download: 'evil3.txt' }),
    self: () => location = 'foreign.html?self',
  };
  onmessage = ({ data }) => steps[data]?.();
</script>"""


@scenario
def leaving(folder: Path) -> Any:
    """The page and a frame in it try to go to all kinds of places; the page stays until its own script leaves."""
    opened, downloads = desktop(folder)
    (folder / "frame.html").write_text(FRAME)
    page(folder, "parent === window ? report('foreign') : 0;", name="foreign.html")
    page(folder, "report('other');", name="other.html")
    site = foreign_site(folder)
    page(folder, """
      globalThis.report = report;
      globalThis.link = (fields) => { const made = Object.assign(document.createElement('a'), fields); document.body.append(made); made.click(); };
      document.readyState === 'complete' || await new Promise((resolve) => addEventListener('load', resolve));
      await report('main');
    """, f'<iframe src="{site}/frame.html"></iframe>')  # fmt: skip
    steps = [
        "link({href: 'mailto:a@example.com'})",
        f"link({{href: '{site}/linked.html'}})",
        f"link({{href: '{site}/blank.html', target: '_blank'}})",
        "location = 'tel:123'",
        "location = 'file:///etc/hosts'",
        "location = 'foo:bar'",
        "link({href: 'foo:link'})",
        "for (const n of [1, 2, 3]) link({href: 'mailto:many' + n})",
        *(
            f"frames[0].postMessage('{name}', '*')"
            for name in ("top", "replace", "away", "frame", "data", "blob", "file")
        ),
        "link({href: 'data:text/plain,own', download: 'data.txt'})",
        "link({href: URL.createObjectURL(new Blob(['own'])), download: 'own.txt'})",
        "location.hash = 'part'",
        "report(location.href)",
        f"location = '{site}/foreign.html'",
    ]

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if report["value"] == "main":
            drive(host.runtime, steps)
        elif report["value"] == "foreign":
            host.runtime.quit(0)

    host, code, log = run(folder, csp=None, on_report=on_report)
    return {
        "code": code,
        "log": [line.replace(site, "SITE") for line in log],
        "report": [report["value"] for report in host.reports],
        "opened": opened.read_text().replace(site, "SITE").split() if opened.exists() else [],
        "saved": sorted(path.name for path in downloads.iterdir()),
        "sessions": len(host.sessions),
    }


class BrokenSite(http.server.BaseHTTPRequestHandler):
    """A site whose answers make no document: none, an empty one, one that breaks off, and one for a download."""

    def do_GET(self) -> None:
        if self.path == "/empty":
            self.send_response(204)
            self.end_headers()
        elif self.path == "/cut":
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<!doctype html><p>"
            )
        elif self.path == "/file":
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.end_headers()
            self.wfile.write(b"x")
        # else the connection is closed without an answer

    def log_message(self, *args: Any) -> None:
        pass


@scenario
def failing(folder: Path) -> Any:
    """The page goes to places that make no document; after each, whatever document is there says what it is."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), BrokenSite)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"
    page(folder, "globalThis.report = report; await report(['start', origin]);")
    say = "globalThis.__TAURI_INTERNALS__?.invoke('report', {value: [NAME, origin]})"
    places = ["/empty", "/file", "/none", "/cut", "/empty"]
    steps = [step for path in places for step in (f"location = '{site}{path}'", say.replace("NAME", f"'{path}'"))]
    told: list[Any] = []

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        name, origin = report["value"]
        told.append([name, origin, session.page.origin, session.page.local])
        if name != "start":
            return None
        if len(told) > 1:
            return host.runtime.quit(0)

        def back() -> None:
            host.runtime.perform(NavigateWebview("main", "tauri://localhost/"))

        return drive(host.runtime, steps, 1.0, back)

    _, code, log = run(folder, csp=None, on_report=on_report)
    return {"code": code, "log": log, "told": [[str(part).replace(site, "SITE") for part in each] for each in told]}


class HeldSite(http.server.BaseHTTPRequestHandler):
    """A site that hears when its document's script runs."""

    ran = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if self.path == "/":
            script = (
                "await fetch('/ran'); for (;;) await globalThis.__TAURI_INTERNALS__.invoke('report', {value: origin})"
            )
            self.wfile.write(f"<!doctype html><script type=module>{script}</script>".encode())
        else:
            self.ran.set()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@scenario
def overtaken(folder: Path) -> Any:
    """The application asks for its own page when a foreign document is there already, but is not known yet to be."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), HeldSite)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"
    page(folder, f"await report(origin); location = '{site}/';")
    told: list[Any] = []

    def on_policy(view: Any, decision: Any, kind: Any) -> bool:
        if kind != gi.WebKit2.PolicyDecisionType.RESPONSE or not decision.get_request().get_uri().startswith(site):
            return False
        decision.use()
        told.append(["ran", HeldSite.ran.wait(20)])  # what the document's process says of it waits for us
        view.load_uri("tauri://localhost/?again")
        return True

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        told.append(
            [report["value"].replace(site, "SITE"), session.page.origin.replace(site, "SITE"), session.page.local]
        )
        locals_told = sum(each[0] == "tauri://localhost" for each in told)
        if locals_told == 1:
            the_view().connect("decide-policy", on_policy)
        elif locals_told == 2:
            host.runtime.quit(0)

    _, code, log = run(folder, csp=None, on_report=on_report)
    return {"code": code, "log": [line.replace(site, "SITE") for line in log], "told": told}


def the_view() -> Any:
    """Return the only web view of the program."""
    found = list(gi.Gtk.Window.list_toplevels())
    while not isinstance(found[0], gi.WebKit2.WebView):
        parent = found.pop(0)
        found += parent.get_children() if isinstance(parent, gi.Gtk.Container) else []
    return found[0]


@scenario
def early_scripts(folder: Path) -> Any:
    """Scripts that are run before the page exists, while it is read, and afterwards."""
    page(folder, "globalThis.report = report;", "<p id=there></p>")

    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))
        runtime.perform(EvaluateScript("main", "globalThis.order = [document.getElementById('there') !== null]"))
        runtime.perform(EvaluateScript("main", "syntax error"))
        runtime.perform(EvaluateScript("main", "var second = order.push('second')"))
        runtime.perform(EvaluateScript("main", "report([...order, second, location.pathname])"))

    host, code, log = run(folder, start=start)
    return {"code": code, "log": log, "report": [report["value"] for report in host.reports]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
