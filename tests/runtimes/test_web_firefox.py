"""The sequence of `docs/security.md` in Firefox: launch code, link, reload, a window, a second tab, a lost connection."""

from __future__ import annotations

import http.server
import sys
import threading
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.conformance.application import Program
from tests.runtimes.firefox import firefox
from tests.runtimes.test_web_again import Wire
from tests.runtimes.test_web_identity import LABEL, PROGRAM, WHO, WHO_SOON, _project

ENDED = f"{WHO}.then(() => '', (error) => error.message)"
START = "window.start ??= Math.random()"


def test_the_sequence_of_messages_in_firefox(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    with (
        Program([sys.executable, "-c", PROGRAM, project]) as application,
        firefox(tmp_path / "firefox") as browser,
    ):
        address = application.address()
        base = address.partition("?")[0]
        [first] = browser.tabs()

        # The launch code admits this browser, and does not stay in the address.
        browser.goto(address)
        assert browser.eval("location.href") == base
        assert browser.eval(WHO) == "main"
        assert browser.eval("document.cookie") == ""
        browser.eval("localStorage.setItem('kept', 'yes')")

        # A reload, a link and the history keep the window.
        browser.do("WebDriver:Refresh")
        assert browser.eval(WHO) == "main"
        browser.eval("void (location.href = 'two.html')")
        browser.wait("document.querySelector('h1')?.textContent === 'two.html'")
        assert browser.eval(WHO) == "main"
        browser.do("WebDriver:Back")
        browser.wait("document.querySelector('h1')?.textContent === 'index.html'")
        assert browser.eval(WHO) == "main"

        # Another window has its own label, after a reload too, and shares the storage.
        browser.eval("__TAURI_INTERNALS__.invoke('more', {label: 'other', url: '/sub/'})")
        while len(browser.tabs()) < 2:
            browser.eval("new Promise((resolve) => setTimeout(resolve, 50))")
        [other] = set(browser.tabs()) - {first}
        browser.switch(other)
        browser.wait("location.pathname === '/sub/' && document.readyState === 'complete'")
        for _ in range(2):
            assert (browser.eval(LABEL), browser.eval(WHO)) == ("other", "other")
            assert browser.eval("localStorage.getItem('kept')") == "yes"
            browser.do("WebDriver:Refresh")

        # A second tab of the first window waits for a click, and the first tab keeps the window until then.
        second = browser.new_tab()
        browser.goto(base)
        assert browser.eval(WHO_SOON) == "waits"
        browser.switch(first)
        assert browser.eval(WHO) == "main"
        browser.switch(second)
        browser.wait("document.activeElement?.shadowRoot === null && document.hasFocus()")
        browser.press_enter()
        assert browser.eval(WHO) == "main"
        browser.switch(first)
        assert "4001" in browser.eval(ENDED)


class SlowSite:
    """Another site, whose pages come when the test wants it."""

    def __init__(self) -> None:
        self.asked, self.answers = threading.Event(), threading.Event()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.set()
                assert site.answers.wait(45)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><h1>slow</h1>")

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.answers.set()
        self.server.shutdown()
        self.server.server_close()


def test_a_page_in_firefox_stays_alive_while_the_next_one_is_slow_and_does_not_stop_it(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    with (
        SlowSite() as site,
        Program([sys.executable, "-c", PROGRAM, project]) as application,
        firefox(tmp_path / "firefox") as browser,
    ):
        browser.goto(application.address())
        start = browser.eval(START)
        leaves = "() => __TAURI_INTERNALS__.invoke('note', { text: 'left' })"
        browser.eval(f"void window.addEventListener('pagehide', {leaves})")
        browser.eval(f"void setTimeout(() => (location.href = '{site.address}'))")
        assert site.asked.wait(30)
        # Firefox has closed the connection: the call waits for the next one.
        assert browser.eval(WHO) == "main"
        assert browser.eval(START) == start
        site.answers.set()
        browser.wait("document.querySelector('h1')?.textContent === 'slow'")
        assert application.line() == "left\n", "calls made on leaving arrive"


def test_calls_that_a_page_in_firefox_makes_while_it_is_left_arrive(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    with (
        SlowSite() as site,
        Program([sys.executable, "-c", PROGRAM, project]) as application,
        firefox(tmp_path / "firefox") as browser,
    ):
        site.answers.set()
        browser.goto(application.address())
        for event in ("beforeunload", "pagehide"):
            leaves = f"() => __TAURI_INTERNALS__.invoke('note', {{ text: '{event}' }})"
            browser.eval(f"void window.addEventListener('{event}', {leaves})")
        browser.goto(site.address)
        assert [application.line(), application.line()] == ["beforeunload\n", "pagehide\n"]


def test_a_page_in_firefox_connects_again_by_itself(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    with (
        Program([sys.executable, "-c", PROGRAM, project]) as application,
        firefox(tmp_path / "firefox") as browser,
    ):
        parts = urlsplit(application.address())
        wire = Wire(parts.port or 0)
        try:
            browser.goto(f"http://{parts.hostname}:{wire.port}/?{parts.query}")
            assert browser.eval(WHO) == "main"
            start = browser.eval(START)
            wire.closed = True
            wire.cut()
            browser.eval(f"void (window.waiting = {WHO})")
            wire.closed = False
            browser.wait("waiting.then((label) => label === 'main', () => false)")
            assert browser.eval(START) == start, "nothing was lost, so the page must not be loaded again"
        finally:
            wire.close()
