"""What a command can refuse to do, as values the page can tell apart by their `kind`."""

from __future__ import annotations

from transom import CommandError


class Unreadable(CommandError):
    """A file or folder is there but cannot be read, or has just gone."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__({"kind": "unreadable", "name": name, "reason": reason})


class NotAFolder(CommandError):
    """The folder to scan is not a folder."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__({"kind": "notAFolder", "folder": folder, "reason": reason})


class Gone(CommandError):
    """The page asked for something that was deleted from the index meanwhile."""

    def __init__(self, scan_id: int, node_id: int) -> None:
        super().__init__({"kind": "gone", "scanId": scan_id, "nodeId": node_id})


class UnknownScan(CommandError):
    """The page asked for a scan that was dropped."""

    def __init__(self, scan_id: int) -> None:
        super().__init__({"kind": "unknownScan", "scanId": scan_id})
