"""Find the `tauri.conf.json` of a project and read it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from ..config import Config, decode_text, parse_config
from ..errors import ConfigError

__all__ = ["find_config", "load_config", "read_file"]

_NAME = "tauri.conf.json"
_PLACES = ("", "src-tauri")
# Formats that Tauri reads and transom does not; they are refused instead of silently ignored.
_OTHER_NAMES = ("tauri.conf.json5", "Tauri.toml")


def load_config(folder: Path) -> Config:
    """Read the `tauri.conf.json` of a project.

    Args:
        folder: The folder that contains the file, or a `src-tauri` folder with the file.

    Returns:
        The values. A `version` that names a `package.json` is replaced with the version in that file.

    Raises:
        ConfigError: There is no file, it cannot be read, it is not JSON, or it does not match the schema.
    """
    path = find_config(folder)
    raw = read_file(path)
    config = parse_config(raw, str(path))
    if config.version is not None and config.version.endswith(".json"):
        version = _package_version(config, config.version, decode_text(raw, str(path)))
        config = msgspec.structs.replace(config, version=version)
    return msgspec.structs.replace(config, unused=(*config.unused, *_unread(path.parent)))


def _unread(folder: Path) -> list[str]:
    """Return what lies beside the file, is Tauri's, and is not read."""
    return [f"the file {name}" for name in _platform_names() if (folder / name).exists()]


def _platform_names() -> list[str]:
    platform = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return [f"tauri.{platform}.conf.json", f"tauri.{platform}.conf.json5", f"Tauri.{platform}.toml"]


def find_config(folder: Path) -> Path:
    """Return the path of the `tauri.conf.json` of a project.

    Args:
        folder: The folder that contains the file, or a `src-tauri` folder with the file.

    Raises:
        ConfigError: There is none.
    """
    if not folder.is_dir():
        raise ConfigError(
            f"the project folder `{folder}` {'is a file' if folder.exists() else 'does not exist'}; "
            f"pass the folder that contains `{_NAME}`"
        )
    for place in _PLACES:
        path = folder / place / _NAME
        if path.exists():
            return path
    others = [path for place in _PLACES for name in _OTHER_NAMES if (path := folder / place / name).exists()]
    from ..config import MINIMAL

    if others:
        raise ConfigError(
            f"transom does not support this format; write a `{_NAME}` in the same folder", file=str(others[0])
        )
    raise ConfigError(
        f"no `{_NAME}` in `{folder}` or in `{folder / _PLACES[1]}`; "
        f"create one, for example `{folder / _NAME}` with {MINIMAL}"
    )


def read_file(path: Path) -> bytes:
    """Return the bytes of a file of the project.

    Raises:
        ConfigError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"the file cannot be read: {error.strerror}; check its permissions", file=str(path)) from None


def _package_version(config: Config, package: str, text: str) -> str:
    path = config.folder / package
    try:
        data: Any = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except (msgspec.DecodeError, UnicodeDecodeError):
        reason = "is not JSON"
    else:
        version = data.get("version") if isinstance(data, dict) else None
        if isinstance(version, str):
            return version
        reason = "has no `version`" if isinstance(data, dict) else "is not an object"
    from ..config import Problem, locate

    problem = Problem(("version",), f'the package file `{path}` {reason}; write the version here, such as "1.0.0"')
    raise locate(text, config.file, [problem])
