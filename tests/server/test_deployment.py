"""The files of `docs/server.md`: nginx, systemd and a container's command; and servers that are not transom's own."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conformance.application import Program
from tests.conformance.raw_page import request
from tests.requirements import ROOT
from tests.runtimes.proxy import certificate, nginx, replaced
from tests.server.engines import Redis, free_port, until
from tests.server.people import Page, written

pytestmark = pytest.mark.slow  # servers in processes of their own

TEXT = (ROOT / "docs" / "server.md").read_text("utf-8")
[NGINX] = re.findall(r"```nginx\n(.*?)```", TEXT, re.DOTALL)
[UNIT] = re.findall(r"```ini\n(.*?)```", TEXT, re.DOTALL)
[CONTAINER] = re.findall(r"```dockerfile\n(.*?)```", TEXT, re.DOTALL)
BOARD = """
import os
from transom import AppHandle, Builder, User, command, generate_context, generate_handler

@command
async def pid() -> int:
    return os.getpid()

@command
async def shout(app: AppHandle, text: str) -> None:
    app.broadcast("told", text)

def authenticate(connection):
    who = connection.cookies.get("who")
    return User(who) if who else None

builder = Builder().web(allowed_hosts=["board.example.com"]).server(authenticate=authenticate)
builder.invoke_handler(generate_handler(pid, shout))

def site():
    return builder.build(generate_context()).asgi()
"""


@contextmanager
def _running(folder: Path, command: Sequence[str], port: int, **environment: str) -> Iterator[str]:
    written(folder)
    (folder / "board.py").write_text(BOARD, "utf-8")
    path = os.pathsep.join((str(folder), str(ROOT / "src")))
    with Program(list(command), {"PYTHONPATH": path, "TRANSOM_SECRET": "s" * 32, **environment}) as program:
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            if program.process.poll() is not None:
                raise RuntimeError("".join(program.errors)[-4000:])
            return request(address + "/", {"Cookie": "who=x"}).status == 200

        until(answers, 60)
        yield address


def _processes_of(address: str) -> set[int]:
    """Open pages until two processes have answered, and return which; each call must be answered."""
    found: set[int] = set()
    for number in range(60):
        page = Page(address, f"user{number}")
        found.add(page.invoke("pid"))
        page.close()
        if len(found) == 2:
            break
    return found


@pytest.mark.parametrize(
    "command",
    [
        "-m uvicorn --workers 2 --factory board:site --log-level warning --port",
        "-m gunicorn -k uvicorn_worker.UvicornWorker -w 2 board:site() --log-level warning -b 127.0.0.1:",
    ],
    ids=["uvicorn", "gunicorn"],
)
def test_servers_of_others_run_it_in_processes(tmp_path: Path, command: str) -> None:
    with Redis(tmp_path / "redis") as redis:
        port = free_port()
        words = command.split()
        words = [*words[:-1], f"{words[-1]}{port}"] if words[-1].endswith(":") else [*words, str(port)]
        with _running(tmp_path / "app", [sys.executable, *words], port, TRANSOM_BUS=redis.address) as address:
            assert len(_processes_of(address)) == 2


def test_the_unit_of_systemd_serves_behind_nginx(tmp_path: Path) -> None:
    port, public, plain = free_port(), free_port(), free_port()
    [start] = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    start = replaced(
        start,
        ("/srv/board/.venv/bin/transom", f"{sys.executable} -m transom.cli"),
        ("8000", str(port)),
        ("--processes 4", "--processes 2"),
    )
    chain, key = certificate(tmp_path, "board.example.com")
    servers = replaced(
        NGINX,
        # The tests' own client speaks no TLS.
        ("listen 443 ssl;", f"listen 127.0.0.1:{public} ssl; listen 127.0.0.1:{plain};"),
        ("/etc/ssl/board.crt", str(chain)),
        ("/etc/ssl/board.key", str(key)),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
    )
    with (
        Redis(tmp_path / "redis") as redis,
        _running(tmp_path / "app", shlex.split(start), port, TRANSOM_BUS=redis.address),
        nginx(tmp_path / "nginx", servers, plain),
    ):
        address = f"http://127.0.0.1:{plain}"
        one, two = Page(address, "ann"), Page(address, "bob")
        two.listen("told", 1)
        one.invoke("shout", text="through nginx")
        two.wait(lambda message: message[0] == 4 and message[2] == "through nginx")
        assert len(_processes_of(address)) == 2
        for page in (one, two):
            page.close()
        known = ssl.create_default_context(cafile=str(chain))
        with (
            socket.create_connection(("127.0.0.1", public), 10) as plain_socket,
            known.wrap_socket(plain_socket, server_hostname="board.example.com") as tls,
        ):
            host = f"board.example.com:{public}"
            tls.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nCookie: who=ann\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: tls.recv(65536), b"")).decode()
        assert '"ticket":"' in answer, "the name that nginx passes on is the application's"
        assert f"wss://{host}" in answer, "and the scheme is believed"


def test_the_command_of_the_container_serves(tmp_path: Path) -> None:
    port = free_port()
    [words] = re.findall(r"^CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    command = json.loads(replaced(words, ("8000", str(port)), ('"4"', '"1"')))
    assert command[0] == "transom"
    with _running(tmp_path, [sys.executable, "-m", "transom.cli", *command[1:]], port) as address:
        page = Page(address, "ann")
        assert page.invoke("pid")
        page.close()
