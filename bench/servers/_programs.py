"""Starts the server of each system, and the engine that its processes share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from bench._systems import PEER_ENVIRONMENTS, ROOT, NotMeasured

__all__ = ["BUSES", "Served", "engine", "served"]

BUSES: Final = ("memory", "redis", "nats")
_SECONDS = 60.0
# Requirement of each peer, and where its program is. Add a peer here, and its pages in `_pages.py`.
_PEERS: Final = {
    "python-socketio": "bench.servers.peers.with_socketio:app",
    "floor": "bench.servers.peers.floor:app",
}
_UVICORN: Final = "--log-level warning --ws websockets-sansio --no-access-log --backlog 8192".split()


class Served(msgspec.Struct, frozen=True):
    """A server that runs.

    Attributes:
        port: Its port on 127.0.0.1.
        process: The process that was started; workers are its children.
    """

    port: int
    process: int

    def resident(self) -> int:
        """Return the memory of the process and its children, in kB."""
        return sum(_resident(pid) for pid in (self.process, *self.workers()))

    def workers(self) -> list[int]:
        """Return the processes that serve, without multiprocessing's own."""
        return [pid for pid in _children(self.process) if b"resource_tracker" not in _command_of(pid)]


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [int(pid) for pid in found]


def _command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b"resource_tracker"  # it has ended


def _resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def engine(bus: str) -> Iterator[str]:
    """Start an engine and yield its address.

    Raises:
        NotMeasured: Its program is not installed.
    """
    if bus == "memory":
        yield "memory"
        return
    program = {"redis": "redis-server", "nats": "nats-server"}[bus]
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        raise NotMeasured(f"{program} is not installed; run scripts/setup test")
    port = free_port()
    with TemporaryDirectory() as folder:
        options = {
            "redis": ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            "nats": ["-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder],
        }[bus]
        with _running([path, *options], port, {}, subprocess.DEVNULL):
            yield f"{bus}://127.0.0.1:{port}"


@contextmanager
def served(system: str, bus: str = "memory", processes: int = 1, **environment: str) -> Iterator[Served]:
    """Start the server of a system and yield it.

    Raises:
        NotMeasured: It cannot be started.
    """
    port = free_port()
    where = ["--port", str(port)]
    given = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))), **environment}
    if system == "transom":
        target = "bench.servers.transom_program:builder"
        command = [sys.executable, "-m", "transom.cli", "serve", target, *where, "--processes", str(processes)]
        given["TRANSOM_BUS"] = bus
    else:
        python = PEER_ENVIRONMENTS / "server" / "bin" / "python"
        if not python.is_file():
            raise NotMeasured(f"{python} is missing; see docs/performance.md")
        command = [str(python), "-m", "uvicorn", _PEERS[system], *where, *_UVICORN, "--workers", str(processes)]
        given["BENCH_BUS"] = "" if bus == "memory" else bus
    with _running(command, port, given) as process:
        yield Served(port, process)


@contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str], log: int | None = None) -> Iterator[int]:
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=log
            )
        )
        stack.callback(_end, process)
        until = time.monotonic() + _SECONDS
        while True:
            if process.poll() is not None:
                raise NotMeasured(f"{command[0]} ended with status {process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise NotMeasured(f"{command[0]} did not listen in {_SECONDS:g} seconds") from None
                time.sleep(0.05)
        yield process.pid


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        print(f"{process.args} had ended by itself, with status {process.returncode}", file=sys.stderr)
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        for child in _children(process.pid):
            os.kill(child, 9)
        process.kill()
