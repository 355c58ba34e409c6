"""The application of `pages/webviews.js`: `webviews.py PROJECT`. It prints what the page reports."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.conformance.commands import Journal, finished, report
from transom import (
    AppHandle,
    Builder,
    Cookie,
    DownloadEvent,
    NewWindowFeatures,
    NewWindowResponse,
    PageLoadPayload,
    PluginBuilder,
    RunEvent,
    State,
    Webview,
    WebviewWindowBuilder,
    Window,
    WindowEvent,
    command,
    generate_context,
    generate_handler,
)
from transom.ipc import CapabilityBuilder

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


@command
def note(key: str, entry: Any, journal: State[Journal]) -> None:
    journal.note(key, entry)


@command
def read_journal(key: str, count: int, journal: State[Journal]) -> list[Any]:
    return journal.read(key, count)


@command
def build_hooked(app: AppHandle, journal: State[Journal]) -> None:
    """Make a window whose hooks write to the journal."""

    def may_go(url: str) -> bool:
        journal.note("navigation", url)
        return "forbidden" not in url

    def new_window(url: str, features: NewWindowFeatures) -> NewWindowResponse:
        journal.note("new window", url)
        return NewWindowResponse.ALLOW if "allowed" in url else NewWindowResponse.DENY

    def download(webview: Webview, event: DownloadEvent) -> bool:
        match event:
            case DownloadEvent.Requested():
                journal.note("download", [webview.label, event.url, event.destination.name])
                event.destination = FOLDER / "saved.txt"
                return "unwanted" not in event.url
            case DownloadEvent.Finished(success=success, path=path):
                journal.note("download", [success, path and path.name])
        return True

    def loaded(webview: Webview, payload: PageLoadPayload) -> None:
        journal.note("load", [webview.label, payload.event])

    (
        WebviewWindowBuilder(app, "hooked", "child.html")
        .title("Hooked")
        .inner_size(300, 200)
        .initialization_script("window.FIRST = document.readyState;")
        .enable_clipboard_access()
        .initialization_script_for_all_frames("window.EVERYWHERE = true;")
        .on_navigation(may_go)
        .on_new_window(new_window)
        .on_download(download)
        .on_page_load(loaded)
        .on_document_title_changed(lambda webview, title: journal.note("title", [webview.label, title]))
        .build()
    )


@command
def bake(app: AppHandle) -> dict[str, Any]:
    """Set, read and delete cookies of a window whose page is of a server, which tells what it gets."""
    heard: SimpleQueue[str | None] = SimpleQueue()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.put(self.headers["Cookie"])
            self.send_response(200)
            self.send_header("Set-Cookie", "hidden=1; Path=/; Max-Age=600; HttpOnly; SameSite=Strict")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    loaded: SimpleQueue[str] = SimpleQueue()
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{site.server_port}/page"
        window = (
            WebviewWindowBuilder(app, "site", url)
            .incognito(True)
            .on_page_load(lambda _, payload: loaded.put(payload.event))
            .build()
        )
        assert [loaded.get(timeout=20), loaded.get(timeout=20)] == ["started", "finished"]
        (read,) = window.cookies()
        later = datetime.now(UTC) + timedelta(days=2)
        window.set_cookie(Cookie("session", "a b", domain="127.0.0.1", http_only=True))
        window.set_cookie(Cookie("far", "1", domain="127.0.0.1", path="/other", expires=later))
        window.set_cookie(Cookie("strange", "1", domain="example.com", max_age=timedelta(seconds=50), same_site="None"))
        here = window.cookies_for_url(url)
        stored = {cookie.name: cookie for cookie in window.cookies()}
        on_main: Future[int] = Future()
        app.run_on_main_thread(lambda: on_main.set_result(len(window.cookies())))
        window.delete_cookie(Cookie("hidden", ""))
        window.navigate(f"{url}?again")
        sent = [heard.get(timeout=20), heard.get(timeout=20)]
        result = {
            "read": [read.name, read.value, read.domain, read.path, read.http_only, read.same_site, read.secure],
            "expires": read.expires is not None and 0 < (read.expires - datetime.now(UTC)).total_seconds() < 601,
            "here": sorted(cookie.name for cookie in here),
            "stored": sorted(stored),
            "later": stored["far"].expires == later.replace(microsecond=0),
            "main": on_main.result(20),
            "sent": sent,
            "apart": [cookie.name for cookie in app.webview_windows()["main"].cookies()],
        }
        window.destroy()
        site.shutdown()
    return result


@command
def clipboard() -> str:
    """Return the text in the clipboard, as another program sees it."""
    script = "import gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk, Gdk; print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text())"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


@command
def titles() -> list[str]:
    """Return the titles of the windows on the display, as another program sees them."""
    tree = subprocess.run(["xwininfo", "-root", "-tree"], capture_output=True, text=True, check=True).stdout
    return re.findall(r'0x[0-9a-f]+ "([^"]*)"', tree)


@command
def saved() -> str | None:
    file = FOLDER / "saved.txt"
    return file.read_text("utf-8") if file.exists() else None


@command
def in_python(app: AppHandle, label: str) -> dict[str, Any]:
    """Return what Python knows of a webview."""
    webview = app.get_webview(label)
    assert webview is not None
    size = webview.size()
    window = webview.window().label
    return {"window": window, "url": webview.url(), "size": [size.width, size.height], "labels": sorted(app.webviews())}


@command
def navigate(app: AppHandle, label: str, url: str) -> None:
    webview = app.get_webview(label)
    assert webview is not None
    webview.navigate(url)


def hide_the_kept_one(window: Window, event: WindowEvent) -> None:
    match event:
        case WindowEvent.CloseRequested(api=api) if window.label.startswith("kept"):
            window.hide()
            api.prevent_close()


def setup(app: AppHandle) -> None:
    capability = CapabilityBuilder("all").window("*")
    for name in (
        "core:window:allow-is-visible core:window:allow-close core:window:allow-show core:window:allow-set-title core:window:allow-destroy "
        "core:webview:allow-create-webview core:webview:allow-create-webview-window core:webview:allow-webview-close "
        "core:webview:allow-close core:webview:allow-webview-show core:webview:allow-webview-hide "
        "core:webview:allow-set-webview-focus core:webview:allow-set-webview-size core:webview:allow-set-webview-position "
        "core:webview:allow-set-webview-auto-resize core:webview:allow-set-webview-zoom core:webview:allow-reparent "
        "core:webview:allow-set-webview-background-color core:webview:allow-clear-all-browsing-data "
        "core:webview:allow-print core:window:allow-set-background-color core:window:allow-set-size "
        "core:window:allow-start-dragging core:window:allow-is-maximized"
    ).split():
        capability.permission(name)
    app.add_capability(capability)


def main() -> int:
    journal = Journal()

    def on_event(app: AppHandle, event: RunEvent) -> None:
        if isinstance(event, RunEvent.ExitRequested):
            journal.note("exit", event.code)

    builder = (
        Builder()
        .manage(journal)
        .plugin(PluginBuilder("framed").js_init_script_on_all_frames("window.FRAMED = true;").build())
        .setup(setup)
        .on_window_event(hide_the_kept_one)
        .invoke_handler(
            generate_handler(
                note, read_journal, build_hooked, bake, clipboard, titles, saved, in_python, navigate, report, finished
            )
        )
    )
    return builder.build(generate_context(FOLDER), "webkitgtk").run(on_event)


if __name__ == "__main__":
    sys.exit(main())
