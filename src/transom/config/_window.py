"""The options of one window, as `new WebviewWindow(label, options)` in a page and `app.windows` write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

import msgspec

from ..errors import ConfigError
from ._color import rgba
from ._model import WindowConfig
from ._schema import WINDOW
from .rules import ROOT, Report, apply, show_place

__all__ = ["window_config"]

# The page's client writes these in lower case, and the configuration file with a capital.
_CAPITAL = ("theme", "titleBarStyle")


def _user_agent_problem(value: Any) -> str | None:
    # It becomes a header field of every request.
    return (
        "it has a character that no header field may have"
        if isinstance(value, str) and not value.isprintable()
        else None
    )


def _data_directory_problem(value: Any) -> str | None:
    # Tauri: a page does not choose a folder outside of the application's.
    # On Windows, `C:a` and `/a` lead elsewhere too, and are not absolute.
    if not isinstance(value, str) or not (PurePath(value).anchor or ".." in PurePath(value).parts):
        return None
    return "it leads out of the application's folder; write a relative path without `..`"


_PROBLEMS: dict[str, Callable[[Any], str | None]] = {
    "userAgent": _user_agent_problem,
    "dataDirectory": _data_directory_problem,
}


def window_config(options: Mapping[str, Any]) -> WindowConfig:
    """Return the options of a window.

    Args:
        options: Names as in `tauri.conf.json`. `None` stands for a field's default, and other names are ignored: Tauri's
            client has options for other systems.

    Raises:
        ConfigError: A value is wrong; the text names every one.
    """
    data = {name: value for name, value in options.items() if value is not None and name in WINDOW.fields}
    label = data.pop("label", None)  # whose characters are checked where a window or webview is made
    if not isinstance(label, str):
        raise ConfigError("label: it is missing; a window or webview has a text such as `main`")
    for name in _CAPITAL:
        if isinstance(data.get(name), str):
            data[name] = data[name].capitalize()
    report = Report()
    apply(WINDOW, data, ROOT, report)
    for name in ("userAgent", "dataDirectory"):
        if problem := _PROBLEMS[name](data.get(name)):
            report.add((name,), problem)
    if report.problems:
        raise ConfigError("; ".join(f"{show_place(problem.place)}: {problem.text}" for problem in report.problems))
    if "backgroundColor" in data:
        data["backgroundColor"] = rgba(data["backgroundColor"])
    return msgspec.convert(data | {"label": label}, WindowConfig)
