from __future__ import annotations

import json
from typing import Any

import pytest

from transom.config import Config, parse_config
from transom.config.v1._schema import ALLOWLIST, is_v1
from transom.errors import ConfigError

BUNDLE = {"identifier": "org.example.one"}
ALWAYS = [
    "core:event:default",
    "core:resources:default",
    "core:stream:default",
    "core:window:default",
    "core:app:allow-version",
    "core:app:allow-name",
    "core:app:allow-tauri-version",
    "core:webview:allow-internal-toggle-devtools",
]


def parsed(tauri: dict[str, Any] | None = None, **others: Any) -> Config:
    data = {"tauri": {"bundle": BUNDLE, **(tauri or {})}, **others}
    return parse_config(json.dumps(data, indent=1), "/p/src-tauri/tauri.conf.json")


def permissions(allowlist: dict[str, Any]) -> list[Any]:
    (capability,) = parsed({"allowlist": allowlist}).app.security.capabilities
    assert isinstance(capability, dict)
    assert capability["windows"] == ["*"]
    return [each for each in capability["permissions"] if each not in ALWAYS]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"tauri": {}}, True),
        ({"package": {}, "build": {}}, True),
        ({"identifier": "a.b", "app": {}}, False),
        ({"identifier": "a.b", "tauri": {}}, False),
        ({"build": {"distDir": "x"}}, False),
        ([], False),
        (None, False),
    ],
)
def test_a_file_of_tauri_1_is_known_by_its_own_keys(data: Any, expected: bool) -> None:
    assert is_v1(data) is expected


def test_the_values_are_those_of_tauri_2() -> None:
    config = parsed(
        {
            "windows": [{"label": "a", "fileDropEnabled": False, "theme": "dark", "width": 5}],
            "security": {"csp": "default-src 'self'", "freezePrototype": True},
            "pattern": {"use": "brownfield"},
            "allowlist": {"protocol": {"asset": True, "assetScope": ["$APPDATA/*"]}},
            "cli": {"args": []},
        },
        package={"productName": "One", "version": "1.2.3"},
        build={"distDir": "../out", "devPath": "http://localhost:1420", "withGlobalTauri": True},
        plugins={"own": 1},
    )
    (window,) = config.app.windows
    assert (window.label, window.drag_drop_enabled, window.theme, window.width) == ("a", False, "Dark", 5)
    assert (config.product_name, config.version, config.identifier) == ("One", "1.2.3", "org.example.one")
    assert (str(config.frontend), config.build.dev_url) == ("/p/out", "http://localhost:1420")
    security = config.app.security
    assert (security.csp, security.freeze_prototype) == ("default-src 'self'", True)
    assert (security.asset_protocol.enable, security.asset_protocol.scope.allow) == (True, ("$APPDATA/*",))
    assert (config.app.with_global_tauri, config.generation) == (True, "1.x")
    assert config.plugins == {"own": 1, "cli": {"args": []}}
    assert config.unused == ()


def test_the_defaults_are_those_of_tauri_1() -> None:
    config = parsed()
    assert (str(config.frontend), config.build.dev_url) == ("/p/dist", "http://localhost:8080/")
    assert config.app.windows == ()
    assert not config.app.security.asset_protocol.enable
    assert permissions({}) == []


