"""The commands that write a whole file: its content is the body of the call, its path a header."""

from __future__ import annotations

import os
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
    flags = os.O_WRONLY | (os.O_APPEND if options.append else os.O_TRUNC)
    if options.create_new:
        flags |= os.O_CREAT | os.O_EXCL
    elif options.create is None or options.create:
        flags |= os.O_CREAT
    mode = 0o666 if options.mode is None else options.mode & 0o777
    with rejecting("failed to open file", found):
        descriptor = file_at(found, flags, mode)
    with open(descriptor, "wb", buffering=0) as file, rejecting("failed to write bytes to file", found):  # noqa: PTH123
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) or 0 :]


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
