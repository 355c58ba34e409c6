"""The application's name, version, authors and description, from its configuration and its Python package."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ...config import Config

__all__ = ["PackageInfo", "package_info"]

# Folders above `tauri.conf.json` in which a project's `pyproject.toml` may be: `src/<package>/src-tauri` is the deepest.
_LEVELS = 3


class PackageInfo(NamedTuple):
    """The application's name, version, authors and description.

    Attributes:
        name: `productName` of `tauri.conf.json`, else the package's name, else the identifier.
        version: `version` of `tauri.conf.json`, else the package's, else `0.0.0`.
        authors: Names, with the address where there is one: `Ada <ada@example.org>`.
        description: One line; empty when there is none.
    """

    name: str
    version: str
    authors: tuple[str, ...] = ()
    description: str = ""


def package_info(config: Config) -> PackageInfo:
    """Return what is known of an application (Tauri: the same, with `Cargo.toml` for the package)."""
    package = _installed(config.folder) or _project(config.folder) or PackageInfo(config.identifier, "0.0.0")
    return package._replace(name=config.product_name or package.name, version=config.version or package.version)


@cache  # what is installed is looked through
def _installed(folder: Path) -> PackageInfo | None:
    """Return what the installed distribution with the package in this folder says."""
    from importlib import metadata  # slow to import, and rarely needed

    for entry in map(Path, sys.path):
        if entry.is_absolute() and entry in folder.parents:
            package = folder.relative_to(entry).parts[0]
            for name in metadata.packages_distributions().get(package, []):
                distribution = metadata.distribution(name)
                # Another project's package may have the same name.
                if Path(str(distribution.locate_file(package))) == entry / package:
                    return _of_metadata(distribution.metadata)
    return None


def _of_metadata(found: Any) -> PackageInfo:
    authors = [text for key in ("Author", "Author-email") for text in found.get_all(key, [])]
    return PackageInfo(found["Name"], found["Version"], tuple(authors), found.get("Summary") or "")


def _project(folder: Path) -> PackageInfo | None:
    """Return what the project's `pyproject.toml` says: the program runs from its sources."""
    import tomllib

    for above in (folder, *folder.parents[:_LEVELS]):
        try:
            project = tomllib.loads((above / "pyproject.toml").read_text("utf-8"))["project"]
            return PackageInfo(
                project["name"],
                project.get("version", "0.0.0"),
                tuple(_author(author) for author in project.get("authors", ())),
                project.get("description", ""),
            )
        except (OSError, ValueError, KeyError):  # not there, not readable, or a file of other tools only
            continue
    return None


def _author(author: Mapping[str, str]) -> str:
    name, email = author.get("name"), author.get("email")
    return f"{name} <{email}>" if name and email else name or email or ""
