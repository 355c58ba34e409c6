"""A configuration of Tauri 1 and the files that it is migrated to mean the same."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from transom.config import Config, migrate_config, parse_config
from transom.errors import ConfigError

FILE = "/p/src-tauri/tauri.conf.json"
BUNDLE = {"identifier": "org.example.one"}
# What is in the file beside the identifier.
FILES: dict[str, dict[str, Any]] = {
    "the least": {"tauri": {"bundle": BUNDLE}},
    "package and build": {
        "package": {"productName": "One", "version": "1.2.3"},
        "build": {"distDir": "../dist", "devPath": "http://localhost:5173", "withGlobalTauri": True, "beforeDevCommand": "npm run dev"},
        "tauri": {"bundle": BUNDLE},
    },
    "windows and security": {
        "tauri": {
            "bundle": BUNDLE,
            "windows": [{"label": "a", "theme": "dark", "fileDropEnabled": False, "width": 500}, {"label": "b", "url": "b.html"}],
            "security": {"csp": "default-src 'self'", "freezePrototype": True},
            "pattern": {"use": "brownfield"},
            "systemTray": {"iconPath": "icon.png"},
        }
    },
    "an allowlist with scopes": {
        "tauri": {
            "bundle": BUNDLE,
            "allowlist": {
                "fs": {"readFile": True, "scope": ["$APP/*"]},
                "http": {"all": True, "scope": ["https://example.org/*"]},
                "protocol": {"asset": True, "assetScope": ["$DATA/*"]},
                "shell": {"execute": True, "open": "^https://", "scope": [{"name": "ls", "cmd": "ls", "args": True}]},
            },
            "updater": {"active": True, "endpoints": ["https://example.org"], "pubkey": "k"},
            "cli": {"args": [{"name": "v"}]},
        },
        "plugins": {"mine": {"a": 1}},
    },
}  # fmt: skip


def same(config: Config) -> Config:
    """Return a configuration without what tells the two generations apart."""
    security = msgspec.structs.replace(config.app.security, capabilities=())
    app = msgspec.structs.replace(config.app, security=security)
    return msgspec.structs.replace(config, app=app, unused=(), generation="2.x")


@pytest.mark.parametrize("name", FILES)
def test_the_new_file_means_what_the_old_one_meant(name: str) -> None:
    raw = json.dumps(FILES[name]).encode()
    old = parse_config(raw, FILE)
    made = migrate_config(raw, FILE)
    new = parse_config(msgspec.json.encode(made.config), FILE)
    assert new.generation == "2.x"
    assert same(new) == same(old)
    (capability,) = old.app.security.capabilities
    assert isinstance(capability, dict)
    assert made.capability["identifier"] == "migrated"
    assert {**made.capability, "identifier": capability["identifier"]} == {
        **capability,
        "permissions": [each for each in capability["permissions"] if each != "core:stream:default"],
    }


def test_what_the_bundler_of_2_has_in_another_form_is_named_and_the_rest_is_kept() -> None:
    bundle = {**BUNDLE, "active": True, "targets": ["deb", "updater"], "icon": ["a.png"], "deb": {"depends": ["a"]}, "copyright": "me"}  # fmt: skip
    build = {"devPath": "../dist", "distDir": "../other", "beforeBuildCommand": "npm run build"}
    made = migrate_config(json.dumps({"build": build, "tauri": {"bundle": bundle}}).encode(), FILE)
    assert made.config["bundle"] == {"active": True, "icon": ["a.png"], "copyright": "me"}
    assert made.config["build"]["beforeBuildCommand"] == "npm run build"
    assert made.untranslated == (
        "build.devPath (a folder; build.distDir is served)",
        "tauri.bundle.targets (Tauri 2 has it in another form)",
        "tauri.bundle.deb (Tauri 2 has it in another form)",
    )


def test_a_file_of_tauri_2_and_a_wrong_one_are_refused() -> None:
    with pytest.raises(ConfigError, match="of Tauri 2 already; there is nothing to migrate"):
        migrate_config(b'{"identifier": "org.example.one"}', FILE)
    with pytest.raises(ConfigError, match="alowlist"):
        migrate_config(json.dumps({"tauri": {"bundle": BUNDLE, "alowlist": {}}}).encode(), FILE)
