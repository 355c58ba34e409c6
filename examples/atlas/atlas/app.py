"""Build the application."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from transom import Builder, Context, generate_context, generate_handler

from . import commands, commands_check
from ._index import Index
from ._settings import Settings

COMMANDS = (
    commands.mode,
    commands.scan,
    commands.scans,
    commands.drop,
    commands.tree,
    commands.largest,
    commands.problems,
    commands.duplicates,
    commands.select,
    commands.details,
    commands.open_details,
    commands.preview,
    commands.preview_image,
)


def build(folder: Path | None = None, *, check: bool = False, on_line: Callable[[str], None] | None = None) -> Builder:
    """Return a builder of the application, ready to run.

    Args:
        folder: The folder to scan at once; `None` offers the home folder and waits.
        check: Drive the application automatically and report every step.
        on_line: Receives the lines of the report; `None` prints them.

    Raises:
        NotADirectoryError: `folder` is not a folder.
    """
    if folder is not None:
        folder = folder.expanduser().absolute()
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is not a folder; pass a folder to scan, or nothing for the home folder")
    builder = Builder().manage(Index(Path.home())).manage(Settings(folder, check))
    if not check:
        return builder.invoke_handler(generate_handler(*COMMANDS))
    return commands_check.add(builder, COMMANDS, on_line)


def context(project: Path | None = None) -> Context:
    """Read the configuration of the application.

    Args:
        project: The folder that contains `tauri.conf.json` and `ui/dist`; `None` uses the parent folder of this
            package.
    """
    return generate_context(project or Path(__file__).parent.parent)
