"""Parse the text of a `tauri.conf.json` into its values, or raise one error that lists every problem in it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..errors import ConfigError
from ._color import rgba
from ._effect import unused_fields
from ._model import Config
from ._schema import CONFIG, places_of
from .rules import ROOT, Place, Problem, Report, apply
from .v1 import CONFIG as CONFIG_V1
from .v1 import is_v1, translate

__all__ = ["decode_text", "parse_config", "parse_value"]

# Fields of Tauri 2 -> those of Tauri 1, in the names of what has no effect.
_OF_V1 = {
    "app.macOSPrivateApi": "tauri.macOSPrivateApi",
    "app.security.dangerousDisableAssetCspModification": "tauri.security.dangerousDisableAssetCspModification",
    "app.trayIcon": "tauri.systemTray",
}
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"\s*+(:?)')


def parse_config(text: str | bytes, file: str) -> Config:
    """Parse the text of a `tauri.conf.json`, of Tauri 2 or Tauri 1; see `Config.generation`.

    Args:
        text: The whole text; bytes must be UTF-8.
        file: The file's path, for error messages; paths in the file are relative to its folder.

    Returns:
        The values, with Tauri's defaults for missing fields.

    Raises:
        ConfigError: The text is not JSON or does not match the schema. The error lists every problem with its line.
    """
    source = decode_text(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, file)
    try:
        data: Any = msgspec.json.decode(source)
    except (msgspec.DecodeError, RecursionError) as error:
        from ._explain import not_json

        raise not_json(source, file, str(error)) from None
    repeats = not _keys_are_unique(source, data)

    def fault(problems: Sequence[Problem]) -> ConfigError:
        from ._explain import locate

        return locate(source, file, problems)

    return parse_value(data, file, fault, flawed=repeats)


def parse_value(
    data: Any, file: str, fault: Callable[[Sequence[Problem]], ConfigError], *, flawed: bool = False
) -> Config:
    """Parse what a configuration says, whichever files and formats it comes from; see `parse_config`.

    Args:
        data: The decoded value, which is changed.
        file: The path of the (first) file, for error messages; paths in it are relative to its folder.
        fault: Returns the error for problems.
        flawed: Whether to call `fault` even if the value has no problem.

    Raises:
        ConfigError: The value does not match the schema.
    """
    of_v1 = is_v1(data)
    report = Report(None if of_v1 else places_of)
    apply(CONFIG_V1 if of_v1 else CONFIG, data, ROOT, report)
    _check_labels(data, report, "tauri" if of_v1 else "app")
    if report.problems or flawed:
        raise fault(report.problems)
    only_v1: list[str] = []
    if of_v1:
        data, only_v1 = translate(data)
    unused = [_OF_V1.get(name, name) if of_v1 else name for name in unused_fields(data)]
    _unify(data)
    data |= {"folder": Path(file).absolute().parent, "file": file, "unused": [*unused, *only_v1]}
    data["generation"] = "1.x" if of_v1 else "2.x"
    return msgspec.convert(data, Config)


def decode_text(raw: bytes, file: str) -> str:
    """Decode the bytes of a project file.

    Args:
        raw: The bytes of the whole file.
        file: The file's path, for the error message.

    Returns:
        The text.

    Raises:
        ConfigError: The bytes are not UTF-8, or start with a byte order mark.
    """
    if raw.startswith(codecs.BOM_UTF8):
        raise ConfigError(
            "the file starts with a byte order mark, which JSON does not allow; save it as UTF-8 without BOM",
            file=file,
            line=1,
        )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigError("the file is UTF-16, but JSON must be UTF-8; save it as UTF-8 without BOM", file=file, line=1)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"the byte 0x{raw[error.start]:02x} is not UTF-8, but JSON must be; save the file as UTF-8",
            file=file,
            line=line,
        ) from None


def _keys_are_unique(text: str, data: object) -> bool:
    """Return whether every key is unique in its object.

    The decoder silently keeps the last of two equal keys, so the text then has more keys than the data. In valid JSON,
    a string followed by a colon is a key.
    """
    count = 0
    todo = [data]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            count += len(value)
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
    return _STRINGS.findall(text).count(":") == count


def _check_labels(data: Any, report: Report, table: str) -> None:
    """Report windows with the same label. Values that are not windows have been reported already."""
    app = data.get(table) if isinstance(data, dict) else None
    windows = app.get("windows") if isinstance(app, dict) else None
    if not isinstance(windows, list):
        return
    seen: dict[str, int] = {}
    for index, window in enumerate(windows):
        label = window.get("label", "main") if isinstance(window, dict) else None
        if not isinstance(label, str):
            continue
        place: Place = (table, "windows", index)
        first = seen.setdefault(label, index)
        if first == index:
            continue
        taken = f"`{label}`, which is already the label of {table}.windows[{first}]; give each window a different label"
        if "label" in window:
            report.add((*place, "label"), f"the label is {taken}")
        else:
            report.add(place, f"without `label` the window is {taken}")


def _unify(data: dict[str, Any]) -> None:
    """Convert fields with several notations into the form of the model."""
    app = data.get("app", {})
    for window in app.get("windows", ()):
        if window.get("backgroundColor") is not None:
            window["backgroundColor"] = rgba(window["backgroundColor"])
    protocol = app.get("security", {}).get("assetProtocol", {})
    if isinstance(protocol.get("scope"), list):
        protocol["scope"] = {"allow": protocol["scope"]}
