"""What an application is built from beside its code."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from ..config import Config
from ..project import AccessFiles, load_access, load_config

__all__ = ["AUTOMATION", "RECORD", "Context", "generate_context"]

AUTOMATION = "TRANSOM_AUTOMATION"
"""The environment variable that lets a WebDriver drive windows: `1`."""
RECORD = "TRANSOM_RECORD"
"""The environment variable with the file that a session is recorded in, during development."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The inputs of an application besides its code.

    Attributes:
        config: The project's configuration.
        development: Whether pages are told the text of unexpected exceptions, and the development server is used.
        access: The project's capabilities, and the permissions of its own commands.
        automation: Whether a WebDriver may drive windows of WebKitGTK, for end-to-end tests.
        recording: A file for what pages say and are told, which `transom.testing.replay` reads; `None` for no recording.
    """

    config: Config
    development: bool = False
    access: AccessFiles = AccessFiles()
    automation: bool = False
    recording: Path | None = None


def generate_context(
    folder: str | Path | None = None, *, development: bool | None = None, automation: bool | None = None
) -> Context:
    """Read a project's files.

    Args:
        folder: Where `tauri.conf.json` or `src-tauri/tauri.conf.json` is; `None` for the folder of the calling file, or the
            current one where there is no file, as at a prompt.
        development: `None` for what the environment variable `TRANSOM_DEV` says: `1` for yes.
        automation: Whether a WebDriver may drive windows of WebKitGTK. It can do all that a user can, and read every page.
            `None` for what the environment variable `TRANSOM_AUTOMATION` says: `1` for yes. It is not read in a program
            that `transom build` has made.

    Raises:
        ConfigError: There is no such file, or something in it is wrong; the text names every file, line and field.
    """
    if folder is None:
        caller = sys._getframe(1)  # noqa: SLF001 - the fast way to the calling file, as in collections.namedtuple
        program = caller.f_globals.get("__file__")
        folder = Path.cwd() if program is None else Path(program).resolve().parent
    if development is None:
        development = os.environ.get("TRANSOM_DEV") == "1"
    config = load_config(Path(folder))
    file = os.environ.get(RECORD, "") if development else ""
    if automation is None:
        # Tauri: the second is what `tauri-driver` sets. What users install is driven only if its author has asked for it.
        asked = os.environ.get(AUTOMATION) == "1" or os.environ.get("TAURI_AUTOMATION") == "true"
        automation = asked and not getattr(sys, "frozen", False)
    return Context(
        config=config,
        development=development,
        access=load_access(config),
        automation=automation,
        recording=Path(file) if file else None,
    )
