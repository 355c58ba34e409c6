"""`transom icon`: every icon of an application, from one picture."""

from ._make import make_icons

__all__ = ["make_icons"]
