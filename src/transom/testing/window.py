"""Run an application in its real windows of WebKitGTK, which any WebDriver client then drives."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import RuntimeUnavailable

__all__ = ["DriverServer", "driver"]

_PROGRAM = "WebKitWebDriver"
_GRACE = 5.0  # seconds for driver and application to end
_POLL = 0.02


class DriverServer(NamedTuple):
    """A server that speaks the protocol WebDriver.

    Attributes:
        address: Its address, for the client.
        capabilities: What a new session has to ask for: it then starts the application.
    """

    address: str
    capabilities: dict[str, Any]


@contextmanager
def driver(
    program: str | Path,
    arguments: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float = 30,
) -> Iterator[DriverServer]:
    """Run WebKitWebDriver until the end of the `with` block. Each new session starts the application and shows its windows.

    The application's pages come from `build.frontendDist`, unless the environment has `TRANSOM_DEV=1`. It needs a display;
    on a machine without one, `xvfb-run pytest` has one.

    Args:
        program: The program that runs the application, such as `app.py`.
        arguments: Its arguments.
        environment: More environment variables.
        timeout: Seconds that the driver's start may take.

    Yields:
        The driver.

    Raises:
        RuntimeUnavailable: WebKitWebDriver is not installed.
        TimeoutError: It did not start in time.
    """
    found = shutil.which(_PROGRAM)
    if found is None:
        raise RuntimeUnavailable(
            f"{_PROGRAM} is not installed; on Debian and Ubuntu it is in the package webkit2gtk-driver: "
            "sudo apt install webkit2gtk-driver"
        )
    port = _free_port()
    variables = {**os.environ, "TRANSOM_RUNTIME": "webkitgtk", "TRANSOM_AUTOMATION": "1", **(environment or {})}
    # A group of its own: the application is the driver's child, and ends with it.
    process = subprocess.Popen(  # noqa: S603 - the path of the driver
        [found, "--host=127.0.0.1", f"--port={port}"], env=variables, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    started = {"binary": sys.executable, "args": [str(Path(program).absolute()), *arguments]}
    try:
        _wait_for(address, process, timeout)
        yield DriverServer(address, {"webkitgtk:browserOptions": started})
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes], timeout: float) -> None:
    end = time.monotonic() + timeout
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            with opener.open(f"{address}/status", timeout=timeout):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise TimeoutError(f"{_PROGRAM} did not start within {timeout:g} s; is its output above?") from None
            time.sleep(_POLL)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
            return
