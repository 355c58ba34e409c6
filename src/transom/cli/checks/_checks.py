"""What `transom build` checks of a project before it makes bundles: its permissions, and its bindings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ...config import Config
from ...dev import front_end_folder
from ...errors import AuthorError, ConfigError
from ...project import load_access

__all__ = ["check_access", "check_bindings"]

_MADE = "// Made by `transom bindings`"
_RESULT = "export type Result<"  # of a module that was made with --result
_NOT_SEARCHED = frozenset({"node_modules", "target", "build", "dist", "__pycache__", "venv"})


def check_access(config: Config, folder: Path, program: Path, say: Callable[[str], object]) -> None:
    """Check the files of capabilities and permissions against what the application has.

    Args:
        config: The project's configuration.
        folder: The project's folder.
        program: The program, which is run up to `App.run` to tell its plugins and commands.
        say: Called with a line when it could not tell them.

    Raises:
        ConfigError: A file is wrong, or names an unknown permission; the text names file, line and field.
    """
    from .. import acl

    load_access(config)  # what can be said of the files alone
    try:
        acl.load_project(folder, program)
    except ConfigError as error:
        if "did not run an application" not in str(error):
            raise
        say(f"the names of permissions are not checked: {error}")


def check_bindings(config: Config, program: Path, is_old: Callable[[Path, bool], object]) -> None:
    """Check that the modules of `transom bindings` in the front end are those of the commands as they are now.

    Args:
        config: The project's configuration.
        program: The program.
        is_old: Says whether a module is another than would be made, and how it is made again; called with the module and
            whether it was made with `--result`.

    Raises:
        AuthorError: One is older than the commands, or the program cannot tell its commands.
    """
    old = [module for module, text in _modules(front_end_folder(config)) if is_old(module, _RESULT in text)]
    if old:
        raise AuthorError(
            f"the bindings {', '.join(map(str, old))} do not match the commands of {program.name}; write them again with the "
            "command above, and check that the front end still works with them"
        )


def _modules(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the modules that `transom bindings` has made, each with its text."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_SEARCHED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".ts"):
                path = Path(place, name)
                text = path.read_text("utf-8", "replace")
                if text.startswith(_MADE):
                    yield path, text
