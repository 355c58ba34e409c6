from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, context, running
from tests.requirements import ROOT, needs_posix
from transom.app import Builder
from transom.handles import AppHandle
from transom.plugins import deep_link, single_instance

needs_posix()

SECOND = """
import sys
from tests.mock_app import context
from transom.app import Builder
from transom.plugins import single_instance
sys.argv[0] = "second"
builder = Builder().plugin(single_instance.init()).setup(lambda app: app.exit(9))
sys.exit(builder.build(context("main"), "mock").run())
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def start_again(*arguments: str, cwd: Path = ROOT) -> int:
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, "-c", SECOND, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode


def test_a_second_start_hands_its_arguments_to_the_first_and_ends(tmp_path: Path) -> None:
    heard: list[Any] = []
    arrived = threading.Event()

    def callback(app: AppHandle, arguments: list[str], folder: str) -> None:
        heard.append(
            (app.config().identifier, arguments, folder, threading.current_thread() is threading.main_thread())
        )
        arrived.set()

    with running(builder=Builder().plugin(single_instance.init(callback))):
        odd = os.fsdecode(b"caf\xe9")  # the name of a file that is no UTF-8
        assert start_again("a b", "-ü\n", odd, cwd=tmp_path) == 0
        assert arrived.wait(SOON)
    assert heard == [("org.example.mock", ["second", "a b", "-ü\n", odd], str(tmp_path), False)]


def test_when_the_first_has_ended_the_next_is_the_first() -> None:
    with running(builder=Builder().plugin(single_instance.init())):
        assert start_again() == 0
    assert start_again() == 9


def test_a_first_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "org.example.mock.sock"))
    (tmp_path / "org.example.mock.lock").touch()
    with running(builder=Builder().plugin(single_instance.init())):
        assert start_again() == 0


def test_nonsense_on_the_socket_does_no_harm(tmp_path: Path) -> None:
    heard = threading.Event()
    with running(builder=Builder().plugin(single_instance.init(lambda *_: heard.set()))) as application:
        application.on_loop()
        address = tmp_path / "org.example.mock.sock"
        until = threading.Event()
        while not address.exists():
            until.wait(0.01)
        for data in (b"", b"{", b'{"arguments": 5}', b"[" * 3_000_000):
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(SOON)
                link.connect(str(address))
                try:
                    link.sendall(data)
                    link.shutdown(socket.SHUT_WR)
                    assert link.recv(1) == b""
                except (BrokenPipeError, ConnectionResetError):
                    pass
        assert not heard.is_set()
        assert (address.stat().st_mode & 0o077) == 0
        assert start_again() == 0
        assert heard.wait(SOON)


def test_an_address_of_the_second_start_reaches_the_pages_of_the_first() -> None:
    got: list[Any] = []
    arrived = threading.Event()

    def listen(app: AppHandle) -> None:
        app.listen("deep-link://new-url", lambda event: (got.append(event.payload), arrived.set()))

    builder = Builder().plugin(single_instance.init()).plugin(deep_link.init()).setup(listen)
    made = context("main", plugins={"deep-link": {"desktop": {"schemes": ["mine"]}}})
    app = builder.build(made, "mock")
    thread = threading.Thread(target=app.run)
    thread.start()
    try:
        assert start_again("mine://open?x=1") == 0
        assert arrived.wait(SOON)
        assert [json.loads(each) if isinstance(each, str) else each for each in got] == [["mine://open?x=1"]]
        assert deep_link.get_current(app.handle()) == ["mine://open?x=1"]
    finally:
        app.handle().exit()
        thread.join(SOON)
