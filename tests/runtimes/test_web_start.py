"""The start of the web runtime: when its address is announced, and what a browser would find there."""

from __future__ import annotations

import sys
from pathlib import Path

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


def _program(folder: Path, setup: str) -> Program:
    write_project(folder)
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<!doctype html><p>", "utf-8")
    return Program([sys.executable, "-c", PROGRAM.replace("{setup}", setup), folder])


def test_the_address_is_announced_before_the_server_is_imported_and_answers_whoever_comes_early(tmp_path: Path) -> None:
    with _program(tmp_path, "pass") as application:
        with RawPage(application.address()) as page:
            assert page.invoke("echo", {"value": 1}) == [True, 1]
        assert application.end() == 143
    assert application.errors[0] == "[]\n"


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
