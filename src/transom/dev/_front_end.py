"""The front end's development server: `build.beforeDevCommand` is started, and `build.devUrl` waited for."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from ..children import ChildGuard
from ..config import Config, HookCommand
from ..errors import AuthorError
from ._processes import end_group

__all__ = ["FrontEnd", "front_end_folder", "reason_of_end", "script_of"]

_PORTS = {"http": 80, "https": 443}
_PAUSE = 0.05  # seconds between two looks whether the server answers
_GRACE = 3.0  # seconds for the server to end


def front_end_folder(config: Config) -> Path:
    """Return the folder in which the front end's commands run: the nearest one with a `package.json`, else the project's."""
    folder = config.folder
    project = folder.parent if folder.name == "src-tauri" else folder
    inside = [folder / name for name in ("ui", "frontend")]
    return next((place for place in (folder, project, *inside) if (place / "package.json").is_file()), project)


def script_of(config: Config, command: str | HookCommand | None) -> tuple[str, Path] | None:
    """Return the shell's words of a command such as `build.beforeBuildCommand` and the folder it runs in; `None` for none."""
    if isinstance(command, str):
        command = HookCommand(script=command)
    if command is None or not command.script.strip():
        return None
    return command.script, front_end_folder(config) if command.cwd is None else config.folder / command.cwd


def reason_of_end(config: Config) -> str:
    """Return what is known of why `build.beforeDevCommand` failed, and what helps."""
    folder = front_end_folder(config)
    if (folder / "package.json").is_file() and not any(
        (at / "node_modules").is_dir() for at in (folder, *filter(_has_workspaces, folder.parents))
    ):
        return f"its packages are not installed: run `npm install` in {folder}"
    return "its own message is above"


def _has_workspaces(folder: Path) -> bool:
    """Return whether npm keeps the packages of the folders below in this one."""
    try:
        return '"workspaces"' in (folder / "package.json").read_text("utf-8", "replace")
    except OSError:
        return False


class FrontEnd:
    """The process of `build.beforeDevCommand`.

    Args:
        config: The project's configuration.
        ended: Called with the exit status when the command ends by itself, in a thread.
        guard: Ends it with this process.
    """

    def __init__(self, config: Config, ended: Callable[[int], object], guard: ChildGuard) -> None:
        self._config = config
        self._guard = guard
        self._ended = ended
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def start(self, seconds: float) -> None:
        """Start the command, and wait until the development server answers.

        Raises:
            AuthorError: The command failed, or the server did not answer in time.
        """
        build = self._config.build
        command = build.before_dev_command
        found = script_of(self._config, command)
        if found is not None:
            self._run(*found, wait=isinstance(command, HookCommand) and command.wait)
        if build.dev_url is not None:
            self._wait_for(build.dev_url, seconds)

    def _run(self, command: str, folder: Path, *, wait: bool) -> None:
        print(f"transom: {command}", file=sys.stderr, flush=True)
        try:
            self._process = process = subprocess.Popen(  # noqa: S602 - for the author's words
                command,
                shell=True,  # Tauri: a command of the author's own configuration, with the shell's words
                cwd=folder,
                env={**os.environ, **_variables()},
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise AuthorError(f"build.beforeDevCommand cannot run in {folder}: {error.strerror}") from None
        self._guard.watch(process.pid)
        if wait:
            status = process.wait()
            self._guard.forget(process.pid)
            if status:
                raise AuthorError(
                    f"build.beforeDevCommand failed with exit status {status}: {command}; {reason_of_end(self._config)}"
                )
            self._process = None
            return
        threading.Thread(target=self._wait_for_end, args=(process,), name="transom-front-end", daemon=True).start()

    def _wait_for_end(self, process: subprocess.Popen[bytes]) -> None:
        status = process.wait()
        self._guard.forget(process.pid)
        if not self._stopping:
            self._ended(status)

    def _wait_for(self, url: str, seconds: float) -> None:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 80)
        end = time.monotonic() + seconds
        told = False
        while not _answers(parts.hostname or "localhost", port):
            if self._process is not None and (status := self._process.poll()):
                raise AuthorError(
                    f"build.beforeDevCommand ended with exit status {status} before {url} answered; {reason_of_end(self._config)}"
                )
            if time.monotonic() > end:
                raise AuthorError(
                    f"build.devUrl {url} did not answer within {seconds:g} s; is it the address that the development server "
                    "prints? Start the server with build.beforeDevCommand, or leave build.devUrl out to show build.frontendDist"
                )
            if not told:
                told = True
                print(f"transom: waiting for {url}", file=sys.stderr, flush=True)
            time.sleep(_PAUSE)

    def stop(self) -> None:
        """End the command and what it started."""
        self._stopping = True
        if self._process is not None:
            end_group(self._process, _GRACE)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _variables() -> dict[str, str]:
    """Return the variables that Tauri's command line sets for the front end's tools."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    system = {"darwin": "darwin", "win32": "windows"}.get(sys.platform, "linux")
    family = "windows" if sys.platform == "win32" else "unix"
    return {
        "TAURI_ENV_PLATFORM": system,
        "TAURI_ENV_ARCH": machine,
        "TAURI_ENV_FAMILY": family,
        "TAURI_ENV_DEBUG": "true",
    }
