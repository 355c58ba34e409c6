"""A package for Fedora, openSUSE and their relatives."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from ..errors import AuthorError
from ._place import placed
from ._plan import BundlePlan
from ._tree import add_files, make_tree

__all__ = ["make_rpm"]

# The names of Fedora; openSUSE's packages provide them too.
_DEPENDS = ("webkit2gtk4.1", "gtk3", "gobject-introspection")
_COMPRESSIONS = {"gzip": "gzdio", "zstd": "zstdio", "xz": "xzdio", "bzip2": "bzdio"}
_SCRIPTS = {
    "preInstallScript": "pre",
    "postInstallScript": "post",
    "preRemoveScript": "preun",
    "postRemoveScript": "postun",
}


def make_rpm(plan: BundlePlan, frozen: Path) -> Path:
    """Make the package and return its file.

    Raises:
        AuthorError: rpmbuild is missing, or failed.
        ConfigError: A file that the configuration names does not exist, or an icon is none.
    """
    if shutil.which("rpmbuild") is None:
        raise AuthorError("the target rpm needs rpmbuild, which is not on this machine: apt install rpm")
    options: dict[str, Any] = plan.field("linux", {}).get("rpm") or {}
    with tempfile.TemporaryDirectory(prefix="transom-rpm-") as scratch:
        top = Path(scratch)
        root = top / "root"
        root.mkdir()
        make_tree(plan, frozen, root, "rpm")
        add_files(plan, "rpm", root)
        spec = top / "package.spec"
        spec.write_text(_spec(plan, options, root), "utf-8")
        defines = {"_topdir": str(top), "_rpmdir": str(top / "made"), "_dbpath": str(top / "db")}
        command = ["rpmbuild", "-bb", "--buildroot", str(top / "buildroot"), str(spec)]
        command += [word for name, value in defines.items() for word in ("--define", f"{name} {value}")]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            raise AuthorError(f"rpmbuild failed: {done.stderr.strip()}")
        [made] = (top / "made").rglob("*.rpm")
        target = plan.into / "rpm" / made.name
        with placed(target) as partial:
            shutil.move(made, partial)
    return target


def _spec(plan: BundlePlan, options: dict[str, Any], root: Path) -> str:
    version, _, before = plan.version.partition("-")  # 1.0.0-beta is older than 1.0.0: its release begins with 0
    release = f"0.{before.replace('-', '.')}" if before else str(options.get("release") or "1")
    lines = [
        # Nothing in the bundle is to be changed, and what its libraries need is in it or in the packages below.
        "%global __os_install_post %{nil}",
        "%global _build_id_links none",
        "%global debug_package %{nil}",
        *_compression(options),
        f"Name: {plan.package}",
        f"Version: {version}",
        f"Release: {release}",
        *([f"Epoch: {options['epoch']}"] if options.get("epoch") else []),
        f"Summary: {_plain(plan.summary)}",
        f"License: {_plain(plan.field('license', 'Proprietary'))}",
        *([f"URL: {_plain(plan.field('homepage'))}"] if plan.field("homepage") else []),
        *([f"Packager: {_plain(plan.field('publisher'))}"] if plan.field("publisher") else []),
        "AutoReqProv: no",
        *(f"Requires: {name}" for name in (*_DEPENDS, *(options.get("depends") or ()))),
        *(
            f"{field.capitalize()}: {_plain(name)}"
            for field in ("recommends", "provides", "conflicts", "obsoletes")
            for name in options.get(field) or ()
        ),
        "%description",
        _plain(str(plan.field("longDescription", plan.summary))),
        "%install",
        f"mkdir -p %{{buildroot}} && cp -a '{root}/.' %{{buildroot}}/",
        *_scripts(plan, options),
        "%files",
        "%defattr(-,root,root,-)",
        *(f'"/{path.relative_to(root)}"' for path in sorted(root.rglob("*")) if path.is_symlink() or path.is_file()),
        f'%dir "/usr/lib/{plan.package}"',
    ]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace("%", "%%")  # else a macro of rpm's


def _compression(options: dict[str, Any]) -> list[str]:
    chosen = options.get("compression")
    if chosen is None or chosen["type"] == "none":
        return [] if chosen is None else ["%global _binary_payload w0.gzdio"]
    return [f"%global _binary_payload w{chosen['level']}.{_COMPRESSIONS[chosen['type']]}"]


def _scripts(plan: BundlePlan, options: dict[str, Any]) -> list[str]:
    lines = []
    for field, section in _SCRIPTS.items():
        if options.get(field):
            lines += [f"%{section}", _plain(plan.read(f"bundle.linux.rpm.{field}", options[field]))]
    return lines
