"""The pywebview runtime: pages of the web link in native windows, on Windows, macOS and Linux."""

from ._runtime import create

__all__ = ["create"]
