"""An archive that is unpacked anywhere, with a desktop file for the user's own menu."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

from ._plan import BundlePlan
from ._tree import desktop_entry

__all__ = ["make_archive"]

_INSTALL = """#!/bin/sh
# Show {name} in the menu of the user who runs this; `--remove` takes it out again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
menu="${{XDG_DATA_HOME:-$HOME/.local/share}}/applications"
if [ "${{1:-}}" = --remove ]; then
    rm -f "$menu/{identifier}.desktop"
    exit
fi
mkdir -p "$menu"
sed "s|^Exec={binary}|Exec=\\"$here/{binary}\\"|" "$here/{identifier}.desktop" > "$menu/{identifier}.desktop"
"""


def make_archive(plan: BundlePlan, frozen: Path) -> Path:
    """Make `<package>-<version>-<machine>.tar.gz` and return it."""
    folder = f"{plan.package}-{plan.version}"
    target = plan.into / "tar.gz" / f"{folder}-{os.uname().machine}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    identifier = plan.config.identifier
    install = _INSTALL.format(name=plan.name, identifier=identifier, binary=plan.binary)
    with tarfile.open(partial, "w:gz") as archive:
        archive.add(frozen, folder, filter=_owned_by_nobody)
        for name, text, mode in (
            (f"{identifier}.desktop", desktop_entry(plan, plan.binary), 0o644),
            ("install.sh", install, 0o755),
        ):
            _add_text(archive, f"{folder}/{name}", text, mode)
    partial.replace(target)
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
