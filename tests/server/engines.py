"""Engines that tests start, each with a port and a folder of its own."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Final, Self

from tests.requirements import needs_nats, needs_redis

__all__ = ["BUS_ENGINES", "ENGINES", "Engine", "Nats", "Redis", "Valkey", "engine_of", "free_port", "until"]


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


class Engine(ABC):
    """A server on loopback, which can be killed and started again; it keeps what it stores.

    Args:
        folder: Where it keeps that; made if it is missing.
    """

    scheme: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.address = f"{self.scheme}://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None)

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def forget(self) -> None:
        """Delete what it keeps, while it does not run."""

    @abstractmethod
    def write(self, *texts: bytes, name: str = "test") -> None:
        """Store what no bus has written, where the bus of the application of this name reads."""

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Redis(Engine):
    """A redis-server."""

    scheme = "redis"

    @staticmethod
    def _program() -> str:
        return needs_redis()

    def _command(self) -> list[str]:
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --appendfsync always"
        return [self._program(), *options.split(), "--dir", str(self.folder), "--loglevel", "warning"]

    def forget(self) -> None:
        shutil.rmtree(self.folder / "appendonlydir")

    def write(self, *texts: bytes, name: str = "test") -> None:
        from redis import Redis as Client

        with Client.from_url(self.address) as client:
            for text in texts:
                client.xadd(f"transom:{name}:events", {"e": text})


class Valkey(Redis):
    """A valkey-server, which speaks as Redis does."""

    @staticmethod
    def _program() -> str:
        return needs_redis("valkey-server")


class Nats(Engine):
    """A nats-server with JetStream."""

    scheme = "nats"

    def _command(self) -> list[str]:
        return [needs_nats(), "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)]

    def forget(self) -> None:
        shutil.rmtree(self.folder / "jetstream")

    def write(self, *texts: bytes, name: str = "test") -> None:
        import nats

        async def run() -> None:
            client = await nats.connect(self.address)
            stream = client.jetstream()
            names = [str(info.config.name) for info in await stream.streams_info()]
            [found] = [
                each
                for each in names
                if each.startswith(f"transom-{name.replace('.', '_')}-") and each.endswith("-events")
            ]
            subject = (await stream.stream_info(found)).config.subjects
            for text in texts:
                await stream.publish(str(subject and subject[0]), text)
            await client.close()

        asyncio.run(run())


ENGINES: Final = ("nats", "redis")
# Valkey is for the tests of the bus, where it is installed: everything else would be the same twice.
BUS_ENGINES: Final = (*ENGINES, "valkey")


def engine_of(name: str, folder: Path) -> Engine:
    """Start an engine: add here to introduce one."""
    if name == "valkey":
        return Valkey(folder)
    return Redis(folder) if name == "redis" else Nats(folder)
