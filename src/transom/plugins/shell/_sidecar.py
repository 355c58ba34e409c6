"""Programs that the application brings along: `bundle.externalBin`."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from ...errors import CommandError
from ...handles import AppHandle

__all__ = ["sidecar", "target_triple"]

_SYSTEMS = {"linux": "unknown-linux-gnu", "darwin": "apple-darwin", "win32": "pc-windows-msvc"}
_MACHINES = {"AMD64": "x86_64", "arm64": "aarch64", "ARM64": "aarch64"}


def target_triple() -> str:
    """Return how Rust names this machine, such as `x86_64-unknown-linux-gnu`: the end of a sidecar's file name."""
    machine = _MACHINES.get(platform.machine(), platform.machine())
    return f"{machine}-{_SYSTEMS.get(sys.platform, sys.platform)}"


def sidecar(app: AppHandle, name: str) -> Path:
    """Return the path of a sidecar: beside the program in a bundle, else as the project has it.

    In a project it is `<name>-<target triple>` beside `tauri.conf.json`, as in Tauri, or `<name>`.

    Args:
        app: The application.
        name: The entry in `bundle.externalBin`, or its last part.

    Raises:
        CommandError: The configuration does not have it, or there is no such file.
    """
    listed: list[str] = app.config().bundle.get("externalBin") or []
    entry = next((each for each in listed if name in (each, Path(each).name)), None)
    if entry is None:
        # Tauri: the sentence.
        raise CommandError(f"sidecar not configured under `tauri.conf.json > bundle > externalBin`: {name}")
    suffix = ".exe" if os.name == "nt" else ""
    triple = target_triple()
    folder = app.config().folder
    candidates = (
        Path(sys.executable).parent / f"{Path(entry).name}{suffix}",
        app.path().resource_dir() / f"{Path(entry).name}{suffix}",
        folder / f"{entry}-{triple}{suffix}",
        folder / f"{entry}{suffix}",
    )
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise CommandError(
        f"the sidecar `{name}` is configured, but its file is missing; put `{entry}-{triple}{suffix}` beside tauri.conf.json"
    )
