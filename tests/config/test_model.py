"""Tests of the values of a file and their defaults."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from transom.config import AppConfig, AssetProtocolConfig, BuildConfig, Config, FsScope, SecurityConfig, WindowConfig

APP = Path("/project/src-tauri")


def config(frontend_dist: str | tuple[str, ...] | None) -> Config:
    return Config(
        folder=APP, file="tauri.conf.json", identifier="com.example.app", build=BuildConfig(frontend_dist=frontend_dist)
    )


@pytest.mark.parametrize(
    ("frontend_dist", "folder", "url"),
    [
        (None, None, None),
        ("dist", APP / "dist", None),
        ("../dist", Path("/project/dist"), None),
        ("./", APP, None),
        ("/srv/dist", Path("/srv/dist"), None),
        ("https://app.example.com/x", None, "https://app.example.com/x"),
        ("my-app://localhost", None, "my-app://localhost"),
        (("index.html", "../js"), (APP / "index.html", Path("/project/js")), None),
    ],
)
def test_the_front_end_is_a_folder_beside_the_file_a_list_or_a_url(
    frontend_dist: str | tuple[str, ...] | None, folder: Path | tuple[Path, ...] | None, url: str | None
) -> None:
    assert config(frontend_dist).frontend == folder
    assert config(frontend_dist).frontend_url == url


def test_the_defaults_are_those_of_tauri() -> None:
    window = WindowConfig()

    assert (window.label, window.url, window.title) == ("main", "index.html", "Tauri App")
    assert (window.width, window.height, window.x, window.y) == (800, 600, None, None)
    assert (window.min_width, window.min_height, window.max_width, window.max_height) == (None, None, None, None)
    assert all((window.create, window.visible, window.focus, window.resizable, window.decorations))
    assert not any((window.center, window.fullscreen, window.maximized, window.always_on_top, window.transparent))
    assert (window.theme, window.devtools, window.background_color) == (None, None, None)
    assert AppConfig() == AppConfig(windows=(), security=SecurityConfig(), with_global_tauri=False)
    assert SecurityConfig().csp is msgspec.UNSET
    assert SecurityConfig().dev_csp is None
    assert SecurityConfig().asset_protocol == AssetProtocolConfig(enable=False, scope=FsScope(allow=(), deny=()))
    assert SecurityConfig().pattern == {"use": "brownfield"}


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        config("dist").identifier = "com.example.other"  # type: ignore[misc]
