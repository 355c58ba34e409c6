"""An archive that is unpacked anywhere, with what shows it in the user's own menu and opens its files with it."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

from ._place import placed
from ._plan import BundlePlan
from ._tree import desktop_entry, mime_types

__all__ = ["make_archive"]

_INSTALL = """#!/bin/sh
# Show {name} in the menu of the user who runs this, and open its files with it; `--remove` undoes that.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share="${{XDG_DATA_HOME:-$HOME/.local/share}}"
entry="$share/applications/{identifier}.desktop"
types="$share/mime/packages/{identifier}.xml"
if [ "${{1:-}}" = --remove ]; then
    rm -f "$entry" "$types"
else
    mkdir -p "$share/applications"
    # A replacement of sed has characters of its own.
    there=$(printf %s "$here" | sed -e 's/[&|\\]/\\\\&/g')
    sed -e "s|^Exec={binary}|Exec=\\"$there/{binary}\\"|" -e "s|^Icon=.*|Icon=$there/{package}.png|" \\
        "$here/{identifier}.desktop" > "$entry"
    if [ -e "$here/{identifier}.xml" ]; then
        mkdir -p "$share/mime/packages"
        cp "$here/{identifier}.xml" "$types"
    fi
fi
# What desktops read of them; one without these programs reads the files themselves.
if [ -d "$share/mime/packages" ]; then update-mime-database "$share/mime" 2> /dev/null || true; fi
if [ -d "$share/applications" ]; then update-desktop-database "$share/applications" 2> /dev/null || true; fi
"""


def make_archive(plan: BundlePlan, frozen: Path) -> Path:
    """Make `<package>-<version>-<machine>.tar.gz` and return it."""
    folder = f"{plan.package}-{plan.version}"
    target = plan.into / "tar.gz" / f"{folder}-{os.uname().machine}.tar.gz"
    identifier = plan.config.identifier
    install = _INSTALL.format(name=plan.name, identifier=identifier, binary=plan.binary, package=plan.package)
    types = mime_types(plan)
    with placed(target) as partial, tarfile.open(partial, "w:gz") as archive:
        archive.add(frozen, folder, filter=_owned_by_nobody)
        for name, text, mode in (
            (f"{identifier}.desktop", desktop_entry(plan, plan.binary), 0o644),
            ("install.sh", install, 0o755),
            *([(f"{identifier}.xml", types, 0o644)] if types else []),
        ):
            _add_text(archive, f"{folder}/{name}", text, mode)
        if plan.icons:
            archive.add(plan.icons[-1], f"{folder}/{plan.package}.png", filter=_owned_by_nobody)
    return target


def _owned_by_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _add_text(archive: tarfile.TarFile, name: str, text: str, mode: int) -> None:
    import io

    data = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), mode
    archive.addfile(member, io.BytesIO(data))
