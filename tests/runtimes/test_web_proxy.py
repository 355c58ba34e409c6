"""The web runtime behind nginx, with the configurations and the code of `docs/serving.md`."""

from __future__ import annotations

import re
import signal
import socket
import sys
from contextlib import ExitStack
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import request
from tests.requirements import ROOT
from tests.runtimes.browser import Tab, browser
from tests.runtimes.proxy import certificate, nginx, replaced, takes_connections, wait_for

TEXT = (ROOT / "docs" / "serving.md").read_text("utf-8")
OWN_NAME, UNDER_A_PATH = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
NGINX_OWN_NAME, NGINX_UNDER_A_PATH = re.findall(r"```nginx\n(.*?)```", TEXT, re.DOTALL)
PAGE = """<!doctype html><script>
globalThis.start = Math.random();
globalThis.add = (text) => __TAURI_INTERNALS__.invoke('add', { text });
</script>"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _project(folder: Path, code: str) -> Path:
    write_project(folder)
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text(PAGE, "utf-8")
    (folder / "notes.py").write_text(code, "utf-8")
    return folder


def _connects_again(tab: Tab, how_often: int) -> None:
    for _ in range(200):
        said = tab.do("said")
        if sum("the connection to the application is open again" in line for line in said) >= how_often:
            return
        tab.wait("true")
        tab.eval("new Promise((resolve) => setTimeout(resolve, 50))")
    raise AssertionError(said)


def test_an_application_with_its_own_name_behind_https(tmp_path: Path) -> None:
    port, public = _free_port(), _free_port()
    written, key = certificate(tmp_path, "notes.localhost")
    code = replaced(OWN_NAME, ("8000", str(port)), ("notes.example.com", "notes.localhost"))
    project = _project(
        tmp_path / "project", f"{code}\nfrom transom import generate_context\nbuilder.run(generate_context())\n"
    )
    servers = replaced(
        NGINX_OWN_NAME,
        ("listen 443", f"listen 127.0.0.1:{public}"),
        ("notes.example.com", "notes.localhost"),
        ("/etc/ssl/notes.crt", str(written)),
        ("/etc/ssl/notes.key", str(key)),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("proxy_read_timeout 1h", "proxy_read_timeout 1s"),
    )
    address = f"https://notes.localhost:{public}/?token=the-secret"
    environment = {"NOTES_TOKEN": "the-secret", "TRANSOM_RUNTIME": "web"}
    with ExitStack() as stack:
        proxy = stack.enter_context(nginx(tmp_path / "nginx", servers, public))
        application = stack.enter_context(Program([sys.executable, project / "notes.py"], environment))
        application.line()
        tab = stack.enter_context(browser()).tab()
        assert tab.goto(address) == 200
        assert tab.eval("add('four')") == 4
        assert tab.eval("document.cookie") == ""
        [cookie] = tab.do("cookies")
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, True, "Strict", "/")

        # The proxy's time limit.
        start = tab.eval("start")
        _connects_again(tab, 2)
        tab.wait("add('four').catch(() => 0)")
        assert tab.eval("start") == start, "the page must not be loaded again"

        # Another start of the proxy.
        proxy.send_signal(signal.SIGKILL)
        proxy.wait()
        tab.wait("add('').then(() => false, (error) => error.kind === 'disconnected')")
        stack.enter_context(nginx(tmp_path / "nginx", servers, public))
        tab.wait("add('four').catch(() => 0)")


def test_an_application_under_a_path_of_another_one(tmp_path: Path) -> None:
    port, public = _free_port(), _free_port()
    code = replaced(UNDER_A_PATH, ("example.com", "example.localhost"))
    project = _project(tmp_path / "project", code)
    servers = replaced(
        NGINX_UNDER_A_PATH,
        ("listen 80;", f"listen 127.0.0.1:{public};"),
        ("example.com", "example.localhost"),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
    )
    command = [sys.executable, "-m", "uvicorn", "--factory", "notes:site", "--app-dir", project, "--port", str(port)]
    with ExitStack() as stack:
        stack.enter_context(nginx(tmp_path / "nginx", servers, public))
        application = stack.enter_context(Program(command, {"TRANSOM_RUNTIME": "web"}))
        wait_for(application.process, lambda: takes_connections(port) and "?token=" in "".join(application.errors))
        [token] = re.findall(r"\?token=(\S+),", "".join(application.errors))
        tab = stack.enter_context(browser()).tab()
        assert tab.goto(f"http://example.localhost:{public}/notes/?token={token}") == 200
        assert tab.do("url") == f"http://example.localhost:{public}/notes/"
        assert tab.eval("add('four')") == 4
        assert [cookie["path"] for cookie in tab.do("cookies")] == ["/notes"]
        assert tab.eval("__TAURI_INTERNALS__.convertFileSrc('x')").startswith(
            f"http://example.localhost:{public}/notes/.transom/asset/"
        )


@pytest.mark.parametrize(("trusted", "secure"), [((), False), (("127.0.0.1",), True), (("192.0.2.1",), False)])
def test_headers_of_a_proxy_count_only_where_they_are_trusted(
    tmp_path: Path, trusted: tuple[str, ...], secure: bool
) -> None:
    project = _project(
        tmp_path / "project",
        "from transom import Builder, generate_context\n"
        f"Builder().web(trusted_proxies={trusted!r}, open_browser=False).run(generate_context())\n",
    )
    with Program([sys.executable, project / "notes.py"], {"TRANSOM_RUNTIME": "web"}) as application:
        address = application.line().rpartition(" ")[2].strip()
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example", "Forwarded": "proto=https"}
        answer = request(address, forwarded)
        assert answer.status == 303
        [cookie] = SimpleCookie(answer.headers["set-cookie"]).values()
        assert bool(cookie["secure"]) is secure
        assert answer.headers["location"] == "/"
