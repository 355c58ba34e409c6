"""Run the demo from a checkout or from an installed wheel."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from ..errors import AuthorError, ConfigError
from ._doctor import demo_folder

__all__ = ["run"]

# The build hook writes this file into a wheel if the front end could not be built.
_REASON = "front-end-missing.txt"


def run(folder: Path | None, runtime: str | None, port: int, *, driven: bool) -> int:
    """Run the demo and return its exit status.

    Args:
        folder: The folder to scan; `None` offers the home folder.
        runtime: The name of the runtime; `None` selects an available one.
        port: The port of the web runtime; 0 selects a free one.
        driven: Drive the application automatically and print a line for each check.

    Raises:
        ConfigError: The demo or its front end is missing; the text says how to build it.
        AuthorError: `folder` is not a folder, or a package that the demo needs is missing.
    """
    home = demo_folder()
    if home is None:
        raise ConfigError(
            "this installation does not include the demo; run it from a checkout, or install a wheel of transom"
        )
    _require_front_end(home)
    sys.path.insert(0, str(home))
    try:
        app = importlib.import_module("atlas.app")
    except ModuleNotFoundError as error:
        raise AuthorError(
            f"the demo needs the package {error.name}: {sys.executable} -m pip install '{error.name}'"
        ) from None
    try:
        builder = app.build(folder, check=driven)
    except NotADirectoryError as error:
        raise AuthorError(str(error)) from None
    status: int = builder.web(port=port, open_browser=False if driven else None).run(app.context(home), runtime=runtime)
    return status


def _require_front_end(home: Path) -> None:
    if (home / "ui" / "dist" / "index.html").is_file():
        return
    reason = home / _REASON
    if reason.is_file():
        raise ConfigError(f"the demo's front end is not in this installation: {reason.read_text('utf-8').strip()}")
    raise ConfigError(
        f"the demo's front end is not built: npm --prefix {home / 'ui'} ci && npm --prefix {home / 'ui'} run build"
    )
