"""How this run of the application differs from another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Settings:
    """What the command line and the check mode decide.

    `folder` is the folder that was asked for, `None` for the home folder. A scan works for `work` seconds between two
    messages to the page, about twelve a second, and rests for `rest` seconds after each: the check mode needs a scan
    that it can catch in the middle.
    """

    folder: Path | None = None
    check: bool = False
    work: float = 0.08
    rest: float = 0.0
