"""What `transom serve` refuses before it starts a process."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from transom.cli import main

PROGRAM = """
async def application(scope, receive, send):
    raise RuntimeError("this test serves nothing")

class Greeter:
    async def __call__(self, scope, receive, send):
        raise RuntimeError("this test serves nothing")

greeter = Greeter()

def greet(name):
    return name

def make():
    return application

number = 7
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"served_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(PROGRAM, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("TRANSOM_SERVE", "")  # restored afterwards, together with what the verb sets
    return name


@pytest.mark.parametrize(("name", "kind"), [("greet", "function"), ("number", "int"), ("make", "function")])
def test_what_cannot_be_served_is_named(module: str, capsys: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    assert main(["serve", f"{module}:{name}"]) == 1
    said = capsys.readouterr().err
    assert f"{module}:{name} is a {kind}, which cannot be served; name a Builder, an App or an ASGI application" in said


@pytest.mark.parametrize("words", [("application",), ("greeter",), ("make", "--factory")])
def test_a_port_in_use_is_one_sentence(module: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", f"{module}:{words[0]}", *words[1:], "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"transom: transom serve cannot listen on 127.0.0.1:{port}: ")
    assert said.endswith("choose another address with --host and --port\n")


def test_a_host_that_is_unknown_is_one_sentence(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", f"{module}:application", "--host", "256.0.0.1.invalid"]) == 1
    assert "transom serve cannot listen on 256.0.0.1.invalid:8000: " in capsys.readouterr().err
