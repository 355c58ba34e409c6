from __future__ import annotations

import pytest

from tests.mock_app import running
from transom.runtimes._mock import MockRejection

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
