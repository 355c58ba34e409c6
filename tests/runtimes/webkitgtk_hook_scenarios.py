"""More programs for the tests of the webkitgtk runtime: what an application hooks into it. See `webkitgtk_scenarios`."""

from __future__ import annotations

import http.client
import http.server
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from tests.runtimes.uri_schemes import FILM, PROTOCOLS, WAVE
from tests.runtimes.webkitgtk_scenarios import CSP, LIMIT_SECONDS, SCENARIOS, page, run, scenario
from transom.runtimes import (
    DestroyWindow,
    EvaluateScript,
    ReloadPage,
    Runtime,
    Settings,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponder,
    UriSchemeResponse,
    find_runtime,
)
from transom.wire import global_api_script


@scenario
def uri_schemes(folder: Path) -> Any:
    page(folder, """
      const get = async (address, options) => {
        const response = await fetch(address, options);
        return [response.status, await response.text(), response.headers.get('x-own'), response.headers.get('cache-control')];
      };
      const told = async (address, options) => JSON.parse((await get(address, options))[1]);
      const picture = (crossOrigin) => new Promise((resolve) => {
        const image = Object.assign(new Image(), {crossOrigin});
        image.onload = () => resolve([image.width, image.height]);
        image.onerror = () => resolve('error');
        image.src = convertFileSrc('picture' + crossOrigin, 'stream');
      });
      const statuses = {};
      for (const status of [200, 201, 204, 206, 304, 404, 416, 503]) statuses[status] = await get('stream://localhost/status/' + status);
      const frame = await new Promise((resolve) => {
        onmessage = ({data}) => resolve(data);
        document.body.append(Object.assign(document.createElement('iframe'), {src: 'stream://localhost/frame'}));
      });
      await report({
        statuses, frame,
        get: await told(convertFileSrc('a b/é.txt', 'stream') + '?q=%20#part'),
        post: await told('stream://localhost/x', {method: 'POST', body: new Uint8Array(1000), headers: {'X-Own': 'v', Range: 'bytes=1-9'}}),
        over: await get('stream://localhost/x', {method: 'POST', body: new Uint8Array(3 << 20)}),
        pictures: [await picture(null), await picture('anonymous')],
        fails: await get('stream://localhost/fails'),
        later: await get('later://localhost/'), dropped: await get('later://localhost/dropped'),
        soon: await get('soon://localhost/'),
      });
    """)  # fmt: skip
    # The sources for connections, pictures and media come with the schemes; the one for frames is the author's.
    csp = "default-src 'self'; frame-src stream:"
    host, code, log = run(folder, csp=csp, uri_schemes=PROTOCOLS, max_message_bytes=2 << 20)
    return {"code": code, "log": log, "report": host.reports[0]["value"]}


@scenario
def schemes_of_pages_that_go(folder: Path) -> Any:
    """Pages go while their requests wait; the answers come afterwards."""
    page(
        folder,
        "globalThis.answers = Promise.all([1, 2].map(() => fetch('kept://localhost/').then((got) => got.text())));",
    )
    kept: list[UriSchemeResponder] = []
    enough = threading.Event()

    def keep(context: Any, request: UriSchemeRequest, responder: UriSchemeResponder) -> None:
        kept.append(responder)
        if len(kept) in (2, 4, 6):
            enough.set()

    def drive(runtime: Runtime) -> None:
        for op in (ReloadPage("main"), new_window("second"), DestroyWindow("second")):
            assert enough.wait(10)
            enough.clear()
            runtime.perform(op)
        for responder in kept:
            responder.respond(UriSchemeResponse(b"too late"))
        runtime.perform(
            EvaluateScript("main", "answers.then((value) => __TAURI_INTERNALS__.invoke('report', {value}))")
        )

    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))
        threading.Thread(target=drive, args=(runtime,)).start()

    protocol = UriSchemeProtocol(scheme="kept", handler=keep, takes_responder=True)
    host, code, log = run(folder, start=start, uri_schemes=(protocol,))
    return {"code": code, "log": log, "kept": len(kept), "report": host.reports}


