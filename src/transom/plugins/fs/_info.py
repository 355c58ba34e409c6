"""What there is to know of a file."""

from __future__ import annotations

import os
import stat

import msgspec

__all__ = ["DirEntry", "FileInfo", "info_of"]


class FileInfo(msgspec.Struct, rename="camel", kw_only=True):
    """A file's metadata; times are milliseconds since 1970. `birthtime` is `None` where Python cannot tell it."""

    is_file: bool
    is_directory: bool
    is_symlink: bool
    size: int
    mtime: int | None
    atime: int | None
    birthtime: int | None
    readonly: bool
    file_attributes: int | None
    dev: int | None
    ino: int | None
    mode: int | None
    nlink: int | None
    uid: int | None
    gid: int | None
    rdev: int | None
    blksize: int | None
    blocks: int | None


class DirEntry(msgspec.Struct, rename="camel", kw_only=True):
    """One entry of a folder. What a link leads to tells whether it is a file or a folder."""

    name: str
    is_directory: bool
    is_file: bool
    is_symlink: bool


def info_of(found: os.stat_result) -> FileInfo:
    """Return the metadata in the form of the npm package."""
    posix = os.name == "posix"
    born: float | None = getattr(found, "st_birthtime", None)

    def only_posix(name: str) -> int | None:
        return getattr(found, name, None) if posix else None

    return FileInfo(
        is_file=stat.S_ISREG(found.st_mode),
        is_directory=stat.S_ISDIR(found.st_mode),
        is_symlink=stat.S_ISLNK(found.st_mode),
        size=found.st_size,
        mtime=found.st_mtime_ns // 1_000_000,
        atime=found.st_atime_ns // 1_000_000,
        birthtime=None if born is None else int(born * 1000),
        readonly=found.st_mode & 0o222 == 0,
        file_attributes=getattr(found, "st_file_attributes", None),
        dev=only_posix("st_dev"),
        ino=only_posix("st_ino"),
        mode=only_posix("st_mode"),
        nlink=only_posix("st_nlink"),
        uid=only_posix("st_uid"),
        gid=only_posix("st_gid"),
        rdev=only_posix("st_rdev"),
        blksize=only_posix("st_blksize"),
        blocks=only_posix("st_blocks"),
    )
