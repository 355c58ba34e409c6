"""`transom run`: run the built project as its user would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ...core import check_front_end
from ...errors import ConfigError
from ...project import find_config, load_config

__all__ = ["check_project", "run"]


def check_project(folder: Path) -> None:
    """Check what the program would otherwise report with a traceback: its configuration and its built front end.

    Args:
        folder: The project's folder. If it has no configuration, nothing is checked: the program may have another one.

    Raises:
        ConfigError: The configuration is wrong, or the front end is not built.
    """
    try:
        find_config(folder)
    except ConfigError:
        return
    check_front_end(load_config(folder))


def run(program: Path, arguments: Sequence[str], runtime: str | None) -> int:
    """Run a program without the development server and return its exit status.

    Args:
        program: The program.
        arguments: Its arguments.
        runtime: The name of the runtime; `None` leaves it to the application.
    """
    environment = {name: value for name, value in os.environ.items() if name != "TRANSOM_DEV"}
    if runtime is not None:
        environment["TRANSOM_RUNTIME"] = runtime
    command = [sys.executable, str(program), *arguments]
    if os.name == "posix":  # signals of the terminal then reach the program, and nothing else is in the way
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(sys.executable, command, environment)  # noqa: S606 - the author's program
    return subprocess.run(command, env=environment, check=False).returncode