# Flags of the allowlist -> what they allow.
ALLOWED: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "a module's flag": ({"dialog": {"open": True, "save": False}}, ["dialog:allow-open"]),
    "a whole module": (
        {"clipboard": {"all": True}},
        ["clipboard-manager:allow-write-text", "clipboard-manager:allow-read-text"],
    ),
    "a module without flags": ({"path": {"all": True}}, ["core:path:default"]),
    "a window's flag": ({"window": {"setAlwaysOnTop": True}}, ["core:window:allow-set-always-on-top"]),
    "close ends a window at once": (
        {"window": {"close": True}},
        ["core:window:allow-close", "core:window:allow-destroy"],
    ),
    "files with a scope": (
        {"fs": {"exists": True, "scope": ["$APP/a/**", "$APPDATA/*"]}},
        [
            "fs:allow-exists",
            {"identifier": "fs:scope", "allow": [{"path": "$APPCONFIG/a/**"}, {"path": "$APPDATA/*"}]},
        ],
    ),
    "files with a deny": (
        {"fs": {"exists": True, "scope": {"allow": ["**"], "deny": ["$LOG/*"]}}},
        [
            "fs:allow-exists",
            {"identifier": "fs:scope", "allow": [{"path": "**"}], "deny": [{"path": "$APPLOG/*"}]},
        ],
    ),
    "a scope alone allows nothing": ({"fs": {"scope": ["**"]}, "http": {"scope": ["https://*"]}}, []),
    "addresses": (
        {"http": {"request": True, "scope": ["https://example.org/*"]}},
        [
            {"identifier": "http:allow-fetch", "allow": [{"url": "https://example.org/*"}]},
            "http:allow-fetch-send",
            "http:allow-fetch-read-body",
            "http:allow-fetch-cancel",
        ],
    ),
    "programs": (
        {"shell": {"execute": True, "scope": [{"name": "ls", "cmd": "ls", "args": ["-l"]}]}},
        [
            {"identifier": "shell:allow-execute", "allow": [{"name": "ls", "cmd": "ls", "args": ["-l"]}]},
            {"identifier": "shell:allow-spawn", "allow": [{"name": "ls", "cmd": "ls", "args": ["-l"]}]},
            "shell:allow-stdin-write",
            "shell:allow-kill",
        ],
    ),
    "open with a pattern": ({"shell": {"open": "^https://"}}, ["shell:allow-open"]),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_the_allowlist_becomes_permissions(name: str) -> None:
    allowlist, expected = ALLOWED[name]
    assert permissions(allowlist) == expected


def test_everything_is_what_all_modules_together_are() -> None:
    together = permissions({module: {"all": True} for module in ALLOWLIST})
    assert permissions({"all": True}) == together
    assert "core:window:allow-start-dragging" in together
    assert "shell:allow-open" in together


def test_a_pattern_for_open_is_the_plugins() -> None:
    assert parsed({"allowlist": {"shell": {"open": "^https://"}}}).plugins == {"shell": {"open": "^https://"}}
    assert parsed({"allowlist": {"shell": {"open": True}}}).plugins == {}


def test_the_updater_is_a_plugin_when_it_is_active() -> None:
    config = parsed({"updater": {"active": True, "endpoints": []}})
    (capability,) = config.app.security.capabilities
    assert isinstance(capability, dict)
    assert "updater:default" in capability["permissions"]
    assert config.plugins == {"updater": {"active": True, "endpoints": []}}
    assert parsed({"updater": {"active": False}}).plugins == {}


def test_what_has_no_effect_is_named_as_in_the_file() -> None:
    config = parsed(
        {
            "bundle": {**BUNDLE, "active": True},
            "systemTray": {"iconPath": "icon.png"},
            "security": {"dangerousRemoteDomainIpcAccess": [{"domain": "example.org"}]},
        },
        build={"devPath": "../src", "beforeDevCommand": "npm run dev"},
    )
    assert config.unused == (
        "build.devPath (a folder; build.distDir is served)",
        "tauri.security.dangerousRemoteDomainIpcAccess (add a capability with remote.urls)",
    )


@pytest.mark.parametrize(
    ("tauri", "line", "text"),
    [
        ({"alowlist": {}}, 6, "tauri.alowlist: unknown field; did you mean `allowlist`?"),
        ({"allowlist": {"fs": {"read": True}}}, 8, "tauri.allowlist.fs.read: unknown field;"),
        ({"allowlist": {"all": 1}}, 7, "tauri.allowlist.all: expected true or false, found the number 1;"),
        ({"windows": [{"dragDropEnabled": True}]}, 8, "tauri.windows[0].dragDropEnabled: unknown field;"),
        ({"windows": [{}, {}]}, 8, "the label of tauri.windows[0]"),
        ({"bundle": {}}, 3, "identifier"),
    ],
)
def test_an_error_names_the_file_the_line_and_the_field(tauri: dict[str, Any], line: int, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(tauri)
    assert f"/p/src-tauri/tauri.conf.json:{line}: " in str(caught.value)
    assert text in str(caught.value)
