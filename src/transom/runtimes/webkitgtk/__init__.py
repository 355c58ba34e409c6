"""The WebKitGTK runtime: GTK 3 windows with WebKitGTK 4.1, as Tauri has on Linux."""

from ._runtime import create

__all__ = ["create"]
