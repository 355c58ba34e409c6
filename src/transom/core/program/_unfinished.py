"""Warnings about an application that shows nothing: never run, or without the documents of its windows."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

from ...config import Config

__all__ = ["warn_of_missing_documents", "warn_of_no_run"]

_log = logging.getLogger("transom")


def warn_of_no_run() -> None:
    """Warn at the end of a program that has put an application together and never run it."""
    if getattr(sys, "last_value", None) is None:  # else the traceback says why
        _log.warning(
            "a Builder was made, but its application was never run; end the program with Builder.run(generate_context()), "
            "or App.run()"
        )


def warn_of_missing_documents(config: Config) -> None:
    """Warn of windows whose document the front end does not have: they stay blank."""
    folder = config.frontend
    if not isinstance(folder, Path):  # a list of files names its documents itself
        return
    for window in config.app.windows:
        parts = urlsplit(window.url)
        name = parts.path.strip("/") or "index.html"
        if not window.create or parts.scheme or parts.netloc:
            continue
        if not ((folder / name).exists() or (folder / "index.html").is_file()):
            _log.warning(
                "the window %r loads %s, but %s has neither this file nor an index.html; build the front end first, or "
                "correct build.frontendDist",
                window.label,
                name,
                folder,
            )
