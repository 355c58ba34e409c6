"""The start of the web runtime: where it listens, the addresses that it prints, and the browser that it opens."""

from __future__ import annotations

import html
import ipaddress
import json
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ....errors import RuntimeUnavailable
from ._installation import Installation

__all__ = ["LAUNCH_SECONDS", "Listening", "listen", "open_browser", "say"]

_logger = logging.getLogger("transom")
# Seconds that the file with a launch code stays; the code ends at the same time.
LAUNCH_SECONDS = 60.0
_LAUNCH_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>…</title></head>
<body><script>location.replace({js})</script><a href="{html}">Open the application</a></body></html>
"""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Listening(NamedTuple):
    """The address of the server.

    Attributes:
        socket: The socket that listens.
        base: Its address on this machine, without a path.
        other: Its address on other machines; `None` when they cannot reach it, or have the same.
        names: Host names and addresses under which it may be reached.
        any_address: Whether it listens on every address of the machine.
    """

    socket: socket.socket
    base: str
    other: str | None
    names: frozenset[str]
    any_address: bool


def listen(host: str, port: int, installation: Installation, allowed_hosts: tuple[str, ...] = ()) -> Listening:
    """Listen, at the port that pages had the last time when there is no other wish.

    Args:
        host: Name or address to listen on; an empty one, `0.0.0.0` and `::` mean every address.
        port: The port; 0 for the installation's own.
        installation: Gives the name of the origin, and keeps the port.
        allowed_hosts: More names; the first is the address for other machines.

    Raises:
        RuntimeUnavailable: The machine cannot listen there.
    """
    host = host.strip("[]")
    wanted = port or installation.port
    try:
        listener = _bind(host, wanted)
    except OSError as error:
        if port != 0 or wanted == 0:
            raise RuntimeUnavailable(
                f"cannot listen on {host}:{port}: {error.strerror or error}; choose another with "
                "Builder.web(host=..., port=...), or leave them out for loopback and a free port"
            ) from None
        listener = _bind(host, 0)
        _logger.warning(
            "port %s, which this application had the last time, is in use: does it run already? Its pages get another "
            "address this time, and do not find there what they stored",
            wanted,
        )
    except (ValueError, OverflowError) as error:
        raise RuntimeUnavailable(f"Builder.web: {host!r} with port {port} is not an address: {error}") from None
    actual = listener.getsockname()[1]
    if port == 0 and wanted == 0:
        installation.with_port(actual)
    address = ipaddress.ip_address(listener.getsockname()[0].partition("%")[0])
    local = address.is_unspecified or str(address) in _LOOPBACK
    names = {installation.name, *_LOOPBACK, *allowed_hosts} | ({host} if host else set())
    own = installation.name if local else host
    outside = None
    if address.is_unspecified:
        outside = next(iter(allowed_hosts), None) or _outside_address(address.version)
    return Listening(
        listener,
        f"http://{_bracketed(own)}:{actual}",
        None if outside is None else f"http://{_bracketed(outside)}:{actual}",
        frozenset(names),
        address.is_unspecified,
    )


def _bind(host: str, port: int) -> socket.socket:
    # With its protocol, by which asyncio knows that small frames must not wait for each other (TCP_NODELAY).
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would share a port with another process
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Now and not when the server starts: whoever reads the address may connect at once, and then waits for it.
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def _outside_address(version: int) -> str | None:
    """Return the address of this machine that others use; `None` when there is no network."""
    family, target = (socket.AF_INET, "192.0.2.1") if version == 4 else (socket.AF_INET6, "2001:db8::1")
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((target, 9))  # sends nothing: it only chooses a route
        return str(probe.getsockname()[0])
    return None


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def say(text: str) -> None:
    """Print a line for people, and for programs that start this one. No output, or one that cannot write it, is no error."""
    line = " ".join(text.splitlines())
    out = sys.stdout
    if out is None:
        return
    try:
        try:
            print(f"{line}\n", end="", file=out, flush=True)  # at once, as other programs may write here too
        except UnicodeEncodeError:
            print(line.encode("ascii", "backslashreplace").decode(), file=out, flush=True)
    except (OSError, ValueError):  # closed, or its reader is gone
        _logger.warning("the standard output takes nothing, so the application's address is not printed")


def open_browser(address: str, folder: Path | None) -> threading.Thread:
    """Open an address with a launch code in the user's browser, in a separate thread, and return the thread.

    Other users can read command lines. So the browser is given a private file, which leads to the address.

    Args:
        address: The address; its code must end after `LAUNCH_SECONDS`.
        folder: A private folder for the file; `None` when there is none, and then the address itself is given.
    """
    thread = threading.Thread(target=_open, args=(address, folder), name="transom-browser", daemon=True)
    thread.start()
    return thread


def _open(address: str, folder: Path | None) -> None:
    file = None if folder is None or _is_confined() else _launch_file(address, folder)
    with suppress(webbrowser.Error, OSError):
        if webbrowser.open(address if file is None else file.as_uri()):
            _remove_later(file)
            return
    _logger.warning("no browser could be opened; open the printed address yourself")
    if file is not None:
        file.unlink(missing_ok=True)


def _launch_file(address: str, folder: Path) -> Path | None:
    for old in folder.glob("launch-*.html"):  # of a run that has ended meanwhile
        with suppress(OSError):
            if old.stat().st_mtime < time.time() - LAUNCH_SECONDS:
                old.unlink()
    file = folder / f"launch-{secrets.token_hex(8)}.html"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return None
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(_LAUNCH_PAGE.format(js=json.dumps(address).replace("<", "\\u003c"), html=html.escape(address)))
    return file


def _remove_later(file: Path | None) -> None:
    if file is None:
        return
    timer = threading.Timer(LAUNCH_SECONDS, file.unlink, kwargs={"missing_ok": True})
    timer.daemon = True
    timer.start()


def _is_confined() -> bool:
    """Tell whether the user's browser is a snap, which cannot read hidden folders: it would show an empty page."""
    program = shutil.which("xdg-settings")
    if program is None:
        return False
    with suppress(OSError, subprocess.SubprocessError):
        found = subprocess.run(  # noqa: S603 - the desktop's own program
            [program, "get", "default-web-browser"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=2,
            check=False,
        )
        name = found.stdout.strip()
        return bool(name) and (Path("/var/lib/snapd/desktop/applications") / Path(name).name).is_file()
    return False
