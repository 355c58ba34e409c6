"""Servers of databases for the tests: each has a folder of its own and a free port of the loopback interface."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.requirements import needs_mariadb, needs_postgres

__all__ = ["mariadb", "postgres"]

_LIMIT = 60  # seconds


@contextmanager
def postgres() -> Iterator[str]:
    """Run PostgreSQL; yield the address without the database, as `postgres://user@host:port`."""
    programs = needs_postgres()
    port = _free_port()
    with _folder("postgres") as (folder, user):
        made = [programs / "initdb", "-D", folder / "data", "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8"]
        _run([*made, "--locale=C"], folder, user)
        command = [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", "", "-c", "fsync=off"]
        command += ["-c", "listen_addresses=127.0.0.1"]
        with _server(command, folder, user, "ready to accept connections"):
            yield f"postgres://tester@127.0.0.1:{port}"


@contextmanager
def mariadb() -> Iterator[str]:
    """Run MariaDB; yield the address without the database, as `mysql://user@host:port`."""
    program = needs_mariadb()
    port = _free_port()
    with _folder("mysql") as (folder, user):
        data = f"--datadir={folder / 'data'}"
        made = [
            "mariadb-install-db",
            "--no-defaults",
            data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
        _run(made, folder, user)
        command = [program, "--no-defaults", data, f"--port={port}", "--bind-address=127.0.0.1"]
        command += [
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            "--innodb-flush-log-at-trx-commit=0",
            "--character-set-server=utf8mb4",
        ]
        with _server(command, folder, user, "ready for connections"):
            yield f"mysql://root@127.0.0.1:{port}"


def _run(command: Sequence[Any], folder: Path, user: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * _LIMIT, cwd=folder, check=False, **user)
    assert done.returncode == 0, done.stderr


@contextmanager
def _folder(account: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a folder, and the arguments of `subprocess` for a user who may write there: these servers refuse root."""
    folder = Path(tempfile.mkdtemp(prefix="transom-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, account, account)
        user = {"user": account, "group": account, "extra_groups": []}
    try:
        yield folder, user
    finally:
        shutil.rmtree(folder)


@contextmanager
def _server(command: Sequence[Any], folder: Path, user: dict[str, Any], ready: str) -> Iterator[None]:
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **user
    ) as server:
        assert server.stderr is not None
        said: deque[str] = deque(maxlen=30)
        is_ready = threading.Event()
        reader = threading.Thread(target=_read, args=(server.stderr, said, ready, is_ready), daemon=True)
        reader.start()
        try:
            assert is_ready.wait(_LIMIT), list(said)
            assert server.poll() is None, list(said)
            yield
        finally:
            server.terminate()
            try:
                server.wait(_LIMIT)
            finally:
                server.kill()
                reader.join(_LIMIT)


def _read(pipe: IO[str], said: deque[str], ready: str, is_ready: threading.Event) -> None:
    for line in pipe:
        said.append(line)
        if ready in line:
            is_ready.set()
    is_ready.set()  # it has ended


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
