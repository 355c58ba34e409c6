from __future__ import annotations

import base64
from pathlib import Path

import msgspec
import pytest

from tests.mock_app import Running, running
from transom.runtimes import SetTheme, Theme
from transom.runtimes._mock import MockRejection

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel
LOCAL = '{"identifier": "all", "windows": ["*"], "permissions": ["core:app:allow-%s"]}'


def test_a_page_learns_what_its_application_is() -> None:
    with running() as application:
        ask = application.page.invoke
        info = application.app.package_info()
        assert ask("plugin:app|name") == info.name
        assert ask("plugin:app|version") == info.version
        assert ask("plugin:app|identifier") == "org.example.mock"
        assert str(ask("plugin:app|tauri_version")).startswith("2.")
        assert ask("plugin:app|bundle_type") is None
        assert ask("plugin:app|supports_multiple_windows") is True


def allow(application: Running, command: str) -> None:
    application.app.add_capability(LOCAL % command)


@pytest.mark.parametrize(
    ("name", "args", "result"),
    [
        ("app_show", {}, None),
        ("app_hide", {}, None),
        ("set_dock_visibility", {"visible": False}, None),
        ("fetch_data_store_identifiers", {}, []),
        ("remove_data_store", {"uuid": [0] * 16}, None),
    ],
)
def test_what_only_apple_has_does_nothing_once_it_is_allowed(
    name: str, args: dict[str, object], result: object
) -> None:
    with running() as application:
        with pytest.raises(MockRejection, match="not allowed by ACL"):
            application.page.invoke(f"plugin:app|{name}", args)
        application.app.add_capability(LOCAL % name.replace("_", "-"))
        assert application.page.invoke(f"plugin:app|{name}", args) == result


def test_a_page_ends_the_application_with_its_code() -> None:
    with running() as application:
        application.app.add_capability(LOCAL % "exit")
        application.page.send("plugin:app|exit", {"code": 7})
        assert application.ended() == 7


def test_the_icon_of_the_application_is_an_image_of_the_page(tmp_path: Path) -> None:
    png = base64.b64decode(PNG)
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons/icon.png").write_bytes(png)
    with running() as application:
        page, config = application.page, application.core.config
        allow(application, "default-window-icon")
        assert page.invoke("plugin:app|default_window_icon") is None
        icons = {"icon": ["icons/icon.icns", "icons/missing.png", "icons/icon.png"]}
        application.core.config = msgspec.structs.replace(config, folder=tmp_path, bundle=icons)
        rid = page.invoke("plugin:app|default_window_icon")
        assert page.invoke("plugin:image|size", {"rid": rid}) == {"width": 1, "height": 1}
        (tmp_path / "icons/icon.png").write_bytes(b"no image")
        with pytest.raises(MockRejection):
            page.invoke("plugin:app|default_window_icon")


def test_a_theme_is_that_of_every_window() -> None:
    with running() as application:
        application.open("other")
        allow(application, "set-app-theme")
        for theme in ("dark", "light", None):
            assert application.page.invoke("plugin:app|set_app_theme", {"theme": theme}) is None
        asked = [(op.label, op.theme) for op in application.runtime.performed if isinstance(op, SetTheme)]
        assert asked == [(label, theme) for theme in (Theme.DARK, Theme.LIGHT, None) for label in ("main", "other")]
        with pytest.raises(MockRejection, match="invalid args `theme`"):
            application.page.invoke("plugin:app|set_app_theme", {"theme": "blue"})
