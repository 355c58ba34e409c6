"""The settings of one run of the application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Settings:
    """The settings from the command line and the check mode.

    `folder` is the folder from the command line, or `None` for the home folder. A scan sends a message to the page
    after every `work` seconds, about twelve times a second, and then rests for `rest` seconds. The check mode makes
    scans slow, so that it can interrupt one.
    """

    folder: Path | None = None
    check: bool = False
    work: float = 0.08
    rest: float = 0.0
