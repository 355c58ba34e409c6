"""The web runtime: windows are pages of a browser, served on loopback."""

from ._create import create

__all__ = ["create"]