@scenario
def initialization_scripts(folder: Path) -> Any:
    body = (
        "<iframe srcdoc='<script>parent.inFrame = typeof order</script>'></iframe><script>order.push('page')</script>"
    )
    page(folder, """
      await new Promise((resolve) => document.readyState === 'complete' ? resolve() : addEventListener('load', resolve));
      await report({order, first, inFrame: globalThis.inFrame});
    """, body)  # fmt: skip
    scripts = (
        "globalThis.order = [typeof __TAURI_INTERNALS__]; globalThis.first = document.documentElement?.childElementCount;",
        "this is no script </script><!--",
        "order.push('</script><!-- <script>'.length)",
        "throw new Error('broken')",
        "order.push('last') // with a comment at its end",
    )
    host, code, log = run(folder, csp="script-src 'self'", initialization_scripts=scripts)
    return {"code": code, "log": log, "report": host.reports[0]["value"]}


@scenario
def global_api(folder: Path) -> Any:
    page(folder, """
      const api = window.__TAURI__;
      api.plugin = 'its script adds itself';
      await report({
        names: Object.keys(api), value: await api.core.invoke('echo', {a: 1}),
        label: api.webviewWindow.getCurrentWebviewWindow().label, added: api.plugin,
      });
    """)  # fmt: skip
    host, code, log = run(folder, initialization_scripts=(global_api_script(),), freeze_prototype=True)
    return {"code": code, "log": log, "report": host.reports[0]["value"]}


@scenario
def page_loads(folder: Path) -> Any:
    page(folder, "addEventListener('load', () => setTimeout(report));", '<img src="other.html">')
    page(folder, "addEventListener('load', () => setTimeout(report));", name="other.html")
    # A load that is broken off by the next one has no end.
    page(folder, "location.href = 'other.html?last';", '<img src="endless://localhost/">', name="left.html")
    steps = ["location.href = 'other.html?a=1#part'", "location.hash = 'other'; location.reload()", "location.href = 'left.html'"]  # fmt: skip

    def next_step(host: FakeHost, session: FakeSession, report: Any) -> None:
        step = len(host.reports) - 1
        if step == len(steps):
            host.runtime.quit(0)
        else:
            host.runtime.perform(EvaluateScript("main", steps[step]))

    endless = UriSchemeProtocol(scheme="endless", handler=_never, takes_responder=True)
    host, code, log = run(folder, csp=None, on_report=next_step, uri_schemes=(endless,))
    return {"code": code, "log": log, "loads": host.loads}


_held: list[Any] = []


def _never(context: Any, request: Any, responder: UriSchemeResponder) -> None:
    _held.append(responder)


@scenario
def data_directory(folder: Path) -> Any:
    """Write in one process, read in the next; a cookie needs a page of HTTP."""
    kept = folder.parent / "data"
    page(folder, """
      const before = [localStorage.getItem('kept'), document.cookie];
      localStorage.setItem('kept', 'value');
      document.cookie = 'kept=cookie; max-age=1000';
      await report(before);
    """)  # fmt: skip

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args: Any) -> None:
            pass

    port_file = folder.parent / "port"
    port = int(port_file.read_text()) if port_file.exists() else 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    port_file.write_text(str(server.server_port))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))
        runtime.perform(new_window("web", url=f"http://127.0.0.1:{server.server_port}/"))

    found: dict[str, Any] = {}

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        found[session.page.label] = report["value"]
        if len(found) == 2:
            host.runtime.quit(0)

    _, code, log = run(folder, start=start, on_report=on_report, csp=CSP, data_directory=kept)
    return {"code": code, "log": log, "found": found}


@scenario
def steps(folder: Path) -> Any:
    page(folder, "await report(await invoke('echo', {step: 1}));")
    host = FakeHost(
        lambda runtime: runtime.perform(new_window("main")), lambda host, session, report: host.runtime.quit(7)
    )
    host.runtime = find_runtime("webkitgtk")(host, Settings(assets=folder, csp=CSP))
    taken = 0
    iteration = host.runtime.steps()  # type: ignore[attr-defined]
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until:
        try:
            next(iteration)
        except StopIteration as end:
            return {"code": end.value, "report": host.reports, "several": taken > 10}
        taken += 1
    return {"steps": taken}


