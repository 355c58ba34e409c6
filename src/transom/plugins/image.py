"""`plugin:image|*`: images that pages hold by number, for windows, menus and the tray."""

from __future__ import annotations

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import CommandError, TransomError
from ..handles import Webview
from ..runtimes import Image
from ..values import Response

__all__ = ["image_plugin"]


# In workers: files are read and decoded here.
@command
def new(webview: Webview, rgba: bytes, width: int, height: int) -> int:
    """Hold an image made of pixels and return its resource id."""
    try:
        return webview.resources_table().add(Image(rgba, width, height))
    except TransomError as error:
        raise CommandError(str(error)) from None


@command
def from_bytes(webview: Webview, bytes: bytes) -> int:  # noqa: A002 - Tauri: the argument's name
    """Decode a PNG or ICO file, hold the image and return its resource id."""
    try:
        return webview.resources_table().add(Image.from_bytes(bytes))
    except TransomError as error:
        raise CommandError(str(error)) from None


@command
def from_path(webview: Webview, path: str) -> int:
    """Read a PNG or ICO file, hold the image and return its resource id."""
    try:
        return webview.resources_table().add(Image.from_path(path))
    except TransomError as error:
        raise CommandError(str(error)) from None


@command
async def rgba(webview: Webview, rid: int) -> Response:
    """Return the pixels of an image, four bytes each."""
    return Response(webview.resources_table().get(rid, Image).rgba)


@command
async def size(webview: Webview, rid: int) -> dict[str, int]:
    """Return the size of an image in pixels."""
    image = webview.resources_table().get(rid, Image)
    return {"width": image.width, "height": image.height}


def image_plugin() -> Plugin:
    """Return the plugin of images."""
    return (
        PluginBuilder("image")
        .invoke_handler(generate_handler(new, from_bytes, from_path, rgba, size, lazy=True))
        .permissions(default=("allow-new", "allow-from-bytes", "allow-from-path", "allow-rgba", "allow-size"))
        .build()
    )
