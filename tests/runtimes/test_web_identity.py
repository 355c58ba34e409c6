"""Who is who in a real browser: windows and their tabs, other sites, other ports, files."""

from __future__ import annotations

import http.server
import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import request
from tests.runtimes.browser import Browser, Tab, browser

PROGRAM = """
import os, sys, transom
from transom import AppHandle, WebviewWindow, WebviewWindowBuilder, command, generate_handler

@command
def who(window: WebviewWindow) -> str:
    return window.label

@command
async def note(text: str) -> None:
    print(text, flush=True)

@command
def more(app: AppHandle, label: str, url: str = "/sub/?q=1#part") -> None:
    WebviewWindowBuilder(app, label, url).build()

builder = transom.Builder().web(open_browser=False).invoke_handler(generate_handler(who, note, more))
context = transom.generate_context(sys.argv[1])
if len(sys.argv) > 2:  # under a path of a stranger's server
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Mount
    app = Starlette(routes=[Mount(sys.argv[3], builder.web(token="t").build(context).asgi())])
    port = int(sys.argv[2])
    print(f"is at http://127.0.0.1:{port}{sys.argv[3]}/?token=t", flush=True)
    uvicorn.run(app, port=port, log_level="warning")
else:
    sys.exit(builder.run(context, "web"))
"""
WHO = "__TAURI_INTERNALS__.invoke('who')"
# `waits` while it is not known whether the page gets its window.
WHO_SOON = f"Promise.race([{WHO}, new Promise((resolve) => setTimeout(resolve, 1500, 'waits'))])"
LABEL = "__TAURI_INTERNALS__.metadata.currentWindow.label"


def _project(folder: Path) -> Path:
    write_project(folder)
    (folder / "dist" / "sub").mkdir(parents=True)
    for name in ("index.html", "two.html", "sub/index.html"):
        (folder / "dist" / name).write_text(f"<!doctype html><title>t</title><h1>{name}</h1>", "utf-8")
    (folder / "dist" / "sw.js").write_text("1", "utf-8")
    return folder


class World:
    """An application, a browser, and the tab of its first window."""

    def __init__(self, application: Program, driver: Browser) -> None:
        self.application = application
        self.browser = driver
        self.address = application.address()
        self.base = self.address.partition("?")[0]
        self.main = driver.tab()
        self.main.goto(self.address)

    def window(self, label: str, number: int) -> Tab:
        """Open another window by the first one's page."""
        self.main.eval(f"__TAURI_INTERNALS__.invoke('more', {{label: '{label}'}})")
        tab = self.browser.tab_number(number)
        tab.wait("location.pathname.endsWith('/sub/') && document.readyState === 'complete'")
        return tab


@contextmanager
def _world(folder: Path, *arguments: str) -> Iterator[World]:
    with ExitStack() as stack:
        driver = stack.enter_context(browser())
        data = {"XDG_DATA_HOME": str(folder / "data")}
        program = [sys.executable, "-c", PROGRAM, _project(folder), *arguments]
        application = stack.enter_context(Program(program, data))
        yield World(application, driver)
        application.end()
    errors = "".join(application.errors)
    assert "Traceback" not in errors, errors


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


