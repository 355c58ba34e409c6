"""Registers schemes with a Linux desktop: a desktop file, and `xdg-mime`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ...errors import CommandError
from ..autostart import exec_line, program
from ..store import replace_file

__all__ = ["Registration"]

_SECONDS = 20


class Registration:
    """Which schemes start this application.

    Args:
        identifier: The application's identifier.
        name: Its name.
    """

    def __init__(self, identifier: str, name: str) -> None:
        self._name = re.sub(r"[\x00-\x1f\x7f]", " ", name)
        self._file_name = f"{identifier}-handler.desktop"
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
        self._folder = data / "applications"

    @property
    def _path(self) -> Path:
        return self._folder / self._file_name

    def register(self, scheme: str) -> None:
        """Let addresses of a scheme start this application.

        Raises:
            CommandError: The system is not supported, or refuses.
        """
        self._check()
        schemes = dict.fromkeys([*self._schemes(), scheme])
        types = "".join(f"x-scheme-handler/{each};" for each in schemes)
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={self._name}",
            f"Exec={exec_line(program())} %u",
            "Terminal=false",
            "NoDisplay=true",
            f"MimeType={types}",
        )
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path.write_text("\n".join(lines) + "\n", "utf-8")
        except OSError as error:
            raise CommandError(f"deep-link|register: the desktop file cannot be written: {error.strerror}") from None
        if shutil.which("update-desktop-database"):
            _run("update-desktop-database", str(self._folder))
        _run("xdg-mime", "default", self._file_name, f"x-scheme-handler/{scheme}")

    def unregister(self, scheme: str) -> None:
        """Let addresses of a scheme start this application no more.

        Raises:
            CommandError: The system is not supported, or refuses.
        """
        self._check()
        left = [each for each in self._schemes() if each != scheme]
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        try:
            for file in (config / "mimeapps.list", self._folder / "mimeapps.list"):
                if file.is_file():
                    self._forget(file, scheme)
            if self._path.is_file():
                text = self._path.read_text("utf-8")
                types = "".join(f"x-scheme-handler/{each};" for each in left)
                self._path.write_text(re.sub(r"(?m)^MimeType=.*$", f"MimeType={types}", text), "utf-8")
                if not left:
                    self._path.unlink()
        except OSError as error:
            raise CommandError(
                f"deep-link|unregister: a file of the desktop cannot be written: {error.strerror}"
            ) from None
        if shutil.which("update-desktop-database"):
            _run("update-desktop-database", str(self._folder))

    def _forget(self, file: Path, scheme: str) -> None:
        """Take the application out of the user's choices; the file is replaced whole, as it holds those of all programs."""
        lines = []
        for line in file.read_bytes().decode("utf-8", "surrogateescape").split("\n"):
            key, equals, value = line.partition("=")
            if equals and key == f"x-scheme-handler/{scheme}":
                others = [name for name in value.split(";") if name and name != self._file_name]
                if not others:
                    continue
                line = f"{key}={';'.join(others)}"  # noqa: PLW2901 - the changed line
            lines.append(line)
        replace_file(file, "\n".join(lines).encode("utf-8", "surrogateescape"))

    def is_registered(self, scheme: str) -> bool:
        """Tell whether addresses of a scheme start this application.

        Raises:
            CommandError: The system is not supported.
        """
        self._check()
        return self._file_name in _run("xdg-mime", "query", "default", f"x-scheme-handler/{scheme}").split()

    def _schemes(self) -> list[str]:
        try:
            text = self._path.read_text("utf-8")
        except OSError:
            return []
        return re.findall(r"x-scheme-handler/([^;\s]+)", text)

    def _check(self) -> None:
        if sys.platform in ("darwin", "win32"):
            raise CommandError(
                "the plugin deep-link registers schemes on Linux desktops only; on this system the installer has to do so"
            )


def _run(*command: str) -> str:
    program_path = shutil.which(command[0])
    if program_path is None:
        raise CommandError(f"the plugin deep-link needs `{command[0]}`, which is not installed; install xdg-utils")
    try:
        done = subprocess.run(  # noqa: S603 - a list, so that no shell reads it
            [program_path, *command[1:]],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CommandError(
            f"`{command[0]}` did not answer within {_SECONDS} s; run it in a terminal to see what it waits for"
        ) from None
    return done.stdout
