"""The web runtime: windows are pages of a browser, served on loopback."""

from ._runtime import create

__all__ = ["create"]
