"""One process for each user and identifier. The page has no part in it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import struct
import sys
import time
from collections.abc import Callable
from os import _exit as end_process
from pathlib import Path
from typing import Any

import msgspec

from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import ConfigError
from ...handles import AppHandle
from ..deep_link import handle_arguments

__all__ = ["init"]

Callback = Callable[[AppHandle, list[str], str], object]

_MOST = 1 << 20  # bytes of arguments
_SECONDS = 10  # that the first process gets to answer
_log = logging.getLogger("transom")


class Start(msgspec.Struct, frozen=True):
    """What a second process tells the first: its arguments, and where it was started.

    It travels in the JSON of the standard library, which can hold a file name that is no UTF-8.
    """

    arguments: list[str]
    folder: str


class Instance:
    """The one process: it holds a lock, and hears of other starts on a socket.

    Args:
        folder: Where lock and socket are; only the user may write there.
        name: Their name.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._address = folder / f"{name}.sock"
        if len(os.fsencode(self._address)) > 100:  # the system's limit is 104 to 108
            raise ConfigError(
                f"single-instance: the path of the socket is too long for the system; shorten the identifier or XDG_RUNTIME_DIR: {self._address}"
            )
        self._lock = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def is_first(self) -> bool:
        """Take the lock; tell whether no other process has it."""
        import fcntl  # only on POSIX

        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def tell(self, start: Start) -> bool:
        """Hand a start to the first process, which may be starting itself; tell whether it has taken it."""
        until = time.monotonic() + _SECONDS
        while not self._told(start):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _told(self, start: Start) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(_SECONDS)
                link.connect(str(self._address))
                link.sendall(json.dumps(msgspec.structs.asdict(start)).encode())
                link.shutdown(socket.SHUT_WR)
                return link.recv(1) == b"1"
        except OSError:
            return False

    async def listen(self, heard: Callable[[Start], object]) -> None:
        """Call `heard` with every other start, until cancelled."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                start = await asyncio.wait_for(_read_start(reader, writer), _SECONDS)
                writer.write(b"1")
                await writer.drain()
                heard(start)
            except (TimeoutError, OSError, ValueError) as error:
                _log.warning("single-instance: something else than a second start was on the socket: %s", error)
            finally:
                writer.close()

        self._address.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(serve, path=self._address)
        self._address.chmod(0o600)
        async with server:
            await server.serve_forever()

    def close(self) -> None:
        """Let another process be the first."""
        self._address.unlink(missing_ok=True)
        os.close(self._lock)


async def _read_start(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Start:
    """Return what a process tells.

    Raises:
        ValueError: It is another user's, or says nonsense.
    """
    if not _is_same_user(writer.get_extra_info("socket")):
        raise ValueError("another user")
    data = b""
    while more := await reader.read(_MOST):
        data += more
        if len(data) > _MOST:
            raise ValueError(f"more than {_MOST} bytes")
    return msgspec.convert(json.loads(data), Start)


def _is_same_user(link: Any) -> bool:
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder is the user's own
    credentials = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] == os.getuid())


def _folder(app: AppHandle) -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) if runtime and Path(runtime).is_dir() else app.path().app_local_data_dir()


def init(callback: Callback | None = None) -> Plugin:
    """Return the plugin. Add it before the others: a second process ends while it is set up, without an `atexit`.

    On the web runtime it does nothing: a server decides itself how many processes it runs.

    Args:
        callback: Called in the first process with the application, the arguments of the second start (the program first)
            and the folder in which it was started; in a worker. `None` for nothing.
    """
    held: list[Instance] = []

    def setup(app: AppHandle, _: PluginApi) -> None:
        if os.name != "posix":
            raise ConfigError("the plugin single-instance needs a POSIX system; leave it out on this one")
        if app.runtime_name() == "web":
            return
        instance = Instance(_folder(app), app.config().identifier)
        if not instance.is_first():
            told = instance.tell(Start(sys.argv, str(Path.cwd())))
            if not told:
                _log.error("another process of this application runs, but does not answer; this one ends")
            sys.stdout.flush()
            sys.stderr.flush()
            end_process(0 if told else 1)
        held.append(instance)

        def heard(start: Start) -> None:
            handle_arguments(app, start.arguments)
            if callback is not None:
                app.spawn(asyncio.to_thread(callback, app, start.arguments, start.folder))

        app.spawn(instance.listen(heard))

    def drop(_: AppHandle) -> None:
        while held:
            held.pop().close()

    return PluginBuilder("single-instance").setup(setup).on_drop(drop).build()
