"""Pictures as pages send them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from ...errors import CommandError
from ...handles import Webview
from ...runtimes import Icon

__all__ = ["icon_of"]

_MAX_BYTES = 32 * 1024 * 1024


def icon_of(webview: Webview, command: str, value: Any) -> Icon:
    """Return the picture of an argument.

    Args:
        webview: The webview of the page that called.
        command: Name of the command.
        value: The path of an image file, its bytes, the id of an `Image` resource, or `{rgba, width, height}`.

    Raises:
        CommandError: It is none of them, or the file cannot be read.
    """
    if isinstance(value, str):
        return Icon(_read(value))
    if isinstance(value, int) and not isinstance(value, bool):
        value = _resource(webview, value)
    if isinstance(value, dict) and {"rgba", "width", "height"} <= set(value):
        width, height = value["width"], value["height"]
        if type(width) is int and type(height) is int and 0 < width < 2**16 and 0 < height < 2**16:
            return Icon(_bytes(command, value["rgba"]), width, height)
        raise _wrong(command, "the width and the height of a picture are numbers of pixels")
    return Icon(_bytes(command, value))


def _bytes(command: str, value: Any) -> bytes:
    try:
        if isinstance(value, bytes | bytearray | memoryview):
            return bytes(value)
        if isinstance(value, list):
            return bytes(value)
    except (TypeError, ValueError):
        pass
    raise _wrong(command, "expected a path, the bytes of an image file, an Image or {rgba, width, height}")


def _resource(webview: Webview, rid: int) -> dict[str, Any]:
    image = next(
        (
            table.get(rid)
            for table in (webview.resources_table(), webview.app_handle().resources_table())
            if table.has(rid)
        ),
        None,
    )
    if not all(hasattr(image, name) for name in ("rgba", "width", "height")):
        raise CommandError(f"The resource id {rid} is invalid.")
    return {name: getattr(image, name) for name in ("rgba", "width", "height")}


def _read(path: str) -> bytes:
    """Return the content of a file. What the system says about it is not for the page, which may name any path."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                data = file.read(_MAX_BYTES + 1)
                if len(data) <= _MAX_BYTES:
                    return data
    except (OSError, ValueError):
        pass
    raise CommandError(
        f"invalid icon: {Path(path).name!r} is not a file of at most {_MAX_BYTES >> 20} MiB that can be read"
    )


def _wrong(command: str, detail: str) -> CommandError:
    return CommandError(f"invalid args `value` for command `{command}`: {detail}")
