"""The files of a Linux package: the frozen folder, and what a desktop needs to show and open the application."""

from __future__ import annotations

import os
import shlex
import shutil
import struct
import time
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

from ..errors import ConfigError
from ._plan import BundlePlan

__all__ = ["add_files", "build_date", "desktop_entry", "make_tree", "mime_types"]

_PNG = b"\x89PNG\r\n\x1a\n"


def make_tree(plan: BundlePlan, frozen: Path, root: Path, kind: str) -> None:
    """Lay out the files of a package of a kind, such as `deb`, below `root` as they are below `/` when it is installed.

    Raises:
        ConfigError: An icon is no square PNG.
    """
    home = root / "usr" / "lib" / plan.package
    shutil.copytree(frozen, home, symlinks=True)
    plan.described(kind).write(home)
    program = root / "usr" / "bin" / plan.binary
    program.parent.mkdir(parents=True)
    program.symlink_to(f"../lib/{plan.package}/{plan.binary}")
    share = root / "usr" / "share"
    _write(share / "applications" / f"{plan.config.identifier}.desktop", desktop_entry(plan, plan.binary))
    for icon in plan.icons:
        size = _size_of(icon)
        target = share / "icons" / "hicolor" / f"{size}x{size}" / "apps" / f"{plan.package}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(icon, target)
    types = mime_types(plan)
    if types:
        _write(share / "mime" / "packages" / f"{plan.config.identifier}.xml", types)
    _write(share / "metainfo" / f"{plan.config.identifier}.metainfo.xml", _metainfo(plan))
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or _is_program(path, home) else 0o644)


def add_files(plan: BundlePlan, kind: str, root: Path) -> None:
    """Add the files that the configuration has for packages of one kind, such as `bundle.linux.deb.files`.

    Raises:
        ConfigError: One does not exist, or its place is outside the package.
    """
    options = plan.field("linux", {}).get(kind) or {}
    for place, source in (options.get("files") or {}).items():
        path = plan.config.folder / source
        target = root / place.lstrip("/")
        if not path.exists() or ".." in Path(place).parts:
            raise ConfigError(f"bundle.linux.{kind}.files: `{source}` does not exist, or `{place}` leaves the package")
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        else:
            shutil.copy2(path, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _is_program(path: Path, home: Path) -> bool:
    return path.parent == home and path.is_file()  # the application and its sidecars; libraries need no x


def desktop_entry(plan: BundlePlan, program: str) -> str:
    """Return the text of the desktop file (https://specifications.freedesktop.org/desktop-entry-spec).

    Args:
        plan: The project.
        program: The command that starts the application.
    """
    types = [type_ for _, type_, _ in _associations(plan)]
    types += [f"x-scheme-handler/{scheme}" for scheme in plan.schemes]
    opens = f" {'%u' if plan.schemes else '%f'}" if types else ""
    fields = {
        "Type": "Application",
        "Name": plan.name,
        "Comment": plan.summary,
        "Exec": shlex.quote(program) + opens,
        "Icon": plan.package,
        "Terminal": "false",
        "Categories": f"{plan.category};",
        "StartupWMClass": plan.binary,
    }
    if types:
        fields["MimeType"] = "".join(f"{type_};" for type_ in types)
    lines = [f"{key}={_one_line(value)}" for key, value in fields.items()]
    return "\n".join(["[Desktop Entry]", *lines, ""])


def _one_line(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").split())


def _associations(plan: BundlePlan) -> list[tuple[list[str], str, str]]:
    """Return extensions, MIME type and description of every file association."""
    found = []
    for each in plan.field("fileAssociations", ()):
        extensions = [extension.lstrip(".") for extension in each["ext"]]
        name = each.get("mimeType") or f"application/x-{plan.package}-{extensions[0]}"
        found.append((extensions, name, each.get("description") or each.get("name") or f"{plan.name} document"))
    return found


def mime_types(plan: BundlePlan) -> str:
    """Return the types of `bundle.fileAssociations` (shared-mime-info); empty without any."""
    entries = [
        f'  <mime-type type="{escape(name)}">\n    <comment>{escape(description)}</comment>\n'
        + "".join(f'    <glob pattern="*.{escape(extension)}"/>\n' for extension in extensions)
        + "  </mime-type>\n"
        for extensions, name, description in _associations(plan)
    ]
    if not entries:
        return ""
    opening = '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{"".join(entries)}</mime-info>\n'


def _metainfo(plan: BundlePlan) -> str:
    """Return the description for software centres (AppStream)."""
    identifier = plan.config.identifier
    paragraphs = str(plan.field("longDescription", plan.summary)).strip().split("\n\n")
    homepage = plan.field("homepage")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<component type="desktop-application">',
        f"  <id>{escape(identifier)}</id>",
        f"  <name>{escape(plan.name)}</name>",
        f"  <summary>{escape(plan.summary.rstrip('.'))}</summary>",
        "  <metadata_license>CC0-1.0</metadata_license>",
        f"  <project_license>{escape(plan.field('license', 'LicenseRef-proprietary'))}</project_license>",
        "  <description>",
        *(f"    <p>{escape(' '.join(paragraph.split()))}</p>" for paragraph in paragraphs),
        "  </description>",
        *([f'  <url type="homepage">{escape(homepage)}</url>'] if homepage else []),
        f'  <launchable type="desktop-id">{escape(identifier)}.desktop</launchable>',
        "  <releases>",
        f'    <release version="{escape(plan.version)}" date="{build_date().isoformat()}"/>',
        "  </releases>",
        "</component>",
        "",
    ]
    return "\n".join(lines)


def build_date() -> date:
    """Return the day of the build: that of `SOURCE_DATE_EPOCH`, for builds that can be repeated, else today."""
    return datetime.fromtimestamp(float(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC).date()


def _size_of(icon: Path) -> int:
    head = icon.read_bytes()[:24]
    if not head.startswith(_PNG) or len(head) < 24:
        raise ConfigError(f"bundle.icon: {icon} is not a PNG file; `transom icon` makes icons from one picture")
    width, height = struct.unpack(">II", head[16:24])
    if width != height:
        raise ConfigError(f"bundle.icon: {icon} is {width} x {height}; an icon must be square")
    return int(width)
