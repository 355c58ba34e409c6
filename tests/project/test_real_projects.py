"""What the files of public Tauri projects contain that the documentation does not show: each has to be read and used."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from transom.acl import OFFICIAL_PLUGINS
from transom.app import Builder, Context, generate_context
from transom.testing import Rejected, running
from transom.v1 import Builder as OldBuilder

_ICONS = ["icons/32x32.png", "icons/128x128@2x.png", "icons/icon.icns", "icons/icon.ico"]
_BUNDLE = {"active": True, "targets": "all", "icon": _ICONS}
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "an identifier of one word": {"identifier": "clippy"},
    "an identifier with an underscore": {"identifier": "com.random_questions.app"},
    "the version of another file": {"version": "../package.json"},
    "plugins without a configuration": {"plugins": {"dialog": None, "opener": None, "updater": {"active": False}}},
    "a plugin that nobody knows": {"plugins": {"oauth": {"google": {"clientId": "%ID%"}}}},
    "windows made by the program": {"app": {"windows": [], "security": {"csp": None}}},
    "windows as on macOS": {
        "app": {
            "macOSPrivateApi": True,
            "windows": [
                {
                    "titleBarStyle": "Overlay",
                    "hiddenTitle": True,
                    "trafficLightPosition": {"x": 20, "y": 22},
                    "shadow": False,
                    "backgroundColor": "#010511",
                    "incognito": True,
                }
            ],
        }
    },
    "a capability in the configuration": {
        "app": {
            "windows": [{}],
            "security": {
                "capabilities": [{"identifier": "c", "windows": ["main"], "permissions": ["core:window:default"]}]
            },
        }
    },
    "a policy for assets and streams": {
        "app": {
            "windows": [{}],
            "security": {
                "csp": "default-src 'self' tauri: asset:; connect-src 'self' data: stream: http://stream.localhost ws: wss:",
                "devCsp": "default-src 'self'; connect-src ipc: http://localhost:1420 ws://localhost:1420",
                "assetProtocol": {"enable": True, "scope": ["**", "$DATA/App/cache/**"]},
            },
        }
    },
    "packages of every system": {
        "bundle": {
            **_BUNDLE,
            "targets": ["app", "deb", "rpm", "dmg", "appimage", "nsis", "msi"],
            "resources": {"../packaging/runtime/": "runtime/"},
            "externalBin": ["binaries/side"],
            "createUpdaterArtifacts": True,
            "iOS": {"developmentTeam": ""},
            "android": {"versionCode": 13154, "debugApplicationIdSuffix": ".debug"},
            "macOS": {
                "signingIdentity": "-",
                "entitlements": None,
                "exceptionDomain": "",
                "dmg": {"background": "b.png"},
            },
            "linux": {
                "deb": {"depends": [], "files": {"/usr/share/metainfo/x.xml": "../x.xml"}},
                "rpm": {"depends": []},
            },
            "windows": {
                "wix": None,
                "webviewInstallMode": {"type": "skip"},
                "nsis": {
                    "installMode": "both",
                    "installerHooks": "hooks.nsh",
                    "minimumWebview2Version": "110.0.1531.0",
                },
            },
        }
    },
}
OLD: dict[str, dict[str, Any]] = {
    "of a first release": {
        "bundle": {
            **_BUNDLE,
            "identifier": "com.tauri.dev",
            "deb": {"depends": [], "useBootstrapper": False},
            "macOS": {"useBootstrapper": False, "providerShortName": None, "exceptionDomain": "localhost"},
            "windows": {"certificateThumbprint": None, "digestAlgorithm": "sha256", "timestampUrl": ""},
        },
        "updater": {"active": False},
        "allowlist": {"fs": {"scope": ["$APP", "$APP/**/*"], "readFile": True}, "path": {"all": True}},
    },
    "that allows everything": {
        "bundle": {"identifier": "com.tauri.Carpe", "resources": [".github/redist/gmp.dll"]},
        "allowlist": {"all": True, "fs": {"all": True}},
    },
    "with a tray": {
        "bundle": {"identifier": "com.two-clips", "resources": {"libs": "./"}},
        "allowlist": {"all": False, "shell": {"all": False, "open": True, "scope": []}},
        "windows": [{"fileDropEnabled": False, "focus": False, "visible": False, "hiddenTitle": True}],
    },
    "whose policy lacks quotes": {
        "bundle": {"identifier": "com.memes.dev"},
        "allowlist": {
            "protocol": {"all": True, "asset": True, "assetScope": ["**"]},
            "dialog": {"all": True, "ask": True},
        },
        "security": {"csp": {"default-src": "self", "img-src": "'self' asset: https://asset.localhost"}},
    },
}


def _context(folder: Path, configuration: dict[str, Any], *capabilities: dict[str, Any]) -> Context:
    home = folder / "src-tauri"
    for name in (folder / "dist", home / "capabilities"):
        name.mkdir(parents=True)
    (folder / "dist/index.html").touch()
    (folder / "package.json").write_text('{"version": "3.1.4"}')
    (home / "tauri.conf.json").write_text(json.dumps(configuration))
    for number, capability in enumerate(capabilities):
        (home / f"capabilities/{number}.json").write_text(json.dumps(capability))
    return generate_context(folder)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_configuration_is_read_and_used(tmp_path: Path, name: str) -> None:
    whole = {"identifier": "com.example.app", "build": {"frontendDist": "../dist"}, "app": {"windows": [{}]}}
    context = _context(tmp_path, {**whole, "bundle": _BUNDLE, **CONFIGURATIONS[name]})
    Builder().build(context, "mock").handle()
    assert context.config.version == ("3.1.4" if "version" in CONFIGURATIONS[name] else None)


@pytest.mark.parametrize("name", OLD)
def test_a_configuration_of_tauri_1_is_read_and_used(tmp_path: Path, name: str) -> None:
    context = _context(tmp_path, {"build": {"distDir": "../dist"}, "tauri": {"windows": [{}], **OLD[name]}})
    with running(OldBuilder().builder(), context):
        assert context.config.generation == "1.x"


def test_the_scopes_of_real_capabilities_are_read_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    capabilities = [
        {"identifier": "empty", "platforms": ["linux", "macOS", "windows"], "windows": ["main"], "permissions": []},
        {"identifier": "of no window", "permissions": ["window-state:default", "updater:default"]},
        {
            "identifier": "of another system",
            "platforms": ["windows"],
            "windows": ["main"],
            "permissions": ["fs:read-all"],
        },
        {"identifier": "of strangers", "windows": ["main"], "permissions": ["decorum:allow-show-snap-overlay"]},
        {
            "identifier": "migrated",
            "local": True,
            "windows": ["main", "*"],
            "permissions": [
                "core:default",
                "fs:allow-exists",
                "fs:allow-remove",
                "fs:allow-remove",
                {"identifier": "fs:scope", "allow": ["$APPDATA", "$APPDATA/**/*", "$RESOURCE/../**", "/data/**/*"]},
                {"identifier": "fs:scope", "allow": ["$APPDATA", "$APPDATA/**/*"]},
                "fs:allow-log-read-recursive",
                {"identifier": "http:default", "allow": [{"url": "https://*/**/*"}, {"url": "http://*:**"}]},
                {"identifier": "http:default", "allow": [{"url": "http://127.0.0.1*/"}, {"url": "https://*:*"}]},
                "http:default",
                {"identifier": "opener:allow-open-url", "allow": [{"url": "http://*"}, {"url": "https://*"}]},
                "global-shortcut:allow-register-all",
                {"identifier": "shell:allow-spawn", "allow": [{"name": "node", "cmd": "node", "args": True}]},
                {"identifier": "dialog:allow-open"},
            ],
        },
    ]
    app = {"identifier": "com.example.app", "build": {"frontendDist": "../dist"}, "app": {"windows": [{}]}}
    context = _context(tmp_path, app, *capabilities)
    builder = Builder()
    for name in ("dialog", "fs", "global-shortcut", "http", "opener", "shell", "updater", "window-state"):
        assert name in OFFICIAL_PLUGINS
        builder.plugin(importlib.import_module(f"transom.plugins.{name.replace('-', '_')}").init())
    with running(builder, context) as application:
        path = tmp_path / "data/com.example.app/sub/file"
        assert application.page.invoke("plugin:fs|exists", path=str(path)) is False
        with pytest.raises(Rejected, match="forbidden path"):
            application.page.invoke("plugin:fs|exists", path="/etc/hosts")
        request = {"method": "GET", "url": "http://nowhere.example:81/", "headers": [], "data": None}
        assert isinstance(application.page.invoke("plugin:http|fetch", clientConfig=request), int)
