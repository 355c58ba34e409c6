"""`transom init`: add the Python side to a front end, or to a project of Tauri."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...errors import ConfigError
from ...project import has_config
from ._program import program_of

__all__ = ["init"]

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Folders in which tools write a built front end.
_BUILT = ("dist", "build", "out", "public", "www")
_VITE_PORT = 5173


def init(folder: Path, name: str | None = None) -> tuple[list[Path], list[Path]]:
    """Write the files that a project lacks; no file that is there is changed.

    The program of a project that `transom migrate` wrote stubs for uses them, and the plugins of its front end.

    Args:
        folder: The project's folder, with a front end, with `src-tauri`, or empty.
        name: The project's name; `None` for that of the folder.

    Returns:
        The files that were written, and those that were there, relative to the folder.

    Raises:
        ConfigError: The name is invalid, or a file cannot be read or written.
    """
    name = re.sub(r"[\s_]+", "-", name or folder.resolve().name).lower()
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r} cannot name a project: use letters, digits and hyphens, such as `word-count`; --name sets it"
        )
    texts = {path: text for path, text in _common(name).items() if path != ".gitignore"}
    if has_config(folder):
        texts["app.py"] = _as_in_tauri(texts["app.py"])
        texts |= program_of(folder, _title(name)) or {}
    else:
        if (folder / "capabilities" / "default.json").exists():
            texts["app.py"] = _as_in_tauri(texts["app.py"])
        texts["tauri.conf.json"] = json.dumps(_configuration(folder, name), indent=2) + "\n"
    if (folder / "src-tauri" / "capabilities").is_dir():
        del texts["capabilities/default.json"]
    elif has_config(folder / "src-tauri"):
        texts["src-tauri/capabilities/default.json"] = texts.pop("capabilities/default.json")
    written, kept = [], []
    try:
        for path, text in sorted(texts.items()):
            file = folder / path
            if file.exists():
                kept.append(Path(path))
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            written.append(Path(path))
    except OSError as error:
        raise ConfigError(f"the project cannot be written to {folder}: {error.strerror}") from None
    return written, kept


def _common(name: str) -> dict[str, str]:
    folder = files("transom.cli") / "templates" / "all"
    words = {"name": name, "title": _title(name)}
    found = {}
    for path in ("app.py.in", "test_app.py.in", "pyproject.toml", "capabilities/default.json"):
        text = folder.joinpath(path).read_text("utf-8")
        found[path.removesuffix(".in")] = re.sub(r"\{\{(\w+)\}\}", lambda match: words[match[1]], text)
    return found


def _as_in_tauri(program: str) -> str:
    """Return the program without strict permissions, for a project whose own capabilities do not name its commands."""
    lines = program.replace(".strict_permissions()", "").splitlines(keepends=True)
    return "".join(line for line in lines if "`allow-<name>`" not in line)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _configuration(folder: Path, name: str) -> dict[str, Any]:
    return {
        "productName": _title(name),
        "version": "0.1.0",
        "identifier": f"com.example.{name}",
        "build": _build(folder),
        "app": {
            "windows": [{"title": _title(name), "width": 800, "height": 600}],
            "security": {"csp": "default-src 'self'"},
        },
    }


def _build(folder: Path) -> dict[str, str]:
    """Return what the front end's own files say about its build."""
    scripts = _package(folder).get("scripts")
    build = {"frontendDist": _built(folder)}
    dev = scripts.get("dev") if isinstance(scripts, dict) else None
    if isinstance(dev, str):
        build["devUrl"] = f"http://localhost:{_port(folder, dev)}"
        build["beforeDevCommand"] = "npm run dev"
    return build


def _package(folder: Path) -> dict[str, Any]:
    file = folder / "package.json"
    try:
        package = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None
    return package if isinstance(package, dict) else {}


def _built(folder: Path) -> str:
    if (folder / "package.json").is_file():
        return "dist"
    return next((name for name in ("ui", *_BUILT) if (folder / name / "index.html").is_file()), ".")


def _port(folder: Path, command: str) -> int:
    """Return the port of a development server: of its command, else of Vite's configuration, else Vite's own."""
    found = re.search(r"--port[ =](\d+)|-p (\d+)", command)
    for file in sorted(folder.glob("vite.config.*")):
        found = found or re.search(r"\bport:\s*(\d+)()", file.read_text("utf-8", errors="replace"))
    return int(found[1] or found[2]) if found else _VITE_PORT
