"""The typed errors of the commands; the page distinguishes them by `kind`."""

from __future__ import annotations

from transom import CommandError


class Unreadable(CommandError):
    """A file cannot be read or has just been deleted. The page shows `name` and `reason`."""

    name: str
    reason: str


class NotAFolder(CommandError):
    """The folder to scan is not a folder or cannot be read."""

    folder: str
    reason: str


class Gone(CommandError):
    """The page requested an entry that has been deleted from the index."""

    scan_id: int
    node_id: int


class UnknownScan(CommandError):
    """The page requested a scan that has been closed."""

    scan_id: int
