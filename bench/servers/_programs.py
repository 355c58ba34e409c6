"""Starts the server of each system, and the engine that its processes share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msgspec

from bench._systems import ROOT, NotMeasured, environment_of

__all__ = ["BUSES", "PEERS", "Served", "engine", "served", "waited"]

BUSES: Final = ("memory", "redis", "nats")
_SECONDS = 60.0
_UVICORN: Final = "-m uvicorn --log-level warning --ws websockets-sansio --no-access-log --backlog 8192".split()
_STREAMLIT: Final = (
    "-m streamlit run bench/servers/peers/with_streamlit.py --server.headless true --browser.gatherUsageStats false "
    "--server.address 127.0.0.1 --server.fileWatcherType none --logger.level error"
).split()


class Peer(NamedTuple):
    """A system beside transom.

    Attributes:
        requirements: What its environment has. uvicorn is the one with uvloop and httptools, with which it is fastest.
        arguments: For Python, with the port last.
    """

    requirements: Sequence[str]
    arguments: Sequence[str]


# Add a peer here, and its pages in `_peer_pages.py`.
PEERS: Final = {
    "python-socketio": Peer(
        ("python-socketio==5.18.1", "uvicorn[standard]==0.54.0", "websockets==17.4", "redis==8.1.0"),
        (*_UVICORN, "bench.servers.peers.with_socketio:app", "--port"),
    ),
    "nicegui": Peer(("nicegui==3.18.0",), ("-m", "bench.servers.peers.with_nicegui")),
    "streamlit": Peer(("streamlit==1.67.0",), (*_STREAMLIT, "--server.port")),
    "floor": Peer(
        ("uvicorn[standard]==0.54.0", "websockets==17.4"), (*_UVICORN, "bench.servers.peers.floor:app", "--port")
    ),
}


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

    def busiest(self) -> tuple[int, float]:
        """Return the process that has worked most, and its processor time in seconds."""
        times = {pid: _worked(pid) for pid in (self.process, *self.workers())}
        pid = max(times, key=lambda each: times[each])
        return pid, times[pid]

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


def _worked(process: int) -> float:
    """Return the processor time of a process, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waited(process: int) -> tuple[float, float]:
    """Return how long the main thread of a process has run, and has waited for a core that others had, in seconds."""
    ran, waiting = Path(f"/proc/{process}/schedstat").read_text("ascii").split()[:2]
    return int(ran) / 1e9, int(waiting) / 1e9


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
    given = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))), **environment}
    if system == "transom":
        target = "bench.servers.transom_program:builder"
        command = [
            sys.executable,
            "-m",
            "transom.cli",
            "serve",
            target,
            "--port",
            str(port),
            "--processes",
            str(processes),
        ]
        given["TRANSOM_BUS"] = bus
    else:
        peer = PEERS[system]
        command = [str(environment_of(f"server-{system}", peer.requirements)), *peer.arguments, str(port)]
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
