"""The commands that take paths."""

from __future__ import annotations

import os
import shutil
import stat as modes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from ...commands import command
from ...errors import CommandError
from ...handles import BaseDirectory
from ...values import Response
from ._beneath import file_at, opened, place_of
from ._errors import rejecting
from ._info import DirEntry, FileInfo, info_of
from ._scope import Access

__all__ = ["COMMANDS"]

_MOST: Final = 1 << 30
"""Bytes of a file that is read at once. A sparse file of any size costs whoever makes it nothing."""


class BaseOptions(msgspec.Struct, rename="camel"):
    """The folder that a path is relative to."""

    base_dir: BaseDirectory | None = None


class CopyOptions(msgspec.Struct, rename="camel"):
    """The folders that the two paths are relative to."""

    from_path_base_dir: BaseDirectory | None = None
    to_path_base_dir: BaseDirectory | None = None


class RenameOptions(msgspec.Struct, rename="camel"):
    """The folders that the two paths are relative to."""

    old_path_base_dir: BaseDirectory | None = None
    new_path_base_dir: BaseDirectory | None = None


class MkdirOptions(msgspec.Struct, rename="camel"):
    """How to make a folder. `mode` is POSIX's."""

    base_dir: BaseDirectory | None = None
    mode: int | None = None
    recursive: bool | None = None


class RemoveOptions(msgspec.Struct, rename="camel"):
    """How to remove something."""

    base_dir: BaseDirectory | None = None
    recursive: bool | None = None


def _base(options: BaseOptions | MkdirOptions | RemoveOptions | None) -> BaseDirectory | None:
    return None if options is None else options.base_dir


# All of them run in workers: each waits for the file system.
@command
def read_file(access: Access, path: str, options: BaseOptions | None = None) -> Response:
    """Return what is in a file."""
    found = access.path(path, _base(options))
    with rejecting("failed to open file", found):
        descriptor = file_at(found, os.O_RDONLY)
    with open(descriptor, "rb", buffering=0) as file, rejecting("failed to read file", found):  # noqa: PTH123
        info = os.fstat(descriptor)
        if not modes.S_ISREG(info.st_mode):  # such as a device, which has no end
            raise CommandError(f"failed to read file at path: {found} with error: it is not a regular file")
        if info.st_size > _MOST:
            raise CommandError(
                f"failed to read file at path: {found} with error: it has more than {_MOST >> 20} MiB; read it in parts "
                "with open()"
            )
        return Response(file.readall())


@command
def read_text_file(access: Access, path: str, options: BaseOptions | None = None) -> Response:
    """Return what is in a text file, which the page decodes."""
    return read_file(access, path, options)


@command
def exists(access: Access, path: str, options: BaseOptions | None = None) -> bool:
    """Tell whether there is a file or a folder."""
    found = access.path(path, _base(options))
    try:
        with place_of(found) as place:
            os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    except (OSError, ValueError):
        return False
    return True


@command
def stat(access: Access, path: str, options: BaseOptions | None = None) -> FileInfo:
    """Return the metadata of a file; of a link, those of what it leads to."""
    return _info(access.path(path, _base(options)))


@command
def lstat(access: Access, path: str, options: BaseOptions | None = None) -> FileInfo:
    """Return the metadata of a file; of a link, its own."""
    return _info(access.path(path, _base(options), follow=False))


def _info(found: Path) -> FileInfo:
    with rejecting("failed to get metadata of path", found), place_of(found) as place:
        return info_of(os.stat(place.name, dir_fd=place.folder, follow_symlinks=False))


@command
def size(access: Access, path: str, options: BaseOptions | None = None) -> int:
    """Return the size of a file, or of all files below a folder; links count nothing."""
    found = access.path(path, _base(options))
    with rejecting("failed to get metadata of path", found):
        info = os.lstat(found)
        return sum(_sizes(found)) if modes.S_ISDIR(info.st_mode) else info.st_size


def _sizes(folder: Path) -> Iterator[int]:
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif not entry.is_symlink():
                    yield entry.stat(follow_symlinks=False).st_size


@command
def read_dir(access: Access, path: str, options: BaseOptions | None = None) -> list[DirEntry]:
    """Return what is in a folder."""
    found = access.path(path, _base(options))
    with rejecting("failed to read directory", found), place_of(found) as place:
        flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
        if place.folder is None:
            return _entries(place.name)
        descriptor = os.open(place.name, flags, dir_fd=place.folder)
        try:
            return _entries(descriptor)
        finally:
            os.close(descriptor)


def _entries(folder: int | str) -> list[DirEntry]:
    with os.scandir(folder) as found:
        return [
            DirEntry(
                # Names need not be UTF-8; Tauri replaces what is not, too.
                name=os.fsencode(entry.name).decode("utf-8", "replace"),
                is_directory=entry.is_dir(),
                is_file=entry.is_file(),
                is_symlink=entry.is_symlink(),
            )
            for entry in found
        ]


