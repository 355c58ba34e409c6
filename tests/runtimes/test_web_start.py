"""The start of the web runtime: when its address is announced, and what a browser would find there."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import RawPage
from tests.runtimes.fake_host import FakeHost
from transom.errors import RuntimeUnavailable
from transom.runtimes import Settings, find_runtime

PROGRAM = """
import sys, transom

class Watched:
    def write(self, text):
        if 'http://' in text:
            print([name for name in ('starlette', 'uvicorn', 'websockets') if name in sys.modules], file=sys.stderr)
        return sys.__stdout__.write(text)
    def __getattr__(self, name):
        return getattr(sys.__stdout__, name)

@transom.command
def echo(value: int) -> int:
    return value

def setup(app):
    {setup}

sys.stdout = Watched()
builder = transom.Builder().web(open_browser=False).setup(setup).invoke_handler(transom.generate_handler(echo))
sys.exit(builder.run(transom.generate_context(sys.argv[1]), 'web'))
"""


def _project(folder: Path) -> Path:
    write_project(folder)
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<!doctype html><p>", "utf-8")
    return folder


def _program(folder: Path, setup: str) -> Program:
    return Program([sys.executable, "-c", PROGRAM.replace("{setup}", setup), _project(folder)])


def test_the_address_is_announced_before_the_server_is_imported_and_answers_whoever_comes_early(tmp_path: Path) -> None:
    with _program(tmp_path, "pass") as application:
        with RawPage(application.address()) as page:
            assert page.invoke("echo", {"value": 1}) == [True, 1]
        assert application.end() == 143
    assert application.errors[0] == "[]\n"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"DISPLAY": ":nowhere"}, "PyGObject"),
        ({"DISPLAY": None}, "there is no display"),
        ({"DISPLAY": ":nowhere", "TRANSOM_RUNTIME": "web"}, None),
    ],
)
def test_a_browser_in_place_of_a_window_is_explained_in_one_line(
    tmp_path: Path, environment: dict[str, str | None], reason: str | None
) -> None:
    program = "import sys\nsys.modules['gi'] = None\n" + PROGRAM.replace("{setup}", "pass").replace("'web'", "None")
    folder = _project(tmp_path)
    variables = {"TRANSOM_RUNTIME": None, "WAYLAND_DISPLAY": None, **environment}
    with Program([sys.executable, "-c", program, folder], variables) as application:
        application.address()
        assert application.end() == 143
    said = [line for line in application.errors if "shown in a browser" in line]
    assert len(said) == (reason is not None)
    assert all(reason is not None and reason in line and "TRANSOM_RUNTIME=web" in line for line in said)


def test_the_end_of_an_application_waits_for_no_page_and_no_connection(tmp_path: Path) -> None:
    with _program(tmp_path, "pass") as application:
        address = application.address()
        page, port = RawPage(address), urlsplit(address).port
        with closing(page.socket()) as link, socket.create_connection(("127.0.0.1", port), 10) as silent:
            page._socket = link
            assert page.invoke("echo", {"value": 1}) == [True, 1]
            silent.sendall(b"GET / HTTP/1.1\r\n")
            assert application.end() == 143
            assert page.closed() == (1001, "the application has ended")
            assert silent.recv(1) == b""
    # It would say so after waiting for 0.4 seconds.
    assert not [line for line in application.errors if "did not end in time" in line]


@pytest.mark.parametrize(("setup", "status"), [("raise ValueError('broken on purpose')", 1), ("app.exit(3)", 3)])
def test_a_setup_that_fails_or_exits_announces_no_address(tmp_path: Path, setup: str, status: int) -> None:
    with _program(tmp_path, setup) as application:
        assert application.status(20) == status
    assert ("broken on purpose" in "".join(application.errors)) == (status == 1)
    assert "[]\n" not in application.errors, "a browser would be opened at an address that nobody answers"


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "websockets"])
def test_without_one_of_its_packages_it_does_not_announce_an_address(
    tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = find_runtime("web")(FakeHost(lambda _: None, lambda *_: None), Settings(assets=tmp_path))
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RuntimeUnavailable, match=f"needs {package}: pip install {package}"):
        runtime.run()
    assert capsys.readouterr().out == ""
