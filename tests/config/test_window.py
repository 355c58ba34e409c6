from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Any

import pytest

from transom.config import WindowConfig, window_config
from transom.errors import ConfigError


def test_what_a_page_writes_is_what_a_configuration_file_writes() -> None:
    options = window_config(
        {
            "label": "x",
            "width": 5,
            "theme": "dark",
            "titleBarStyle": "overlay",
            "backgroundColor": "#102030",
            "maxWidth": None,
            "preventOverflow": {"width": 1, "height": 2},
            "unheardOf": [1],
        }
    )
    assert options == WindowConfig(
        label="x",
        width=5,
        theme="Dark",
        title_bar_style="Overlay",
        background_color=(16, 32, 48, 255),
        prevent_overflow={"width": 1, "height": 2},
    )


@pytest.mark.parametrize("color", ["#fff", "ffffff", [255, 255, 255], {"red": 255, "green": 255, "blue": 255}])
def test_a_color_has_many_forms(color: Any) -> None:
    assert window_config({"label": "x", "backgroundColor": color}).background_color == (255, 255, 255, 255)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "label"),
        ({"label": 1}, "label"),
        ({"label": "x", "width": "1"}, "width"),
        ({"label": "x", "theme": "pink"}, "theme"),
        ({"label": "x", "visible": 1}, "visible"),
        ({"label": "x", "backgroundColor": [1]}, "backgroundColor"),
        ({"label": "x", "width": [], "height": {}}, "height"),
        ({"label": "x", "userAgent": "a\nb"}, "userAgent"),
        ({"label": "x", "dataDirectory": "../a"}, "dataDirectory"),
    ],
)
def test_what_is_wrong_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        window_config(options)


@pytest.mark.parametrize("folder", ["C:a", "/a", "C:/a", "a/../../b"])
def test_on_windows_no_page_chooses_another_drive(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transom.config._window.PurePath", PureWindowsPath)
    with pytest.raises(ConfigError, match="leads out of the application's folder"):
        window_config({"label": "x", "dataDirectory": folder})
    assert window_config({"label": "x", "dataDirectory": "a/b"}).data_directory == "a/b"
