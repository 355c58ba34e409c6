"""A program that was started for a page, and dies with it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import SubprocessStreamProtocol
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from ...children import ChildGuard
from ...errors import CommandError

__all__ = ["Child", "Environment", "start"]

# Variables by which the environment, not the scope, would choose the code that runs. Tauri passes them on.
_UNSAFE_PREFIXES = (
    "LD_", "DYLD_", "PYTHON", "PERL5", "RUBY", "BASH_FUNC_", "GIT_", "NPM_CONFIG_", "CARGO_", "COR_", "CORECLR_", "DOTNET_",
    "GCC_", "GDK_PIXBUF_", "GIO_", "GST_PLUGIN_", "GTK_", "LUA_", "MAGICK_", "OPENSSL_", "PHP", "QT_", "RUSTC", "XDG_",
)  # fmt: skip
_UNSAFE = frozenset(
    "PATH PATHEXT IFS ENV BASH_ENV SHELLOPTS PS4 COMSPEC NODE_OPTIONS NODE_PATH NODE_REPL_EXTERNAL_MODULE "
    "JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS CLASSPATH GCONV_PATH LOCPATH TERMINFO EDITOR VISUAL PAGER MANPAGER "
    "SUDO_EDITOR BROWSER SHELL PERLLIB LESS LESSOPEN LESSCLOSE MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEFILES GOFLAGS AWKPATH "
    "AWKLIBPATH VIMINIT EXINIT INPUTRC SSH_ASKPASS SUDO_ASKPASS "
    # Programs read what they run, such as the hooks of git, from files in these folders.
    "HOME USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA ZDOTDIR CURL_HOME WGETRC".split()
)


class Environment(msgspec.Struct, frozen=True, rename="camel"):
    """How the page wants a program to run.

    Attributes:
        cwd: Its working directory; `None` for the application's.
        env: Variables beside the application's own; `None` for an empty environment.
        encoding: See `decoder_of`.
        sidecar: Whether it is a program that the application brings along.
    """

    cwd: str | None = None
    env: dict[str, str] | msgspec.UnsetType | None = msgspec.UNSET
    encoding: str | None = None
    sidecar: bool = False

    def variables(self) -> Mapping[str, str]:
        """Return the environment of the program.

        Raises:
            CommandError: A variable decides which code runs, which is the scope's matter, or is no variable.
        """
        if self.env is None:
            return {}
        given: dict[str, str] = self.env or {}
        for name, value in given.items():
            if name.upper() in _UNSAFE or name.upper().startswith(_UNSAFE_PREFIXES):
                raise CommandError(
                    f"the environment variable {name} decides which code a program runs, so a page cannot set it; "
                    "set it in Python before the application starts"
                )
            if not name or "=" in name or "\0" in name + value:
                raise CommandError(f"{name!r} with this value is not a valid environment variable")
        return {**os.environ, **given}


class Child:
    """A running program with all programs that it started: a resource of the page that asked for it.

    Attributes:
        process: The program.
        pid: Its process id.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, transport: asyncio.SubprocessTransport, guard: ChildGuard
    ) -> None:
        self.process = process
        self._transport = transport
        self._guard = guard
        self.pid = process.pid
        self._ended = False

    def kill(self) -> None:
        """End the program and what it started, at once. Any thread; harmless when it has ended."""
        if self._ended:  # its id may be another program's by now
            return
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self.process.kill()
            else:
                os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the program: its page has ended, or has closed it."""
        self.kill()

    def release(self) -> None:
        """Close the pipes, and end the program if it runs: nobody reads any more. On the event loop."""
        self.kill()
        self._ended = True
        self._guard.forget(self.pid)
        self._transport.close()

    async def wait(self) -> dict[str, int | None]:
        """Wait for the end; return `{code, signal}`, one of which is `None`."""
        status = await self.process.wait()
        self._ended = True
        self._guard.forget(self.pid)
        return {"code": status, "signal": None} if status >= 0 else {"code": None, "signal": -status}

    async def write(self, data: bytes) -> None:
        """Write to the program's input; waits while the program does not read.

        Raises:
            CommandError: The program has closed its input, or has ended.
        """
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            await self.process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError, RuntimeError):
            raise CommandError("the program has closed its input, or has ended") from None


def _program(command: str) -> str:
    found = shutil.which(command)
    if found is None:
        raise CommandError(
            f"the program `{Path(command).name}` of the scope is not installed, or cannot be executed; "
            "install it, or correct `cmd` in the scope"
        )
    return found


async def start(command: str, arguments: Sequence[str], how: Environment, guard: ChildGuard) -> Child:
    """Start a program. It gets its own process group, so that all of it can be ended.

    Args:
        command: A name on the PATH, or a path.
        arguments: Its arguments.
        how: Environment and working directory.
        guard: Ends it, and what it started, with this process.

    Raises:
        CommandError: It cannot be started.
    """
    line = [_program(command), *arguments]
    if sys.platform == "linux" and (setpriv := shutil.which("setpriv")):
        # The kernel ends it when this process is killed; a hook in the child between fork and exec can deadlock.
        line = [setpriv, "--pdeathsig", "KILL", "--", *line]
    options: dict[str, Any] = {} if sys.platform == "win32" else {"start_new_session": True}
    pipe = asyncio.subprocess.PIPE
    loop = asyncio.get_running_loop()
    try:
        transport, protocol = await loop.subprocess_exec(
            partial(SubprocessStreamProtocol, 1 << 16, loop),
            *line,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=how.cwd,
            env=how.variables(),
            **options,
        )
    except ValueError as error:  # such as a NUL in the working directory
        raise CommandError(f"the program could not be started: {error}") from None
    except OSError as error:
        if how.cwd is not None and error.filename == how.cwd:
            raise CommandError(f"the working directory {how.cwd} does not exist; make it first") from None
        raise CommandError(f"the program could not be started: {error.strerror}") from None
    child = Child(asyncio.subprocess.Process(transport, protocol, loop), transport, guard)
    guard.watch(child.pid)
    return child
