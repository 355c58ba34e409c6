"""The shared libraries that a system with WebKitGTK has, and that a bundle therefore must not bring."""

from __future__ import annotations

import ctypes.util
import shutil
import subprocess
from pathlib import PurePath

__all__ = ["libraries_of_webkit"]


def libraries_of_webkit() -> set[str]:
    """Return the file names of the libraries that WebKitGTK loads, such as `libglib-2.0.so.0`; empty where it is not.

    WebKitGTK's own processes load them from the system. A second copy in the bundle, of another version, would meet the
    first one in the application's process.
    """
    library = ctypes.util.find_library("webkit2gtk-4.1")
    ldd = shutil.which("ldd")
    path = None if library is None else _path_of(library)
    if path is None or ldd is None:
        return set()
    listed = subprocess.run([ldd, path], capture_output=True, text=True, errors="replace", check=False).stdout
    return {PurePath(line.split()[0]).name for line in listed.splitlines() if line.strip()} - {"linux-vdso.so.1"}


def _path_of(library: str) -> str | None:
    ldconfig = shutil.which("ldconfig") or shutil.which("ldconfig", path="/sbin:/usr/sbin")
    if ldconfig is None:
        return None
    for line in subprocess.run(
        [ldconfig, "-p"], capture_output=True, text=True, errors="replace", check=False
    ).stdout.splitlines():
        name, _, path = line.strip().partition(" => ")
        if name.split(" ")[0] == library:
            return path
    return None
