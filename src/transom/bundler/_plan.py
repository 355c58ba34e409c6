"""What is to be bundled: the program, its data and its names, checked before anything is built."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import Any

import msgspec

from ..config import Config
from ..errors import ConfigError
from ..plugins import shell, updater

__all__ = ["BundlePlan", "plan_of"]

_CATEGORIES = {  # Tauri's categories -> those of https://specifications.freedesktop.org/menu-spec
    "Business": "Office",
    "DeveloperTool": "Development",
    "Education": "Education",
    "Entertainment": "Network",
    "Finance": "Office",
    "Game": "Game",
    "GraphicsAndDesign": "Graphics",
    "HealthcareAndFitness": "Science",
    "Lifestyle": "Education",
    "Medical": "Science",
    "Music": "AudioVideo",
    "News": "Network",
    "Photography": "Graphics",
    "Productivity": "Office",
    "Reference": "Education",
    "SocialNetworking": "Network",
    "Sports": "Network",
    "Travel": "Network",
    "Utility": "Utility",
    "Video": "AudioVideo",
    "Weather": "Science",
}


class BundlePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A checked project, ready to be bundled.

    Attributes:
        config: Its configuration.
        program: The file that runs the application.
        name: The product's name, for people.
        package: The name of packages and of the program's folder: `Word Count` is `word-count`.
        binary: The name of the program: `mainBinaryName`, or the package's.
        version: The product's version.
        data: The application's files and folders, each with its place relative to the folder of the program.
        sidecars: The files of `bundle.externalBin`, by the names that the application asks for.
        icons: The PNG files of `bundle.icon`.
        category: The desktop's category.
        into: The folder that gets the bundles.
    """

    config: Config
    program: Path
    name: str
    package: str
    binary: str
    version: str
    data: tuple[tuple[Path, str], ...]
    sidecars: dict[str, Path]
    icons: tuple[Path, ...]
    category: str
    into: Path

    def field(self, name: str, default: Any = None) -> Any:
        """Return a field of `bundle`; the default when it is missing or `null`."""
        value = self.config.bundle.get(name)
        return default if value is None else value

    def read(self, field: str, name: str) -> str:
        """Return the text of a file that a field names.

        Raises:
            ConfigError: It cannot be read; the text names the field.
        """
        path = self.config.folder / name
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{field}: {path} cannot be read: {error}") from None

    def described(self, kind: str) -> updater.Bundle:
        """Return what a bundle says of itself, for the plugin updater."""
        return updater.Bundle(
            type=kind,
            package=self.package,
            identifier=self.config.identifier,
            version=self.version,
            machine=platform.machine(),
        )

    @property
    def summary(self) -> str:
        """One line about the product."""
        return str(self.field("shortDescription") or f"{self.name}, a desktop application").splitlines()[0]

    @property
    def schemes(self) -> tuple[str, ...]:
        """The address schemes of the plugin deep-link that the desktop hands to the application."""
        desktop = (self.config.plugins.get("deep-link") or {}).get("desktop") or {}
        entries = desktop if isinstance(desktop, list) else [desktop]
        return tuple(scheme for entry in entries for scheme in entry.get("schemes") or ())


def plan_of(config: Config, program: Path, into: Path | None = None) -> BundlePlan:
    """Check a project and return what its bundles are made of.

    Args:
        config: The project's configuration.
        program: The file that runs the application.
        into: The folder for the bundles; `None` for `target/bundle` beside the program.

    Raises:
        ConfigError: A field that a bundle needs is missing or wrong, or names a file that does not exist; the text lists
            every one.
    """
    program = program.resolve()
    problems: list[str] = []
    name = config.product_name or program.parent.name
    version = config.version or "0.1.0"
    package = re.sub(r"[^a-z0-9+.-]+", "-", name.lower()).strip("-+.")
    if len(package) < 2:
        problems.append(
            f"productName: `{name}` has too few letters and digits a to z for the name of a package; change it"
        )
    binary = config.main_binary_name or package
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9+._-]*", binary):
        problems.append(
            f"mainBinaryName: `{binary}` is not the name of a program; write letters, digits and -, _, . or +"
        )
    category = config.bundle.get("category") or "Utility"
    if category not in _CATEGORIES:
        problems.append(f"bundle.category: there is no category `{category}`; there are {', '.join(_CATEGORIES)}")
    data = _data(config, program.parent, problems)
    sidecars = _sidecars(config, problems)
    icons = _icons(config, problems)
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise ConfigError(f"the project cannot be bundled:{listed}", file=config.file)
    return BundlePlan(
        config=config,
        program=program,
        name=name,
        package=package,
        binary=binary,
        version=version,
        data=tuple(data),
        sidecars=sidecars,
        icons=tuple(icons),
        category=_CATEGORIES.get(category, "Utility"),
        into=into or program.parent / "target" / "bundle",
    )


