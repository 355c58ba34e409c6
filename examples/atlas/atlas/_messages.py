"""The types of the values that the page sends and receives."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

FileOrder = Literal["size", "name", "folder", "modified", "kind"]
ScanState = Literal["running", "finished", "cancelled", "failed"]


class Part(Struct, rename="camel", kw_only=True):
    """Base class with field names in camelCase for the page."""


class Piece(Part, omit_defaults=True):
    """A file or folder of a treemap.

    `rest_files` and `rest_size` are the number and size of the children that are too small to be listed. `mostly` is
    the kind of file that uses the most space in a folder.
    """

    id: int
    name: str
    kind: str
    size: int
    files: int
    modified: float
    mostly: str | None = None
    problem: str | None = None
    children: list[Piece] = []
    rest_files: int = 0
    rest_size: int = 0


class Crumb(Part):
    """One folder on the path from the scanned folder to the displayed folder."""

    id: int
    name: str


class KindSize(Part):
    """The size of one kind of file in a folder."""

    kind: str
    size: int


class View(Part):
    """A folder as the page draws it; its size is limited, however large the folder is."""

    scan_id: int
    crumbs: list[Crumb]
    tree: Piece
    folders: int
    kinds: list[KindSize]


class ScanInfo(Part):
    """A scan and its progress. `not_watching` says why the folder cannot be watched, if so."""

    scan_id: int
    folder: str
    state: ScanState
    files: int
    folders: int
    size: int
    unreadable: int
    seconds: float
    watching: bool
    not_watching: str | None = None


class Started(Part, tag_field="type", tag="started"):
    """The first message of a scan, with the number of the scan."""

    scan: ScanInfo


class Progress(Part, tag_field="type", tag="progress"):
    """The progress of a scan, and the folder that it reads now."""

    scan: ScanInfo
    current: str


class Partial(Part, tag_field="type", tag="partial"):
    """The results of a scan so far."""

    view: View


class Finished(Part, tag_field="type", tag="finished"):
    """The last message of a completed scan."""

    scan: ScanInfo
    view: View


ScanEvent = Started | Progress | Partial | Finished


class FileRow(Part):
    """A file in a list."""

    scan_id: int
    node_id: int
    name: str
    folder: str
    kind: str
    size: int
    modified: float


class Copies(Part):
    """Files with the same content. `files` has the first few of `count`."""

    digest: str
    size: int
    count: int
    files: list[FileRow]


class DuplicatesStarted(Part, tag_field="type", tag="started"):
    """The number of files that share their size with another file, and the maximum number of bytes to read."""

    files: int
    size: int


class DuplicatesFound(Part, tag_field="type", tag="found"):
    """The groups found since the last message, and the number of files compared so far."""

    groups: list[Copies]
    done: int


class DuplicatesSummary(Part, tag_field="type", tag="finished"):
    """The result: the space that deleting all but one file of each group would free."""

    groups: int
    copies: int
    wasted: int
    unreadable: int


DuplicatesEvent = DuplicatesStarted | DuplicatesFound | DuplicatesSummary


class FileDetails(Part):
    """The current metadata of a file or folder. If it is not available, `problem` says why."""

    scan_id: int
    node_id: int
    name: str
    path: str
    kind: str
    size: int
    on_disk: int
    modified: float
    created: float | None
    mode: str
    names: int
    target: str | None = None
    problem: str | None = None


class ImagePreview(Part, tag_field="type", tag="image"):
    """An image that a page can show; a separate command returns its bytes."""

    mime: str
    size: int


class TextPreview(Part, tag_field="type", tag="text"):
    """The beginning of a text file."""

    text: str
    size: int
    truncated: bool


class BinaryPreview(Part, tag_field="type", tag="binary"):
    """The first bytes of any other file, as a hex dump."""

    hex: list[str]
    size: int


class NoPreview(Part, tag_field="type", tag="none"):
    """Something without a preview: a folder, a link, a device."""

    reason: str


Preview = ImagePreview | TextPreview | BinaryPreview | NoPreview


class Problem(Part):
    """A folder that could not be read."""

    node_id: int
    path: str
    reason: str


class Changed(Part):
    """The payload of the event `atlas://changed`: changes on disk, collected over a short time."""

    scan: ScanInfo
    folders: list[int]
    rows: int


class Mode(Part):
    """The first value that a page requests. `folder` is the folder to offer; with `auto`, the page scans it at once."""

    check: bool
    folder: str
    auto: bool
    scans: list[ScanInfo]
