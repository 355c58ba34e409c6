"""Python packages with the front end inside and a command that starts the application: for pip, pipx and uv."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import re
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import ConfigError
from ._place import placed
from ._plan import BundlePlan
from ._tree import build_date
from .requirements import read_requirements

__all__ = ["make_sdist", "make_wheel", "package_of", "python_version", "requirements"]

_LEFT_OUT = {"__pycache__", "build", "dist", "node_modules", "target", "tests", "venv"}
_PRE = re.compile(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)(?:\.(\d+))?)?(?:\+[0-9A-Za-z.-]+)?")
_SHORT = {"alpha": "a", "beta": "b", "rc": "rc"}
_START = '''"""Starts the application, as `python {program}` does in its project."""

import runpy
import sys
from pathlib import Path


def main() -> None:
    program = Path(__file__).resolve().parent / {program!r}
    sys.path.insert(0, str(program.parent))
    runpy.run_path(str(program), run_name="__main__")


if __name__ == "__main__":
    main()
'''
_PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = {name}
version = {version}
description = {summary}
requires-python = ">=3.11"
dependencies = [{requires}]

[project.scripts]
{command} = {entry}

[tool.hatch.build.targets.wheel]
packages = [{module}]
artifacts = [{all_files}]
"""


def make_wheel(plan: BundlePlan) -> Path:
    """Make `<package>-<version>-py3-none-any.whl` and return it.

    Raises:
        ConfigError: The version is not a Python version, or a file is outside the package.
    """
    module, version = _module(plan), python_version(plan.version)
    kind = f"linux_{os.uname().machine}" if plan.sidecars else "any"
    info = f"{module}-{version}.dist-info"
    texts = {
        f"{info}/METADATA": _metadata(plan, version),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: transom\nRoot-Is-Purelib: true\nTag: py3-none-{kind}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{plan.binary} = {package_of(plan)}.__main__:main\n",
    }
    target = plan.into / "wheel" / f"{module}-{version}-py3-none-{kind}.whl"
    day = build_date()
    records = []
    with placed(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as wheel:
        files = [(f"{package_of(plan)}/{name}", data, mode) for name, data, mode in _files(plan)]
        for name, data, mode in [*files, *((name, text.encode(), 0o644) for name, text in texts.items())]:
            member = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (0o100000 | mode) << 16
            wheel.writestr(member, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={digest},{len(data)}\n")
        member = zipfile.ZipInfo(f"{info}/RECORD", (max(day.year, 1980), day.month, day.day, 0, 0, 0))
        member.external_attr = 0o100644 << 16
        wheel.writestr(member, f"{''.join(records)}{info}/RECORD,,\n")
    return target


def make_sdist(plan: BundlePlan) -> Path:
    """Make `<package>-<version>.tar.gz`, from which pip builds the same wheel, and return it.

    Raises:
        ConfigError: The version is not a Python version, or a file is outside the package.
    """
    module, version = _module(plan), python_version(plan.version)
    project = _PROJECT.format(
        name=_quoted(plan.package),
        version=_quoted(version),
        summary=_quoted(plan.summary),
        requires=", ".join(map(_quoted, requirements(plan))),
        command=_quoted(plan.binary),
        entry=_quoted(f"{package_of(plan)}.__main__:main"),
        module=_quoted(package_of(plan)),
        all_files=_quoted(f"{package_of(plan)}/**"),
    )
    folder = f"{module}-{version}"
    target = plan.into / "sdist" / f"{folder}.tar.gz"
    files = [(f"{package_of(plan)}/{name}", data, mode) for name, data, mode in _files(plan)]
    files += [("pyproject.toml", project.encode(), 0o644), ("PKG-INFO", _metadata(plan, version).encode(), 0o644)]
    with (
        placed(target) as partial,
        partial.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        for name, data, mode in files:
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size, member.mode = len(data), mode
            archive.addfile(member, io.BytesIO(data))
    return target


def python_version(version: str) -> str:
    """Return a version in Python's form: `1.0.0-beta.2` is `1.0.0b2`.

    Raises:
        ConfigError: Python has no such version.
    """
    match = _PRE.fullmatch(version.removeprefix("v"))
    if match is None:
        raise ConfigError(
            f"version: `{version}` has no form among Python's; write 1.2.3, 1.2.3-alpha.1, 1.2.3-beta.1 or 1.2.3-rc.1"
        )
    return match[1] + (f"{_SHORT[match[2]]}{match[3] or 0}" if match[2] else "")


def package_of(plan: BundlePlan) -> str:
    """Return the name of the package that has the program: another than that of the project's own modules, which it imports."""
    name, folder = _module(plan), plan.program.parent
    return f"{name}_app" if (folder / name).is_dir() or (folder / f"{name}.py").is_file() else name


def _module(plan: BundlePlan) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", plan.package)
    return name if name[0].isalpha() else f"app_{name}"


def _files(plan: BundlePlan) -> Iterator[tuple[str, bytes, int]]:
    """Yield the files of the package: name in it, content and mode; the project keeps its places."""
    base = plan.program.parent
    # Data beside the folder of the program, such as `../ui`, is in the package too: then the program is in a folder of it.
    inner = base.name if any(place.startswith("..") for _, place in plan.data) else ""
    found: dict[str, Path] = {}
    for source in _sources(base):
        found[str(PurePosixPath(inner) / source.relative_to(base).as_posix())] = source
    for source, place in plan.data:
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file():
                name = os.path.normpath(Path(inner) / place / path.relative_to(source))
                found[name] = path
    for name, source in plan.sidecars.items():
        found[os.path.normpath(Path(inner) / os.path.relpath(plan.config.folder, base) / name)] = source
    start = _START.format(program=str(PurePosixPath(inner) / plan.program.name))
    made = {"__main__.py": start.encode(), "__init__.py": f'"""{plan.name}."""\n'.encode()}
    for name in sorted({*found, *made}):
        if name.startswith("..") or (name in made and name in found and found[name].read_bytes().strip()):
            raise ConfigError(
                f"{found[name]} would be `{name}` in the Python package, which cannot be; move or rename it"
            )
        if name in made:
            yield name, made[name], 0o644
        else:
            path = found[name]
            yield name, path.read_bytes(), 0o755 if path in plan.sidecars.values() else 0o644


def _sources(folder: Path) -> Iterator[Path]:
    """Yield the Python files of a project: neither tests nor what was built."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _LEFT_OUT or (path / "pyvenv.cfg").exists():
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _sources(path)
        elif path.suffix == ".py":
            yield path


def requirements(plan: BundlePlan, *, windows: bool = True) -> list[str]:
    """Return what pip installs too: the project's own list, else transom, with what its windows need.

    Options of a `requirements.txt`, such as `--index-url` or `--hash`, are left out: a package cannot state them.

    Raises:
        ConfigError: A file cannot be read, or names a project that is installed from its folder.
    """
    for folder in dict.fromkeys((plan.program.parent, plan.config.folder, plan.config.folder.parent)):
        project = folder / "pyproject.toml"
        if project.is_file():
            try:
                table: dict[str, Any] = tomllib.loads(project.read_text("utf-8")).get("project") or {}
            except (OSError, ValueError) as error:
                raise ConfigError(f"{project} cannot be read: {error}") from None
            if table.get("dependencies"):
                return [str(each) for each in table["dependencies"]]
        listed = folder / "requirements.txt"
        if listed.is_file():
            return read_requirements(listed)
    if not windows:
        return ["transom"]
    return ["transom[gtk]; sys_platform == 'linux'", "transom[pywebview]; sys_platform != 'linux'"]


def _metadata(plan: BundlePlan, version: str) -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {plan.package}",
        f"Version: {version}",
        f"Summary: {plan.summary}",
        *([f"Home-page: {plan.field('homepage')}"] if plan.field("homepage") else []),
        *([f"License: {plan.field('license')}"] if plan.field("license") else []),
        "Requires-Python: >=3.11",
        *(f"Requires-Dist: {each}" for each in requirements(plan)),
    ]
    return "\n".join(lines) + f"\n\n{plan.field('longDescription', plan.summary)}\n"


def _quoted(text: str) -> str:
    """Return a string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
