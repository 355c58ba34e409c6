"""A manifest for flatpak-builder, and the Flatpak where that is on the machine."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ..errors import AuthorError, ConfigError
from ._plan import BundlePlan
from ._tree import make_tree

__all__ = ["make_flatpak"]

_RUNTIME, _SDK, _VERSION = "org.gnome.Platform", "org.gnome.Sdk", "48"  # GNOME's runtime has GTK 3 and WebKitGTK 4.1
_PERMISSIONS = (
    "--share=ipc",
    "--share=network",
    "--socket=fallback-x11",
    "--socket=wayland",
    "--socket=pulseaudio",
    "--device=dri",
)


def make_flatpak(plan: BundlePlan, frozen: Path) -> Path:
    """Write `<identifier>.json` with the files beside it, build `<package>.flatpak` if flatpak-builder is there; return one.

    Raises:
        AuthorError: flatpak-builder failed.
        ConfigError: Flatpak does not accept the identifier.
    """
    identifier = plan.config.identifier
    parts = identifier.split(".")
    if len(parts) < 3 or not all(part and not part[0].isdigit() and part.replace("_", "a").isalnum() for part in parts):
        raise ConfigError(
            f"identifier: Flatpak takes three names or more of letters, digits and _, such as org.example.App; "
            f"this is {identifier}"
        )
    folder = plan.into / "flatpak"
    shutil.rmtree(folder, ignore_errors=True)
    files = folder / "files"
    files.mkdir(parents=True)
    make_tree(plan, frozen, files, "flatpak")
    _use_identifier(plan, files)
    manifest = folder / f"{identifier}.json"
    manifest.write_text(json.dumps(_manifest(plan), indent=2) + "\n", "utf-8")
    builder, flatpak = shutil.which("flatpak-builder"), shutil.which("flatpak")
    if builder is None or flatpak is None:
        return manifest
    bundle = folder / f"{plan.package}.flatpak"
    build = [builder, "--user", "--install-deps-from=flathub", "--force-clean", "--repo=repo", "build", manifest.name]
    for command in (build, [flatpak, "build-bundle", "repo", bundle.name, identifier]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            raise AuthorError(
                f"{Path(command[0]).name} failed with status {done.returncode}: {done.stderr.strip()}\nThe manifest is {manifest}; "
                f"{_RUNTIME} and {_SDK}, version {_VERSION}, are taken from the user's remote `flathub`, which "
                "`flatpak remotes --user` must list"
            )
    return bundle


def _use_identifier(plan: BundlePlan, files: Path) -> None:
    """Give icons the name of the application: Flatpak exports no others."""
    identifier = plan.config.identifier
    for icon in files.glob(f"usr/share/icons/hicolor/*/apps/{plan.package}.png"):
        icon.rename(icon.with_name(f"{identifier}.png"))
    entry = files / "usr/share/applications" / f"{identifier}.desktop"
    entry.write_text(entry.read_text("utf-8").replace(f"\nIcon={plan.package}\n", f"\nIcon={identifier}\n"), "utf-8")


def _manifest(plan: BundlePlan) -> dict[str, Any]:
    identifier = plan.config.identifier
    return {
        "id": identifier,
        "runtime": _RUNTIME,
        "runtime-version": _VERSION,
        "sdk": _SDK,
        "command": plan.binary,
        "finish-args": list(_PERMISSIONS),
        "modules": [
            {
                "name": plan.package,
                "buildsystem": "simple",
                "build-commands": ["cp -a usr/. /app/"],
                "sources": [{"type": "dir", "path": "files"}],
            }
        ],
    }
