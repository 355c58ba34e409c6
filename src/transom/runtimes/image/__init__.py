"""Images in memory, for icons: one type for windows, menus and the tray, and the forms in which pages send it."""

from ._decode import MAX_PIXELS, draw_svg
from ._image import Image
from ._js import JsImage

__all__ = ["MAX_PIXELS", "Image", "JsImage", "draw_svg"]