def _data(config: Config, base: Path, problems: list[str]) -> list[tuple[Path, str]]:
    """Return the project's files with their places: as they lie in the project, so that its program finds them."""
    folder = config.folder
    found = [Path(file).resolve() for file in config.files]
    found += [path for name in ("capabilities", "permissions") if (path := folder / name).exists()]
    frontend = config.frontend
    if frontend is None and config.frontend_url is None:
        problems.append("build.frontendDist: it is missing; a bundle needs the folder of the built front end")
    paths = frontend if isinstance(frontend, tuple) else () if frontend is None else (frontend,)
    for path in paths:
        if path.exists():
            found.append(path)
        else:
            problems.append(
                f"build.frontendDist: {path} does not exist; build the front end, or set beforeBuildCommand"
            )
    pattern = config.app.security.pattern
    if pattern.get("use") == "isolation":
        found.append(Path(os.path.normpath(folder / pattern["options"]["dir"])))
    tray = config.app.tray_icon
    if tray is not None:
        found.append(folder / tray.icon_path)
    found += [folder / icon for icon in config.bundle.get("icon") or () if (folder / icon).is_file()]
    placed = [(path, os.path.relpath(path, base)) for path in found]
    placed += _resources(config, base, problems)
    for path, place in placed:
        if place.startswith(f"..{os.sep}..") or Path(place).is_absolute():
            problems.append(f"{path} is too far outside the folder of the program, {base}; move the program beside it")
    return list(dict.fromkeys(placed))


def _resources(config: Config, base: Path, problems: list[str]) -> list[tuple[Path, str]]:
    """Return the files of `bundle.resources`: a list keeps their places, a table names them (Tauri: the same)."""
    resources = config.bundle.get("resources") or []
    folder = config.folder
    found: list[tuple[Path, str]] = []
    for pattern in resources:
        matches = sorted(folder.glob(pattern)) if not Path(pattern).is_absolute() else []
        if not matches:
            problems.append(
                f"bundle.resources: `{pattern}` matches no file in {folder}; correct the pattern, or make the files first"
            )
        for path in matches:
            target = os.path.relpath(path, folder)
            if isinstance(resources, dict):
                whole = pattern == os.path.relpath(path, folder)
                wanted = resources[pattern]
                target = wanted if whole and wanted and not wanted.endswith("/") else os.path.join(wanted, path.name)  # noqa: PTH118 - may be empty
            if ".." in Path(target).parts:
                problems.append(
                    f"bundle.resources: `{target}` would be outside the application's folder; choose a target inside it"
                )
            found.append((path, os.path.relpath(folder / target, base)))
    return found


def _sidecars(config: Config, problems: list[str]) -> dict[str, Path]:
    found = {}
    for entry in config.bundle.get("externalBin") or ():
        triple = shell.target_triple()
        candidates = (config.folder / f"{entry}-{triple}", config.folder / entry)
        path = next((each for each in candidates if each.is_file()), None)
        if path is None:
            problems.append(
                f"bundle.externalBin: `{entry}-{triple}` does not exist in {config.folder}; add the program under this name"
            )
        else:
            found[Path(entry).name] = path
    return found


def _icons(config: Config, problems: list[str]) -> list[Path]:
    icons = []
    for name in config.bundle.get("icon") or ():
        path = config.folder / name
        if not path.is_file():
            problems.append(f"bundle.icon: {path} does not exist; `transom icon` makes icons from one picture")
        elif path.suffix.lower() == ".png":
            icons.append(path)
    return icons
