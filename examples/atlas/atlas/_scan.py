"""Read folders from the disk into a tree."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from ._names import kind_of
from ._tree import Folder, Found, Tree

CHUNK = 256
"""The number of names that are read before they are added to the tree and the work may be interrupted."""

# Kernel file systems: the sizes of their files do not use space on a disk (/proc/kcore: 128 TiB).
KERNEL_FILE_SYSTEMS = frozenset(
    (
        "autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue nsfs "
        "proc pstore rpc_pipefs securityfs selinuxfs sysfs tracefs"
    ).split()
)

Scandir = Callable[[str], "AbstractContextManager[Iterator[os.DirEntry[str]]]"]


def scan(
    tree: Tree,
    start: Iterable[Folder],
    *,
    scandir: Scandir = os.scandir,
    skip: frozenset[str] = frozenset(),
) -> Generator[str | None, None, None]:
    """Read the folders `start` and everything below them into `tree`, breadth first.

    Symbolic links are entries and are never followed. Folders that cannot be read are recorded in the tree, and the
    scan continues.

    Args:
        tree: The tree to fill.
        start: Folders of `tree` that have not been read.
        scandir: Lists a folder, like `os.scandir`.
        skip: Paths that are not read.

    Yields:
        The path of the current folder after every chunk of names, so that the caller can stop.
    """
    waiting = deque(start)
    while waiting:
        folder = waiting.popleft()
        path = tree.path(folder)
        if path in skip:
            tree.fail(folder, "a kernel file system, which is not on disk")
            continue
        try:
            with scandir(path) as names:
                more = True
                while more:
                    chunk, more = _take(names, tree)
                    waiting.extend(tree.fill(folder, chunk))
                    yield path
        except OSError as error:
            tree.fail(folder, reason(error))
            yield path


def listing(path: str, tree: Tree, scandir: Scandir = os.scandir) -> list[Found]:
    """Return all entries of one folder.

    Raises:
        OSError: The folder cannot be read or no longer exists.
    """
    found: list[Found] = []
    with scandir(path) as names:
        more = True
        while more:
            chunk, more = _take(names, tree)
            found.extend(chunk)
    return found


def reason(error: OSError) -> str:
    """Return in a few words why a file or folder could not be read, without its path, which the page knows."""
    if isinstance(error, FileNotFoundError):
        return "it no longer exists"
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or type(error).__name__).lower()


def kernel_mounts(table: Path = Path("/proc/self/mountinfo")) -> frozenset[str]:
    """Return the mount points of kernel file systems; empty if the system has no such table."""
    try:
        lines = table.read_bytes().splitlines()
    except OSError:
        return frozenset()
    mounts: set[str] = set()
    for line in lines:
        # proc(5): field (5) is the mount point with octal escapes; the type follows the separator "-".
        left, _, right = line.partition(b" - ")
        fields = left.split()
        if len(fields) > 4 and right.split(b" ", 1)[0].decode("ascii", "replace") in KERNEL_FILE_SYSTEMS:
            mounts.add(os.fsdecode(_unescape(fields[4])))
    return frozenset(mounts)


def _unescape(field: bytes) -> bytes:
    for code in (b"040", b"011", b"012", b"134"):
        field = field.replace(b"\\" + code, bytes([int(code, 8)]))
    return field


def _take(names: Iterator[os.DirEntry[str]], tree: Tree) -> tuple[list[Found], bool]:
    chunk: list[Found] = []
    for _ in range(CHUNK):
        entry = next(names, None)
        if entry is None:
            return chunk, False
        try:
            chunk.append(look(entry.name, entry.stat(follow_symlinks=False)))
        except OSError:
            tree.miss()
    return chunk, True


def look(name: str, status: os.stat_result) -> Found:
    """Return the entry for a name and its status; for a link, `status` is that of the link itself."""
    mode = status.st_mode
    if stat.S_ISDIR(mode):
        kind = "folder"
    elif stat.S_ISREG(mode):
        kind = kind_of(name)
        if kind == "other" and mode & 0o111:
            kind = "program"
    elif stat.S_ISLNK(mode):
        kind = "link"
    else:
        kind = "special"
    # Devices and pipes have no content on the disk, whatever their size field says.
    size = 0 if kind in ("folder", "special") else status.st_size
    return Found(name, kind, size, status.st_mtime, status.st_dev, status.st_ino, status.st_nlink)
