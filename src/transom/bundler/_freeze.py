"""A folder that runs without an installed Python, made by PyInstaller."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..errors import AuthorError, ConfigError
from ._place import placed
from ._plan import BundlePlan
from ._system_libraries import libraries_of_webkit
from .pyinstaller import get_hook_dirs

__all__ = ["freeze"]

_CONTENTS = "_internal"

# Packages that others take where they are installed, and that bring tens of megabytes: anyio and watchfiles name trio. A
# program that uses one names it somewhere in its own files.
_OF_OTHERS = ("trio",)
_NOT_OURS = frozenset({"target", "node_modules", "build", "dist"})

# Runs inside PyInstaller: what WebKitGTK brings with it must come from the system, as its own processes load it from there.
_SPEC = """
analysis = Analysis([{program!r}], pathex=[{folder!r}], hookspath={hooks!r}, hiddenimports={hidden!r}, excludes={excluded!r}, noarchive=False)
system = {system!r}
analysis.binaries = [entry for entry in analysis.binaries if entry[0] not in system]
analysis.datas = [entry for entry in analysis.datas if not entry[0].startswith(("share/", "gi_typelibs/", "gio_modules/"))]
analysis.binaries = [entry for entry in analysis.binaries if not entry[0].startswith("gio_modules/")]
analysis.scripts = [entry for entry in analysis.scripts if not entry[0].startswith(("pyi_rth_gi", "pyi_rth_glib"))]
exe = EXE(PYZ(analysis.pure), analysis.scripts, [], exclude_binaries=True, name={binary!r}, console=True, upx=False)
COLLECT(exe, analysis.binaries, analysis.datas, name={name!r}, upx=False)
"""


def freeze(plan: BundlePlan) -> Path:
    """Make the folder and return it. One that was there is replaced when the new one is whole.

    Raises:
        AuthorError: PyInstaller is not installed, or failed; its output is shown.
        ConfigError: A file of the project is where it cannot be bundled.
    """
    if importlib.util.find_spec("PyInstaller") is None:
        raise AuthorError("transom build needs PyInstaller: pip install 'transom[build]'")
    target = plan.into / "dir" / plan.package
    with tempfile.TemporaryDirectory(prefix="transom-build-") as scratch:
        spec = Path(scratch) / "application.spec"
        spec.write_text(_spec(plan), "utf-8")
        made = _run(spec, Path(scratch)) / plan.package
        _strip(made)
        _copy_data(plan, made)
        plan.described("dir").write(made)
        with placed(target) as partial:
            shutil.move(made, partial)
    return target


def _spec(plan: BundlePlan) -> str:
    isolated = plan.config.app.security.pattern.get("use") == "isolation"
    return _SPEC.format(
        program=str(plan.program),
        folder=str(plan.program.parent),
        hidden=["cryptography.hazmat.primitives.ciphers.aead"] if isolated else [],
        excluded=[name for name in _OF_OTHERS if not _names(plan.program.parent, name)],
        hooks=get_hook_dirs(),
        system=sorted(libraries_of_webkit()),
        name=plan.package,
        binary=plan.binary,
    )


def _names(folder: Path, package: str) -> bool:
    """Return whether a Python file of the project names a package."""
    word = re.compile(rf"\b{package}\b")
    for place, folders, files in os.walk(folder):
        is_environment = "pyvenv.cfg" in files
        folders[:] = [] if is_environment else [name for name in folders if name not in _NOT_OURS and name[0] != "."]
        for name in [] if is_environment else files:
            if name.endswith(".py") and word.search(Path(place, name).read_text("utf-8", "replace")):
                return True
    return False


def _run(spec: Path, scratch: Path) -> Path:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", str(scratch / "dist"), "--workpath", str(scratch / "work"), str(spec)]
    # A cache of its own: two builds at once would disturb each other.
    environment = {**os.environ, "PYINSTALLER_CONFIG_DIR": str(scratch / "cache")}
    done = subprocess.run(
        command, cwd=scratch, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise AuthorError(f"PyInstaller failed with status {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
    return scratch / "dist"


def _strip(made: Path) -> None:
    """Remove the debugging symbols of Python's own libraries, which are most of it where Python was built from source."""
    strip = shutil.which("strip")
    libraries = [*made.glob(f"{_CONTENTS}/libpython*.so*"), *made.glob(f"{_CONTENTS}/python*/lib-dynload/*.so")]
    if strip is not None and libraries:
        subprocess.run([strip, "--strip-unneeded", *map(str, libraries)], capture_output=True, check=False)


def _copy_data(plan: BundlePlan, made: Path) -> None:
    contents = made / _CONTENTS
    for source, place in plan.data:
        target = Path(os.path.normpath(contents / place))
        if not target.is_relative_to(made):
            raise ConfigError(f"{source} would lie outside the bundle; move the program into its folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    for name, source in plan.sidecars.items():
        target = made / name
        shutil.copy2(source, target)
        target.chmod(0o755)
