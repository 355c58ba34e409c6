"""The menus of the web runtime, which its pages draw."""

from ._form import png_text
from ._menus import WebMenus

__all__ = ["WebMenus", "png_text"]