@pytest.fixture(params=["own server", "mounted"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    mounted = request.param == "mounted"
    with _world(tmp_path, *([_free_port(), "/apps/mine"] if mounted else [])) as found:
        yield found


class Site:
    """Another site on this machine. It answers with its page, and notes the requests."""

    def __init__(self) -> None:
        self.page = "<!doctype html><title>site</title>"
        self.redirect: str | None = None
        self.requests: list[dict[str, str]] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(302 if site.redirect else 200)
                if site.redirect:
                    self.send_header("Location", site.redirect)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


# Windows


def test_a_window_keeps_its_label_over_links_reloads_and_the_history(world: World) -> None:
    other = world.window("b", 1)
    assert other.eval("location.search + location.hash") == "?q=1#part"
    assert "transom" not in other.do("url")
    steps = [
        (f"location.href = new URL('two.html', '{world.base}')", "two.html"),
        ("location.reload()", "two.html"),
        ("history.back()", "/sub/"),
        (f"location.replace('{world.base}')", ""),
    ]
    for step, path in steps:
        other.eval(f"setTimeout(() => {{ {step} }}); globalThis.before = 1")
        other.wait(f"!globalThis.before && location.pathname.endsWith('{path}') && document.readyState === 'complete'")
        assert [other.eval(WHO), other.eval(LABEL)] == ["b", "b"], step
    assert world.main.eval(WHO) == "main", "nobody has taken the first window meanwhile"
    world.main.do("reload")
    assert world.main.eval(WHO) == "main"


def test_a_page_does_not_become_another_window_by_an_address(world: World) -> None:
    world.window("admin", 1)
    other = world.window("low", 2)
    for address in ("?__transom_window=admin", "#__transom_window=admin"):
        other.goto(f"{world.base}{address}")
        assert other.eval(WHO) == "low"
    other.eval("window.name = 'transom:admin:' + '0'.repeat(32); setTimeout(() => location.reload()); 1")
    # A ticket that is made up is for no window: the tab is none either, and closes.
    assert world.browser.do("closed", other.number)
    assert world.main.eval(WHO) == "main"


def test_windows_do_not_reach_each_other_by_opener_or_name(world: World) -> None:
    world.window("admin", 1)
    other = world.window("low", 2)
    assert other.eval("window.opener") is None
    for name in ("admin", "transom:admin", "main", "transom:main"):
        assert other.eval(
            f"(() => {{ const w = open('', '{name}'); const u = w && w.location.href; w?.close(); return u }})()"
        ) in (
            "about:blank",
            None,
        )


def test_a_page_that_a_script_opened_gets_no_window_without_a_click(world: World) -> None:
    other = world.window("low", 1)
    world.main.do("close")
    other.eval(f"sessionStorage.clear(); window.name = ''; void open('{world.base}')")
    opened = world.browser.tab_number(2)
    opened.wait("document.readyState === 'complete'")
    assert opened.eval(WHO_SOON) == "waits"
    opened.do("press", "Enter")
    assert opened.eval(WHO) == "main"
    opened.do("reload")
    assert opened.eval(WHO) == "main", "the click was for the tab, not for one document"


def test_a_second_tab_waits_for_a_click_of_the_user(world: World) -> None:
    second = world.browser.tab()
    second.goto(world.base)
    assert second.eval(WHO_SOON) == "waits"
    # A script's click is none.
    second.eval("document.documentElement.lastElementChild.click()")
    second.eval("document.documentElement.lastElementChild.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))")
    assert second.eval(WHO_SOON) == "waits"
    assert world.main.eval(WHO) == "main"
    second.do("press", "Enter")
    assert second.eval(WHO) == "main"
    assert "(4001" in world.main.eval(f"{WHO}.catch((error) => error.message)")


def test_what_a_page_stores_is_there_at_the_next_start(tmp_path: Path) -> None:
    with browser() as driver:
        for value in ("null", '"kept"'):
            data = {"XDG_DATA_HOME": str(tmp_path / "data")}
            if value == "null":
                _project(tmp_path)
            with Program([sys.executable, "-c", PROGRAM, tmp_path], data) as application:
                tab = driver.tab()
                tab.goto(application.address())
                assert json.dumps(tab.eval("localStorage.getItem('x')")) == value
                tab.eval("localStorage.setItem('x', 'kept')")
                tab.do("close")
                application.end()


# Other sites


@pytest.mark.parametrize("how", ["link", "redirect", "popup"])
def test_another_site_gets_neither_window_nor_cookie(world: World, site: Site, how: str) -> None:
    target = f"{world.base}?__transom_window=main#/danger"
    tab = world.browser.tab()
    if how == "redirect":
        site.redirect = target
    tab.goto(f"http://127.0.0.1:{site.port}/")
    if how == "link":
        tab.eval(f"setTimeout(() => location.href = '{target}'); 1")
    elif how == "popup":
        tab.eval(f"globalThis.other = open('{target}', 'transom:main'); 1")
        tab = world.browser.tab_number(2)
    tab.wait("document.body?.textContent.includes('Another site wants to open')" if how != "redirect" else "true")
    if how == "redirect":  # typed by the user, but led here by a site
        assert tab.eval("typeof __TAURI_INTERNALS__") == "undefined" or tab.eval(WHO_SOON) == "waits"
    else:
        assert tab.eval("typeof __TAURI_INTERNALS__") == "undefined"
    assert world.main.eval(WHO) == "main"
    if "localhost" in world.base:
        assert not any("transom" in request.get("cookie", "") for request in site.requests)
    if how == "popup":
        opener = Tab(world.browser, 1)
        assert opener.eval("globalThis.other.closed") is True, "the site holds on to the window that it opened"


def test_another_port_of_the_same_name_gets_no_window_and_a_cookie_that_is_not_the_token(
    world: World, site: Site
) -> None:
    host = urlsplit(world.base).hostname
    tab = world.browser.tab()
    tab.goto(f"http://{host}:{site.port}/")
    tab.eval(f"setTimeout(() => location.href = '{world.base}'); 1")
    tab.wait("document.body?.textContent.includes('Another site wants to open')")
    assert world.main.eval(WHO) == "main"
    token = world.address.rpartition("=")[2]
    assert all(token not in request.get("cookie", "").partition("=")[2].split(".") for request in site.requests)


def test_no_service_worker_can_be_registered(world: World) -> None:
    script = f"navigator.serviceWorker.register('{world.base}sw.js').then(() => 'registered', (error) => error.name)"
    assert world.main.eval(script) in ("TypeError", "SecurityError")


@pytest.mark.parametrize("world", ["own server"], indirect=True)
def test_a_launch_file_leads_to_the_application(world: World, tmp_path: Path) -> None:
    from transom.runtimes.web.access._launch import _LAUNCH_PAGE

    assert request(world.address).status == 403  # it is used, so a new one is printed
    address = world.application.line().rpartition(" ")[2].strip() + "#/route"
    file = tmp_path / "launch.html"
    file.write_text(_LAUNCH_PAGE.format(js=json.dumps(address), html=address), "utf-8")
    world.main.do("close")
    tab = world.browser.tab()
    tab.goto(file.as_uri())
    tab.wait("location.protocol === 'http:' && typeof __TAURI_INTERNALS__ === 'object'")
    assert tab.eval(WHO) == "main"
    assert tab.do("url") == f"{world.base}#/route"
    assert tab.eval("history.length") == 2, "there is more in the tab's history than its empty page and the application"
