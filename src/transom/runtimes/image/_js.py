"""The forms in which pages send an image (Tauri: `image::JsImage`)."""

from __future__ import annotations

from typing import Any, Protocol

from ...errors import ImageError
from ._image import Image

__all__ = ["JsImage"]


class _Table(Protocol):
    def get(self, rid: int, kind: type[Image]) -> Image: ...


class _Owner(Protocol):
    def resources_table(self) -> _Table: ...


class JsImage:
    """An image as a page sends it (Tauri: `image::JsImage`). A command takes it as `Any` and then calls `into_img`.

    Args:
        value: The path of a file, the bytes of a file, the id of an `Image` resource, or `{rgba, width, height}`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def into_img(self, webview: _Owner) -> Image:
        """Return the image.

        Args:
            webview: The calling webview: ids are those of its resources.

        Raises:
            ImageError: The value has another form, or its file or bytes are no image.
            InvalidResource: No image has the id.
        """
        value = self._value
        if isinstance(value, str):
            return Image.from_path(value)
        if isinstance(value, Image):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return webview.resources_table().get(value, Image)
        if isinstance(value, dict) and {"rgba", "width", "height"} <= value.keys():
            width, height = value["width"], value["height"]
            if type(width) is int and type(height) is int:
                return Image(_bytes_of(value["rgba"]), width, height)
        return Image.from_bytes(_bytes_of(value))


def _bytes_of(value: Any) -> bytes:
    try:
        if isinstance(value, bytes | bytearray | memoryview | list):
            return bytes(value)
    except (TypeError, ValueError):  # an array of something else than numbers from 0 to 255
        pass
    raise ImageError(
        "invalid icon: expected a path, the bytes of a PNG or ICO file, the resource id of an Image, "
        "or an object with rgba, width and height"
    )
