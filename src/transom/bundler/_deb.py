"""A package for Debian, Ubuntu and their relatives."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, time
from email.utils import format_datetime
from pathlib import Path

from ..errors import AuthorError
from ._place import placed
from ._plan import BundlePlan
from ._tree import add_files, build_date, make_tree

__all__ = ["make_deb"]

# WebKitGTK and GTK come from the system, as with Tauri; PyGObject, in the bundle, needs their typelibs.
_DEPENDS = ("libc6", "libgirepository-1.0-1", "gir1.2-gtk-3.0", "gir1.2-webkit2-4.1", "libwebkit2gtk-4.1-0")
# What lintian holds against a program that brings its own Python.
_ON_PURPOSE = (
    "custom-library-search-path",
    "embedded-library",
    "hardening-no-pie",
    "library-not-linked-against-libc",
    "no-manual-page",
    "shared-library-lacks-prerequisites",
    "unstripped-binary-or-object",
)
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "armhf", "i686": "i386", "riscv64": "riscv64"}


def make_deb(plan: BundlePlan, frozen: Path) -> Path:
    """Make the package and return its file.

    Raises:
        AuthorError: dpkg-deb is missing, or failed.
        ConfigError: A file that the configuration names does not exist, or an icon is none.
    """
    if shutil.which("dpkg-deb") is None:
        raise AuthorError("the target deb needs dpkg-deb, which is not on this machine: apt install dpkg")
    options = plan.field("linux", {}).get("deb") or {}
    architecture = _ARCHITECTURES.get(os.uname().machine, os.uname().machine)
    target = plan.into / "deb" / f"{plan.package}_{_debian_version(plan)}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="transom-deb-") as scratch:
        root = Path(scratch) / "root"
        root.mkdir()
        make_tree(plan, frozen, root, "deb")
        _add_documents(plan, options, root)
        add_files(plan, "deb", root)
        control = root / "DEBIAN"
        control.mkdir()
        (control / "control").write_text(_control(plan, options, architecture, _kibibytes(root)), "utf-8")
        _add_scripts(plan, options, control)
        made = Path(scratch) / target.name
        command = ["dpkg-deb", "--root-owner-group", "--build", str(root), str(made)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            raise AuthorError(f"dpkg-deb failed: {done.stderr.strip()}")
        with placed(target) as partial:
            shutil.move(made, partial)
    return target


def _debian_version(plan: BundlePlan) -> str:
    return plan.version.replace("-", "~")  # 1.0.0~beta is older than 1.0.0


def _maintainer(plan: BundlePlan) -> str:
    """Return `bundle.publisher` with an address, which every package has."""
    publisher: str = plan.field("publisher", plan.name)
    return publisher if "<" in publisher else f"{publisher} <unknown@{plan.config.identifier}>"


def _kibibytes(root: Path) -> int:
    return sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir()) // 1024 + 1


def _control(plan: BundlePlan, options: dict[str, object], architecture: str, size: int) -> str:
    def listed(name: str, more: tuple[str, ...] = ()) -> str:
        given = options.get(name) or ()
        assert isinstance(given, list | tuple)  # the schema
        return ", ".join(dict.fromkeys((*more, *given)))

    description = [
        " ".join(line.split()) or "." for line in str(plan.field("longDescription", "")).strip().splitlines()
    ]
    fields = {
        "Package": plan.package,
        "Version": _debian_version(plan),
        "Architecture": architecture,
        "Maintainer": _maintainer(plan),
        "Installed-Size": str(size),
        "Depends": listed("depends", _DEPENDS),
        **{name.capitalize(): listed(name) for name in ("recommends", "provides", "conflicts", "replaces")},
        "Section": str(options.get("section") or "misc"),
        "Priority": str(options.get("priority") or "optional"),
        "Homepage": str(plan.field("homepage", "")),
        "Description": "\n ".join([plan.summary, *(description or [f"{plan.name}, version {plan.version}."])]),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


def _add_documents(plan: BundlePlan, options: dict[str, object], root: Path) -> None:
    """Add the licence and the changelog, which every package has."""
    folder = root / "usr" / "share" / "doc" / plan.package
    folder.mkdir(parents=True)
    licence = plan.field("licenseFile")
    text = (
        plan.read("bundle.licenseFile", str(licence))
        if licence
        else f"License: {plan.field('license', 'proprietary')}\n"
    )
    holder = plan.field("copyright", f"Copyright {build_date().year} the authors of {plan.name}")
    (folder / "copyright").write_text(f"{plan.name}\n{holder}\n\n{text}", "utf-8")
    changelog = options.get("changelog")
    entry = (
        plan.read("bundle.linux.deb.changelog", str(changelog))
        if changelog
        else f"{plan.package} ({_debian_version(plan)}) stable; urgency=medium\n\n  * Version {plan.version}.\n\n"
        f" -- {_maintainer(plan)}  {format_datetime(datetime.combine(build_date(), time(12), UTC))}\n"
    )
    (folder / "changelog.gz").write_bytes(gzip.compress(entry.encode(), 9, mtime=0))
    overrides = root / "usr" / "share" / "lintian" / "overrides" / plan.package
    overrides.parent.mkdir(parents=True)
    overrides.write_text("".join(f"{plan.package}: {tag}\n" for tag in _ON_PURPOSE), "utf-8")


def _add_scripts(plan: BundlePlan, options: dict[str, object], control: Path) -> None:
    names = {
        "preInstallScript": "preinst",
        "postInstallScript": "postinst",
        "preRemoveScript": "prerm",
        "postRemoveScript": "postrm",
    }
    for field, name in names.items():
        source = options.get(field)
        if source:
            script = control / name
            script.write_text(plan.read(f"bundle.linux.deb.{field}", str(source)), "utf-8")
            script.chmod(0o755)
