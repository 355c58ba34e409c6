"""Images in memory, for icons: one type for windows, menus and the tray, and the forms in which pages send it."""

from ._image import Image
from ._js import JsImage

__all__ = ["Image", "JsImage"]
