"""Engines that tests start, each with a port and a folder of its own."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from tests.requirements import needs_redis

__all__ = ["Redis", "free_port", "until"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is true; what it raises means not yet."""
    for _ in range(int(seconds / 0.02)):
        try:
            if condition():
                return
        except (OSError, AssertionError):
            pass
        threading.Event().wait(0.02)
    raise AssertionError("it did not become true")


class Redis:
    """A redis-server on loopback, which can be killed and started again; it keeps what it stores."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.address = f"redis://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --appendfsync always"
        command = [needs_redis(), *options.split(), "--dir", str(self._folder), "--loglevel", "warning"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def __enter__(self) -> Redis:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