@scenario
def media(folder: Path) -> Any:
    """Play and seek a sound and a film of 20 seconds from `asset:` and from a scheme whose handler knows no ranges."""
    film = folder / "film.webm"
    film.write_bytes(FILM)
    mp4 = Path(__file__).parent / "film.mp4"
    allowed, hidden = folder / "sound.wav", folder / "hidden.wav"
    allowed.write_bytes(WAVE)
    hidden.write_bytes(WAVE)

    def whole(context: Any, request: UriSchemeRequest) -> UriSchemeResponse:
        if request.uri.endswith("film"):
            return UriSchemeResponse(FILM, headers={"Content-Type": "video/webm"})
        return UriSchemeResponse(WAVE, headers={"Content-Type": "audio/wav"})

    page(folder, f"""
      const once = (element, name) => new Promise((resolve, reject) => {{
        element.addEventListener(name, resolve, {{once: true}});
        element.addEventListener('error', () => reject(new Error('media error ' + element.error?.code)), {{once: true}});
      }});
      const tried = async (make, kind = 'audio') => {{
        const element = document.createElement(kind);
        element.muted = true;
        try {{
          const loaded = once(element, 'loadedmetadata');
          document.body.append(element);
          make(element);
          await loaded;
          await element.play();
          element.currentTime = 15;
          await once(element, 'seeked');
          const place = Math.floor(element.currentTime);
          element.pause();
          const played = [Math.round(element.duration), place >= 14 && place <= 16, new URL(element.currentSrc).hostname];
          return kind === 'audio' ? played : [...played, element.videoWidth, element.videoHeight];
        }} catch (error) {{ return String(error.message ?? error) }}
      }};
      const asset = convertFileSrc({json.dumps(str(allowed))});
      const other = convertFileSrc({json.dumps(str(hidden))});
      const results = {{
        asset: await tried((element) => (element.src = asset)),
        attribute: await tried((element) => element.setAttribute('src', convertFileSrc('x', 'whole'))),
        source: await tried((element) => element.append(Object.assign(document.createElement('source'), {{src: asset, type: 'audio/wav'}}))),
        film: await tried((element) => (element.src = convertFileSrc({json.dumps(str(film))})), 'video'),
        mp4: await tried((element) => (element.src = convertFileSrc({json.dumps(str(mp4))})), 'video'),
        filmOfScheme: await tried((element) => (element.src = convertFileSrc('film', 'whole')), 'video'),
        hidden: await tried((element) => (element.src = other)),
      }};
      const late = document.createElement('audio');
      late.muted = true;
      late.src = asset;
      await late.play();  // the page need not wait
      results.late = !late.paused;
      results.address = late.currentSrc;
      results.fetched = await fetch(late.currentSrc).then((response) => response.status, () => 'refused');
      await report(results);
    """)  # fmt: skip

    told: list[Any] = []

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        told.append(_seen_from_outside(report["value"]["address"]))
        host.runtime.quit(0)

    host, code, log = run(
        folder,
        on_report=on_report,
        asset_scope=lambda path: path in (allowed.resolve(), film.resolve(), mp4),
        uri_schemes=(UriSchemeProtocol(scheme="whole", handler=whole),),
        options={"media_server": True},
        csp="default-src 'self'; script-src 'self' 'unsafe-inline'; connect-src 'self' http:",
    )
    return {"code": code, "log": log, "report": host.reports[0]["value"], "outside": told[0]}


def _seen_from_outside(address: str) -> Any:
    """Ask the media server as another program would, which has learned an address or not."""
    parts = urlsplit(address)

    def ask(method: str, path: str, **headers: str) -> Any:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return [response.status, len(response.read()), response.headers.get("Content-Range")]

    player = {"Sec_Fetch_Dest": "audio"}
    return {
        "range": ask("GET", parts.path, Range="bytes=10-19", **player),
        "head": ask("HEAD", parts.path, **player),
        "no player": ask("GET", parts.path),
        "post": ask("POST", parts.path, **player),
        "another name": ask("GET", parts.path, Host="evil.example", **player),
        "no ticket": ask("GET", "/", **player),
        "wrong ticket": ask("GET", parts.path[:-1], **player),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
