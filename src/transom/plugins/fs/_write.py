"""The commands that write a whole file: its content is the body of the call, its path a header."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import msgspec

from ...calls import Request
from ...commands import command
from ...errors import CommandError
from ...handles import BaseDirectory
from ._beneath import file_at
from ._errors import rejecting
from ._scope import Access

__all__ = ["COMMANDS"]


class WriteOptions(msgspec.Struct, rename="camel"):
    """How to write. `mode` is POSIX's, of a file that is created."""

    base_dir: BaseDirectory | None = None
    append: bool | None = None
    create: bool | None = None
    create_new: bool | None = None
    mode: int | None = None


class _Json(msgspec.Struct):
    """The form of version 2.0.0 of the npm package."""

    path: str
    data: str | list[int]
    options: WriteOptions | None = None


@command
def write_file(access: Access, request: Request) -> None:
    """Write a file, by default in place of what is there."""
    _write(access, *_parts(request))


@command
def write_text_file(access: Access, request: Request) -> None:
    """Write a text file, by default in place of what is there."""
    _write(access, *_parts(request))


def _write(access: Access, path: str, data: bytes, options: WriteOptions) -> None:
    found = access.path(path, options.base_dir)
    flags = os.O_WRONLY | (os.O_APPEND if options.append else 0)
    if options.create_new:
        flags |= os.O_CREAT | os.O_EXCL
    elif options.create is None or options.create:
        flags |= os.O_CREAT
    mode = 0o666 if options.mode is None else options.mode & 0o777
    with rejecting("failed to open file", found):
        descriptor = file_at(found, flags, mode)
    try:
        with rejecting("failed to write bytes to file", found):
            _fill(descriptor, data, append=bool(options.append))
    finally:
        os.close(descriptor)


def _fill(descriptor: int, data: bytes, *, append: bool) -> None:
    """Write data into a file, which stays as it was when there is no room for them.

    Tauri empties the file first, and then writes as much as there is room for.

    Raises:
        OSError: They cannot be written.
    """
    known = os.fstat(descriptor)
    plain = stat.S_ISREG(known.st_mode)
    try:
        if plain and data and not append:
            _reserve(descriptor, len(data))
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if plain and not append:
            os.ftruncate(descriptor, len(data))
    except OSError:
        if plain:
            with suppress(OSError):
                os.ftruncate(descriptor, known.st_size)
        raise


def _reserve(descriptor: int, size: int) -> None:
    """Let the system set room aside, where it can.

    Raises:
        OSError: There is not enough.
    """
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise


def _parts(request: Request) -> tuple[str, bytes, WriteOptions]:
    """Return the path, the content and the options of a call.

    Raises:
        CommandError: The call has none of the forms of the npm package.
    """
    body: Any = request.body
    try:
        if isinstance(body, dict):
            form = msgspec.convert(body, _Json)
            data = form.data.encode() if isinstance(form.data, str) else bytes(form.data)
            return form.path, data, form.options or WriteOptions()
        if not isinstance(body, bytes | list):
            raise CommandError("unexpected invoke body")
        path = request.headers.get("path")
        if path is None:
            raise CommandError("missing file path")
        text = request.headers.get("options", "undefined")
        options = WriteOptions() if text == "undefined" else msgspec.json.decode(text, type=WriteOptions | None)
        return unquote(path, errors="strict"), bytes(body), options or WriteOptions()
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise CommandError(f"unexpected invoke body: {error}") from None


COMMANDS = (write_file, write_text_file)
