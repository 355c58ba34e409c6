"""What runtimes and authors must know of the configuration."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import context
from transom.app import Builder, Context, generate_context
from transom.config import AssetProtocolConfig, Config, FsScope, SecurityConfig
from transom.core import PluginBuilder, _settings, asset_scope_of, headers_of, isolation_of, policy_of
from transom.core._settings import DEFAULT_CSP
from transom.errors import ConfigError
from transom.handles import PathResolver
from transom.runtimes import Isolation


def _with_security(**security: Any) -> Config:
    config = context().config
    app = msgspec.structs.replace(config.app, security=SecurityConfig(**security))
    return msgspec.structs.replace(config, app=app)


@pytest.mark.parametrize(
    ("csp", "policy"),
    [
        (None, None),
        ("default-src 'none'", "default-src 'none'"),
        ({"default-src": "'self'", "img-src": ["'self'", "data:"]}, "default-src 'self'; img-src 'self' data:"),
        (msgspec.UNSET, DEFAULT_CSP),
    ],
)
def test_the_content_security_policy(csp: Any, policy: str | None) -> None:
    assert policy_of(_with_security(csp=csp)) == policy


def test_the_asset_protocol_reads_what_its_scope_allows_links_resolved(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.png").touch()
    (inside / "link.png").symlink_to(outside / "a.png")
    (inside / ".hidden").touch()
    allow = (f"{inside.resolve()}/*",)
    for literal, hidden in ((None, False), (False, True), (True, False)):
        scope = asset_scope_of(
            _with_security(
                asset_protocol=AssetProtocolConfig(
                    enable=True, scope=FsScope(allow=allow, require_literal_leading_dot=literal)
                )
            )
        )
        files = (inside / "a.png", outside / "a.png", inside / "link.png", inside / ".hidden")
        assert [scope.allows(file.resolve()) for file in files] == [True, False, False, hidden]


@pytest.mark.parametrize("enable", [True, False])
def test_the_asset_protocol_is_off_unless_it_is_enabled(enable: bool) -> None:
    config = _with_security(asset_protocol=AssetProtocolConfig(enable=enable))
    app = Builder().build(Context(config=config), "mock")
    app._start("mock", "run")
    assert (app._core._runtime.settings.asset_scope is not None) is enable  # type: ignore[attr-defined, union-attr]


def test_every_folder_that_the_system_has_can_begin_a_scope() -> None:
    config = _with_security(asset_protocol=AssetProtocolConfig(enable=True))
    variables = PathResolver(config).variables()
    assert {
        "APPDATA",
        "APPCONFIG",
        "APPLOCALDATA",
        "APPCACHE",
        "APPLOG",
        "HOME",
        "TEMP",
        "RESOURCE",
    } <= variables.keys()
    for name, folder in variables.items():
        allow = (f"${name}/pictures/*",)
        scope = asset_scope_of(
            _with_security(asset_protocol=AssetProtocolConfig(enable=True, scope=FsScope(allow=allow)))
        )
        assert scope.allows(Path(folder, "pictures", "a.png"))
        assert not scope.allows(Path(folder, "a.png"))


@pytest.mark.parametrize(
    ("dev_csp", "development", "policy"),
    [("img-src *", True, "img-src *"), ("img-src *", False, "img-src 'self'"), (None, True, "img-src 'self'")],
)
def test_development_can_have_a_policy_of_its_own(dev_csp: str | None, development: bool, policy: str) -> None:
    config = _with_security(csp="img-src 'self'", dev_csp=dev_csp)
    assert policy_of(config, development=development) == policy


def test_header_fields_are_written_as_tauri_writes_them() -> None:
    headers = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Timing-Allow-Origin": ("https://a.example", "https://b.example"),
        "Permissions-Policy": {"camera": "()", "usb": "self"},
        "Tauri-Custom-Header": None,
    }
    assert headers_of(_with_security(headers=headers)) == (
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Timing-Allow-Origin", "https://a.example, https://b.example"),
        ("Permissions-Policy", "camera (); usb self"),
    )
    with pytest.raises(ConfigError, match=r"app.security.headers.X: 'a\\nb' cannot be sent; a value is one line"):
        headers_of(_with_security(headers={"X": "a\nb"}))


def test_the_isolation_pattern_is_kept_or_the_application_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = msgspec.structs.replace(
        _with_security(pattern={"use": "isolation", "options": {"dir": "isolation"}}), folder=tmp_path
    )

    def start(runtime: str = "web", *, by_message: bool = False) -> Isolation | None:
        return isolation_of(config, runtime, invoke_by_message=by_message)

    with pytest.raises(
        ConfigError, match=r"no file index.html in .*isolation; build it first, or correct the field `dir`"
    ):
        start()
    (tmp_path / "isolation").mkdir()
    (tmp_path / "isolation" / "index.html").write_text("<!doctype html>")
    assert start() is not None
    assert start("webkitgtk") is not None
    assert start("mock") is None  # its pages have no frames
    assert start("pywebview") is not None
    with pytest.raises(
        ConfigError, match="the runtime other has no isolation pattern; pywebview and web and webkitgtk"
    ):
        start("other")
    with pytest.raises(ConfigError, match="calls of Builder.invoke_system do not go through the isolation application"):
        start(by_message=True)
    monkeypatch.setattr(_settings, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"which is not installed: pip install 'transom\[isolation\]'"):
        start()
    assert isolation_of(_with_security(), "web", invoke_by_message=True) is None


def test_one_warning_names_everything_that_has_no_effect(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = {
        "identifier": "org.example.x",
        "build": {"frontendDist": ".", "beforeDevCommand": "npm run dev", "features": []},
        "bundle": {"active": True, "icon": ["a.png"]},
        "app": {"enableGTKAppId": True, "macOSPrivateApi": False},
        "plugins": {"updater": {}, "own": {}},
    }
    (tmp_path / "tauri.conf.json").write_bytes(msgspec.json.encode(config))
    builder = Builder().setup(lambda handle: handle.exit(0)).plugin(PluginBuilder("own").build())
    with caplog.at_level(logging.WARNING, "transom"):
        assert builder.run(generate_context(tmp_path, development=False), "mock") == 0
    [line] = [record.getMessage() for record in caplog.records]
    assert line == (
        f"{tmp_path / 'tauri.conf.json'}: without effect in this version of transom: "
        "app.enableGTKAppId, plugins.updater (no plugin of this name is added)"
    )
