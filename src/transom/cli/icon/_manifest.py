"""Reads a manifest of `tauri icon`: a JSON file that names the pictures of an icon (tauri-cli, `icon.rs`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from ...errors import ConfigError
from ...names import nearest_name

__all__ = ["Manifest", "read_manifest"]

_LARGEST_SCALE = 1000  # percent


class Manifest(NamedTuple):
    """What the icons are drawn from.

    Attributes:
        default: The picture of every icon that has none of its own.
        color: What is behind icons that cannot be transparent; `None` if the caller chooses it.
        background: The picture behind the icons of Android; `None` for the colour.
        foreground: The picture of Android's icons; `None` for the default.
        monochrome: The picture of Android's icons in the colours of a theme; `None` for none.
        scale: How large the foreground is in icons of Android with one layer, in percent; `None` for as it is.
    """

    default: Path
    color: str | None = None
    background: Path | None = None
    foreground: Path | None = None
    monochrome: Path | None = None
    scale: float | None = None


class _File(msgspec.Struct):
    default: str
    bg_color: str | None = None
    android_bg: str | None = None
    android_fg: str | None = None
    android_monochrome: str | None = None
    android_fg_scale: float | None = None


def read_manifest(file: Path, warn: Callable[[str], object]) -> Manifest:
    """Read a manifest; its paths are relative to it.

    Args:
        file: The JSON file.
        warn: Called with one sentence that names all fields without a meaning.

    Raises:
        ConfigError: It cannot be read, is no JSON, lacks `default` or has a value of another type.
    """
    try:
        data = file.read_bytes()
        given = msgspec.json.decode(data, type=_File)
        fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}; name a square PNG or SVG file, or a manifest") from None
    except ValueError as error:  # msgspec's errors, and text that is not UTF-8
        reason = str(error)[:1].lower() + str(error)[1:]
        example = '{"default": "app-icon.png", "bg_color": "#fff"}'
        raise ConfigError(f"{file} is not a manifest of icons: {reason}; write it as {example}") from None
    if given.android_fg_scale is not None and not 0 < given.android_fg_scale <= _LARGEST_SCALE:
        raise ConfigError(
            f"{file}: android_fg_scale is {given.android_fg_scale:g}, but percent from 1 to {_LARGEST_SCALE}"
        )
    _warn_of_unknown(file, list(fields), warn)
    pictures = (given.android_bg, given.android_fg, given.android_monochrome)
    background, foreground, monochrome = (file.parent / name if name else None for name in pictures)
    return Manifest(
        file.parent / given.default, given.bg_color, background, foreground, monochrome, given.android_fg_scale
    )


def _warn_of_unknown(file: Path, names: list[str], warn: Callable[[str], object]) -> None:
    known = _File.__struct_fields__
    unknown = [name for name in names if name not in known and name != "$schema"]
    if not unknown:
        return
    meant = [(name, nearest_name(name, known)) for name in unknown]
    text = ", ".join(f"{name} (did you mean {near}?)" if near else name for name, near in meant)
    warn(f"{file}: these fields have no meaning and are ignored: {text}; a manifest has {', '.join(known)}")
