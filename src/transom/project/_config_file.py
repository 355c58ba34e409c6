"""Find the configuration of a project and read it: `tauri.conf.json`, its other forms, and what is for one system."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from ..config import Config, Place, Problem, decode_text, locate, parse_config, parse_value
from ..errors import ConfigError
from ._document import Document, config_error

__all__ = ["document_of", "find_config", "has_config", "load_config", "read_file"]

_NAMES = ("tauri.conf.json", "tauri.conf.json5", "Tauri.toml")
"""The forms of the file, as Tauri looks for them."""
_NAME = _NAMES[0]
_PLACES = ("", "src-tauri")


def load_config(folder: Path) -> Config:
    """Read the configuration of a project: `tauri.conf.json`, or the same as JSON5 or TOML.

    What `tauri.linux.conf.json` (`macos`, `windows`; or JSON5, or `Tauri.linux.toml`) says for this system goes before it, as
    in Tauri: by RFC 7396, so that lists are replaced and `null` removes a field.

    Args:
        folder: The folder that contains the file, or a `src-tauri` folder with the file.

    Returns:
        The values. A `version` that names a `package.json` is replaced with the version in that file.

    Raises:
        ConfigError: There is no file, it cannot be read, it is not of its format, or it does not match the schema.
    """
    path = find_config(folder)
    own = _first(path.parent, _platform_names())
    if path.name == _NAME and own is None:
        raw = read_file(path)
        config = parse_config(raw, str(path))
        fault = partial(locate, decode_text(raw, str(path)), str(path))
    else:
        documents = [Document.read(each) for each in (path, own) if each is not None]
        fault = partial(_fault, documents)
        value = _merged([document.value for document in documents])
        config = parse_value(value, str(path), fault)
        config = msgspec.structs.replace(config, platform_file=None if own is None else str(own))
    if config.version is not None and config.version.endswith(".json"):
        config = msgspec.structs.replace(config, version=_package_version(config, config.version, fault))
    return msgspec.structs.replace(config, unused=(*config.unused, *_unread(config)))


def _merged(values: Sequence[Any]) -> Any:
    """Return what several files say together, the later ones before the earlier ones (RFC 7396)."""
    whole, *patches = values
    for patch in patches:
        whole = _patched(whole, patch)
    return whole


def _patched(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    whole = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            whole.pop(name, None)
        else:
            whole[name] = _patched(whole.get(name), change)
    return whole


def _fault(documents: Sequence[Document], problems: Iterable[Problem]) -> ConfigError:
    """Return the error for problems of what several files say together: each is in the last file that has its place."""
    lines: list[tuple[str, int, str]] = []
    for problem in problems:
        there = [document for document in documents if problem.place in document.lines] or documents[:1]
        lines += there[-1].problems([problem])
    return config_error(
        sorted(lines, key=lambda line: ([document.file for document in documents].index(line[0]), line[1]))
    )


def document_of(config: Config, place: Place) -> Document:
    """Return the file of the configuration that says what stands at a place.

    Raises:
        ConfigError: It can no longer be read.
    """
    documents = [Document.read(Path(file)) for file in config.files]
    return next((document for document in reversed(documents) if place in document.lines), documents[0])


def _unread(config: Config) -> list[str]:
    """Return what lies beside the file, is Tauri's, and is not read, because another form of it goes before."""
    read = {Path(file).name for file in config.files}
    return [
        f"the file {name}"
        for name in (*_NAMES, *_platform_names())
        if name not in read and (config.folder / name).exists()
    ]


def _platform_names() -> tuple[str, ...]:
    platform = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return (f"tauri.{platform}.conf.json", f"tauri.{platform}.conf.json5", f"Tauri.{platform}.toml")


def _first(folder: Path, names: Sequence[str]) -> Path | None:
    return next((path for name in names if (path := folder / name).exists()), None)


def has_config(folder: Path) -> bool:
    """Tell whether a folder is that of a project."""
    return any(_first(folder / place, _NAMES) for place in _PLACES)


def find_config(folder: Path) -> Path:
    """Return the path of the configuration file of a project.

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
        path = _first(folder / place, _NAMES)
        if path is not None:
            return path
    from ..config import MINIMAL

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


def _package_version(config: Config, package: str, fault: Callable[[Sequence[Problem]], ConfigError]) -> str:
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
    text = f'the package file `{path}` {reason}; write the version here, such as "1.0.0"'
    raise fault([Problem(("version",), text)])
