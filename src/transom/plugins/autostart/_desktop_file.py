"""A file in the user's autostart folder, as https://specifications.freedesktop.org/autostart-spec has it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ...errors import CommandError
from ..store import replace_file

__all__ = ["Autostart", "exec_line", "program"]

_QUOTED = re.compile(r'(["`$\\])')


def program() -> list[str]:
    """Return the command that starts this program again: the AppImage, the frozen program, or Python with its script."""
    from ..updater import running_image

    image = running_image()
    if image is not None:
        return [str(image)]
    if getattr(sys, "frozen", False):
        return [sys.executable]
    begin = [sys.executable, *sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]]
    if begin[1:] and begin[-2:-1] != ["-m"] and Path(begin[-1]).exists():
        begin[-1] = str(Path(begin[-1]).absolute())
    return begin


def exec_line(command: Sequence[str]) -> str:
    """Return a command as the value of `Exec` in a desktop file.

    Raises:
        CommandError: A word has a control character, which a desktop file cannot hold.
    """
    words = []
    for word in command:
        if re.search(r"[\x00-\x1f\x7f]", word):
            raise CommandError(
                "the command that starts the application has a control character, such as a line break, which a desktop "
                "file cannot hold; take it out of the program's path and of autostart.init(...)"
            )
        quoted = _QUOTED.sub(r"\\\1", word).replace("%", "%%")
        # The value is a string of the file first, in which a backslash is doubled.
        words.append('"' + quoted.replace("\\", "\\\\") + '"')
    return " ".join(words)


class Autostart:
    """Turns the start at login on and off.

    Args:
        name: The application's name.
        command: Program and arguments.
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._name = re.sub(r"[\x00-\x1f\x7f]", " ", name)
        self._command = list(command)
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart"
        self._path = folder / f"{re.sub(r'[/]', '-', self._name)}.desktop"

    def enable(self) -> None:
        """Start the application at every login from now on.

        Raises:
            CommandError: The system is not supported, the command has a control character, or the file cannot be written.
        """
        self._check()
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Version=1.0",
            f"Name={self._name}",
            f"Comment={self._name} starts when you log in",
            f"Exec={exec_line(self._command)}",
            "StartupNotify=false",
            "Terminal=false",
        )
        try:
            replace_file(self._path, ("\n".join(lines) + "\n").encode())
        except OSError as error:
            raise CommandError(f"autostart|enable: the autostart file cannot be written: {error.strerror}") from None

    def disable(self) -> None:
        """Do not start the application at login any more.

        Raises:
            CommandError: The system is not supported, or the file cannot be deleted.
        """
        self._check()
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise CommandError(f"autostart|disable: the autostart file cannot be deleted: {error.strerror}") from None

    def is_enabled(self) -> bool:
        """Tell whether the application starts at login.

        Raises:
            CommandError: The system is not supported.
        """
        self._check()
        try:
            text = self._path.read_text("utf-8", "replace")
        except OSError:
            return False
        return not re.search(r"(?m)^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$", text)

    def _check(self) -> None:
        if sys.platform in ("darwin", "win32"):
            raise CommandError(
                "the plugin autostart knows the autostart folder of Linux desktops only; on this system add the application "
                "to the login items yourself"
            )
