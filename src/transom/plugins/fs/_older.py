"""The commands whose results are others for version 2.0 of the npm package: values, and not bytes with a mark after them."""

from __future__ import annotations

from typing import Any

from ...commands import command
from ...errors import CommandError
from ...handles import Webview
from ...values import Response
from . import _commands, _handles
from ._commands import BaseOptions
from ._scope import Access

__all__ = ["COMMANDS"]


@command
def read_text_file(access: Access, path: str, options: BaseOptions | None = None) -> str:
    """Return the text of a file."""
    try:
        return _bytes(_commands.read_text_file(access, path, options)).decode()
    except UnicodeDecodeError:
        raise CommandError("stream did not contain valid UTF-8") from None  # Tauri: the sentence


@command
def read(webview: Webview, rid: int, len: int) -> tuple[list[int], int]:  # noqa: A002 - the argument's name
    """Return the next bytes of an open file, and their number."""
    data = _bytes(_handles.read(webview, rid, len))[:-8]
    return list(data), _length(data)


def _bytes(response: Response) -> bytes:
    return response.body.encode() if isinstance(response.body, str) else bytes(response.body)


def _length(data: bytes) -> int:
    return len(data)


@command
def read_text_file_lines_next(webview: Webview, rid: int) -> tuple[str | None, bool]:
    """Return the next line, and whether there is none."""
    data = _bytes(_handles.read_text_file_lines_next(webview, rid))
    done = data[-1:] == b"\1"
    return (None, True) if done else (data[:-1].decode("utf-8", "replace"), False)


COMMANDS: tuple[Any, ...] = (read_text_file, read, read_text_file_lines_next)