@command
def mkdir(access: Access, path: str, options: MkdirOptions | None = None) -> None:
    """Make a folder, with `recursive` those above it too."""
    options = options or MkdirOptions()
    found = access.path(path, options.base_dir)
    mode = 0o777 if options.mode is None else options.mode & 0o777
    with rejecting("failed to create directory", found):
        if not options.recursive:
            _make(found, mode)
            return
        missing = [found]
        while not missing[-1].exists() and missing[-1].parent != missing[-1]:
            missing.append(missing[-1].parent)
        for folder in reversed(missing):
            if not folder.is_dir():
                _make(folder, mode)


def _make(folder: Path, mode: int) -> None:
    with place_of(folder) as place:
        os.mkdir(place.name, mode, dir_fd=place.folder)


@command
def copy_file(access: Access, from_path: str, to_path: str, options: CopyOptions | None = None) -> None:
    """Copy a file with its mode; a file that is there is replaced."""
    options = options or CopyOptions()
    source = access.path(from_path, options.from_path_base_dir)
    target = access.path(to_path, options.to_path_base_dir)
    with (
        rejecting(f"failed to copy file from path: {source}, to path: {target}"),
        open(file_at(source, os.O_RDONLY), "rb") as reading,  # noqa: PTH123 - a descriptor
    ):
        info = os.fstat(reading.fileno())
        if not modes.S_ISREG(info.st_mode):
            raise ValueError("the source path is neither a regular file nor a symlink to a regular file")
        with open(file_at(target, os.O_WRONLY | os.O_CREAT), "wb") as writing:  # noqa: PTH123
            if os.path.samestat(info, os.fstat(writing.fileno())):
                raise ValueError("they are the same file")
            os.ftruncate(writing.fileno(), 0)
            shutil.copyfileobj(reading, writing, 1 << 20)
            if os.name == "posix":
                os.fchmod(writing.fileno(), modes.S_IMODE(info.st_mode) & 0o777)


@command
def rename(access: Access, old_path: str, new_path: str, options: RenameOptions | None = None) -> None:
    """Move a file, a folder or a link."""
    options = options or RenameOptions()
    old = access.path(old_path, options.old_path_base_dir, follow=False)
    new = access.path(new_path, options.new_path_base_dir, follow=False)
    _refuse_denied(access, old)
    with (
        rejecting(f"failed to rename old path: {old} to new path: {new}"),
        place_of(old) as source,
        place_of(new) as target,
    ):
        os.replace(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder)


@command
def remove(access: Access, path: str, options: RemoveOptions | None = None) -> None:
    """Remove a file, a link or an empty folder, with `recursive` a folder and everything in it."""
    options = options or RemoveOptions()
    found = access.path(path, options.base_dir, follow=False)
    with rejecting("failed to get metadata of path", found), place_of(found) as place:
        is_folder = modes.S_ISDIR(os.stat(place.name, dir_fd=place.folder, follow_symlinks=False).st_mode)
    if is_folder and options.recursive:
        _refuse_denied(access, found)
    with rejecting("failed to remove path", found), place_of(found) as place:
        if not is_folder:
            os.unlink(place.name, dir_fd=place.folder)
        elif not options.recursive:
            os.rmdir(place.name, dir_fd=place.folder)
        elif place.folder is None:
            shutil.rmtree(place.name)
        else:
            shutil.rmtree(place.name, dir_fd=place.folder)


def _refuse_denied(access: Access, folder: Path) -> None:
    """Reject a call that would take a denied file along with its folder.

    Raises:
        CommandError: A file below the folder is denied.
    """
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if access.denies(inner := Path(above, name)):
                raise access.forbidden(inner)


@command
def truncate(access: Access, path: str, len: int | None = None, options: BaseOptions | None = None) -> None:  # noqa: A002
    """Give a file another length; without one, none."""
    found = access.path(path, _base(options))
    with rejecting("failed to truncate file", found), opened(found, os.O_WRONLY) as descriptor:
        os.ftruncate(descriptor, len or 0)


@command
async def start_accessing_security_scoped_resource(path: str) -> None:
    """Begin to use a file of another application. Tauri: on iOS only; elsewhere it does nothing."""


@command
async def stop_accessing_security_scoped_resource(path: str) -> None:
    """End the use of a file of another application. Tauri: on iOS only; elsewhere it does nothing."""


COMMANDS = (
    copy_file,
    mkdir,
    read_dir,
    stat,
    lstat,
    read_file,
    read_text_file,
    remove,
    rename,
    truncate,
    exists,
    size,
    start_accessing_security_scoped_resource,
    stop_accessing_security_scoped_resource,
)
