"""What PyInstaller needs to know of transom; it finds this folder by the entry point `pyinstaller40`."""

from __future__ import annotations

from pathlib import Path

__all__ = ["get_hook_dirs"]


def get_hook_dirs() -> list[str]:
    """Return the folder of the hooks (PyInstaller: the function of the entry point `hook-dirs`)."""
    return [str(Path(__file__).parent)]
