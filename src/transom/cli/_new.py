"""`transom new` and `transom plugin new`: make a project that runs, and a package with a plugin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ..acl import OFFICIAL_PLUGINS
from ..errors import ConfigError

__all__ = ["TEMPLATES", "name_of_project", "new", "new_plugin"]

# Template -> what it makes. Add here and a folder in `templates` to have another; `templates/all` is part of each, and
# `templates/vite` of those in `_LANGUAGES`.
TEMPLATES = {
    "single": "one Python file with one HTML file beside it",
    "vanilla": "a front end in plain HTML, CSS and JavaScript",
    "vanilla-ts": "a front end in TypeScript, built with Vite (needs npm)",
    "react-ts": "the same with React",
    "vue-ts": "the same with Vue",
    "svelte-ts": "the same with Svelte",
}
_LANGUAGES = {"vanilla-ts": "TypeScript", "react-ts": "React", "vue-ts": "Vue", "svelte-ts": "Svelte"}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLUGIN_PREFIX = "transom-plugin-"
_OF_GUESTS = ("guest-js/", "package.json", "tsconfig.json")
# Git would apply the names with the dot to the templates themselves.
_RENAMED = {"gitignore": ".gitignore"}


def new(folder: Path, template: str) -> list[Path]:
    """Make a project.

    Args:
        folder: Where; its last part is the project's name. It is made if it does not exist.
        template: A key of `TEMPLATES`.

    Returns:
        The files, relative to the folder, sorted.

    Raises:
        ConfigError: The name is invalid, the folder is not empty, or it cannot be written.
    """
    name = name_of_project(folder)
    words = {"name": name, "title": name.replace("-", " ").capitalize(), "language": _LANGUAGES.get(template, "")}
    common, own = _texts("all"), _texts(template)
    if template in _LANGUAGES:
        own = {**_texts("vite"), **own}
    return _write(folder, {**common, **own, ".gitignore": common[".gitignore"] + own.get(".gitignore", "")}, words)


def name_of_project(folder: Path) -> str:
    """Return the name of a project in a folder.

    Raises:
        ConfigError: The folder's name cannot be one.
    """
    name = re.sub(r"[\s_]+", "-", folder.resolve().name).lower()
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"{folder.resolve().name!r} cannot name a project: use letters, digits and hyphens, such as `word-count`"
        )
    return name


def new_plugin(name: str, folder: Path | None = None, *, with_api: bool = True) -> tuple[Path, list[Path]]:
    """Make a Python package with a plugin, and an npm package with its functions for front ends.

    Args:
        name: The plugin's name; `transom-plugin-` before it is left out.
        folder: Where; it is made if it does not exist. `None` for `transom-plugin-<name>` in the current folder.
        with_api: Make the npm package too.

    Returns:
        The folder, and the files relative to it, sorted.

    Raises:
        ConfigError: The name is invalid or that of an official plugin, the folder is not empty, or it cannot be written.
    """
    name = name.removeprefix(_PLUGIN_PREFIX)
    if not _NAME.fullmatch(name) or not name[0].isalpha():
        raise ConfigError(
            f"{name!r} cannot name a plugin: use lower-case letters, digits and hyphens, such as `word-count`"
        )
    if name in OFFICIAL_PLUGINS or name == "core":
        raise ConfigError(f"{name} is the name of a plugin of Tauri; choose another, such as `my-{name}`")
    package = _PLUGIN_PREFIX + name
    words = {"name": name, "package": package, "module": package.replace("-", "_")}
    folder = Path(package) if folder is None else folder
    texts = {path.replace("MODULE", words["module"]): text for path, text in _texts("plugin").items()}
    if not with_api:
        texts = {path: text for path, text in texts.items() if not path.startswith(_OF_GUESTS)}
    return folder, _write(folder, texts, words)


def _write(folder: Path, texts: Mapping[str, str], words: Mapping[str, str]) -> list[Path]:
    """Write the files of a new folder and return their paths in it, sorted.

    Raises:
        ConfigError: The folder is not empty, or it cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty; name a new folder, or empty this one")
        for path, text in texts.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_filled(text, words), "utf-8")
    except OSError as error:
        raise ConfigError(f"the project cannot be written to {folder}: {error.strerror}") from None
    return sorted(map(Path, texts))


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: words[match[1]], text)


def _texts(template: str) -> dict[str, str]:
    """Return the texts of a template's files by their paths in the project."""
    return dict(_walk(files("transom.cli") / "templates" / template, ""))


def _walk(folder: Traversable, before: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        # `.in` keeps tools that look for Python files from the templates.
        path = before + _RENAMED.get(entry.name, entry.name).removesuffix(".in")
        if entry.is_dir():
            yield from _walk(entry, f"{path}/")
        else:
            yield path, entry.read_text("utf-8")
