"""What the page sends and receives."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

FileOrder = Literal["size", "name", "folder", "modified", "kind"]
ScanState = Literal["running", "finished", "cancelled", "failed"]


class Part(Struct, rename="camel", kw_only=True):
    """Something the page sees: fields in camelCase."""


class Piece(Part, omit_defaults=True):
    """A file or folder of a treemap.

    `rest_files` and `rest_size` stand for the children too small to be listed, `mostly` is the kind of file that takes
    the most room in a folder.
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
    """One step of the way from the scanned folder to the folder shown."""

    id: int
    name: str


class KindSize(Part):
    """How much of a folder is of one kind of file."""

    kind: str
    size: int


class View(Part):
    """A folder as the page draws it: bounded in size however large the folder is."""

    scan_id: int
    crumbs: list[Crumb]
    tree: Piece
    folders: int
    kinds: list[KindSize]


class ScanInfo(Part):
    """A scan and how far it has come. `watching` is `None` while nobody watches and nobody failed to."""

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
    """The first message of a scan: the number by which everything else refers to it."""

    scan: ScanInfo


class Progress(Part, tag_field="type", tag="progress"):
    """Where the scan is now."""

    scan: ScanInfo
    current: str


class Partial(Part, tag_field="type", tag="partial"):
    """What the scan has found so far."""

    view: View


class Finished(Part, tag_field="type", tag="finished"):
    """The last message of a scan that ran to its end."""

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
    """Files with the same content. `files` holds the first few of `count`."""

    digest: str
    size: int
    count: int
    files: list[FileRow]


class DuplicatesStarted(Part, tag_field="type", tag="started"):
    """How many files have a twin of the same size, and how much has to be read at most."""

    files: int
    size: int


class DuplicatesFound(Part, tag_field="type", tag="found"):
    """Groups found since the last message, and how many of the files have been compared."""

    groups: list[Copies]
    done: int


class DuplicatesSummary(Part, tag_field="type", tag="finished"):
    """The end: what deleting all but one of each group would free."""

    groups: int
    copies: int
    wasted: int
    unreadable: int


DuplicatesEvent = DuplicatesStarted | DuplicatesFound | DuplicatesSummary


class FileDetails(Part):
    """One file or folder, as the file system describes it now. `problem` says why it cannot."""

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
    """An image that a page can show; its bytes come by a command of their own."""

    mime: str
    size: int


class TextPreview(Part, tag_field="type", tag="text"):
    """The beginning of a text file."""

    text: str
    size: int
    truncated: bool


class BinaryPreview(Part, tag_field="type", tag="binary"):
    """The first bytes of any other file, as lines of hexadecimal digits."""

    hex: list[str]
    size: int


class NoPreview(Part, tag_field="type", tag="none"):
    """Something without content of its own: a folder, a link, a device."""

    reason: str


Preview = ImagePreview | TextPreview | BinaryPreview | NoPreview


class Problem(Part):
    """A folder that could not be read."""

    node_id: int
    path: str
    reason: str


class Changed(Part):
    """The payload of the event `atlas://changed`: what moved on disk, gathered over a moment."""

    scan: ScanInfo
    folders: list[int]
    rows: int


class Mode(Part):
    """What the page asks first. `folder` is the folder to offer; `auto` asks the page to scan it at once."""

    check: bool
    folder: str
    auto: bool
    scans: list[ScanInfo]
