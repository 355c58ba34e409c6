"""What a command can refuse to do, as values the page tells apart by their `kind`."""

from __future__ import annotations

from transom import CommandError


class Unreadable(CommandError):
    """A file is there but cannot be read, or has just gone. The page shows `name` and `reason`."""

    name: str
    reason: str


class NotAFolder(CommandError):
    """The folder to scan is not a folder, or cannot be read."""

    folder: str
    reason: str


class Gone(CommandError):
    """The page asked for something that was deleted from the index meanwhile."""

    scan_id: int
    node_id: int


class UnknownScan(CommandError):
    """The page asked for a scan that was closed."""

    scan_id: int
