"""The options of one window, as `new WebviewWindow(label, options)` in a page and `app.windows` write them."""

from __future__ import annotations

from collections.abc import Mapping
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
        raise ConfigError("label: a window or webview needs one, a text")
    for name in _CAPITAL:
        if isinstance(data.get(name), str):
            data[name] = data[name].capitalize()
    report = Report()
    apply(WINDOW, data, ROOT, report)
    if report.problems:
        raise ConfigError("; ".join(f"{show_place(problem.place)}: {problem.text}" for problem in report.problems))
    if "backgroundColor" in data:
        data["backgroundColor"] = rgba(data["backgroundColor"])
    return msgspec.convert(data | {"label": label}, WindowConfig)
