"""Tests of the way from the text of a file to its values."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import growth
from transom.config import Config, FsScope, WindowConfig, parse_config
from transom.errors import ConfigError

COMPLETE = """
{
  "$schema": "https://schema.tauri.app/config/2",
  "productName": "Disk Atlas",
  "mainBinaryName": "atlas",
  "version": "1.4.0-rc.1",
  "identifier": "com.example.disk-atlas",
  "build": {
    "beforeDevCommand": { "script": "npm run dev", "cwd": "../ui", "wait": false },
    "beforeBuildCommand": "npm run build",
    "devUrl": "http://localhost:1420",
    "frontendDist": "../dist",
    "features": ["isolation"],
    "removeUnusedCommands": true,
    "runner": { "cmd": "cargo", "args": ["--locked"] }
  },
  "app": {
    "withGlobalTauri": true,
    "macOSPrivateApi": true,
    "enableGTKAppId": true,
    "trayIcon": { "iconPath": "icons/tray.png", "iconAsTemplate": true, "menuOnLeftClick": false },
    "windows": [
      {
        "title": "Disk Atlas",
        "width": 1280,
        "height": 800.5,
        "minWidth": 640,
        "minHeight": 480,
        "center": true,
        "theme": "Dark",
        "backgroundColor": "#1e1e2e",
        "titleBarStyle": "Overlay",
        "trafficLightPosition": { "x": 12, "y": 14.5 },
        "windowEffects": { "effects": ["mica", "sidebar"], "state": "active", "color": [0, 0, 0, 128] },
        "dragDropEnabled": false,
        "devtools": true
      },
      {
        "label": "details",
        "create": false,
        "url": "details.html",
        "x": 10,
        "y": -20,
        "alwaysOnTop": true,
        "visible": false,
        "parent": "main",
        "preventOverflow": { "width": 10, "height": 10 },
        "dataStoreIdentifier": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        "backgroundColor": { "red": 1, "green": 2, "blue": 3, "alpha": 4 }
      }
    ],
    "security": {
      "csp": { "default-src": "'self' ipc: http://ipc.localhost", "img-src": ["'self'", "asset:"] },
      "devCsp": null,
      "freezePrototype": true,
      "dangerousDisableAssetCspModification": ["style-src"],
      "assetProtocol": { "enable": true, "scope": { "allow": ["$HOME/**"], "deny": ["$HOME/.ssh/**"], "requireLiteralLeadingDot": false } },
      "pattern": { "use": "isolation", "options": { "dir": "../isolation" } },
      "capabilities": ["main-window", { "identifier": "drag", "windows": ["*"], "permissions": ["core:window:allow-start-dragging"] }],
      "headers": { "Cross-Origin-Opener-Policy": "same-origin", "Timing-Allow-Origin": ["https://a.example", "https://b.example"], "Access-Control-Expose-Headers": null }
    }
  },
  "bundle": {
    "active": true,
    "targets": ["deb", "nsis", "dmg"],
    "category": "Utility",
    "icon": ["icons/32x32.png", "icons/icon.icns"],
    "resources": { "data/*": "data/" },
    "fileAssociations": [{ "ext": ["atlas"], "mimeType": "application/x-atlas", "role": "Editor" }],
    "linux": { "deb": { "depends": ["libfoo"], "files": { "/usr/share/a": "a" } }, "rpm": { "epoch": 0, "compression": { "type": "gzip", "level": 9 } } },
    "macOS": { "minimumSystemVersion": "11.0", "dmg": { "windowSize": { "width": 660, "height": 400 } } },
    "windows": { "nsis": { "installMode": "both", "compression": "lzma" }, "wix": { "language": ["en-US", "de-DE"] }, "webviewInstallMode": { "type": "offlineInstaller", "silent": false } },
    "iOS": { "developmentTeam": "ABCDE" },
    "android": { "minSdkVersion": 24, "versionCode": 10400 }
  },
  "plugins": {
    "updater": { "endpoints": ["https://releases.example.com/{{target}}"], "pubkey": "abc" },
    "fs": { "requireLiteralLeadingDot": false }
  }
}
"""


def parse(document: dict[str, Any]) -> Config:
    return parse_config(json.dumps({"identifier": "com.example.app", **document}), "/project/tauri.conf.json")


def test_a_complete_tauri_file_is_read() -> None:
    config = parse_config(COMPLETE, "/project/src-tauri/tauri.conf.json")

    assert (config.product_name, config.main_binary_name, config.version) == ("Disk Atlas", "atlas", "1.4.0-rc.1")
    assert config.identifier == "com.example.disk-atlas"
    assert (config.folder, config.file) == (Path("/project/src-tauri"), "/project/src-tauri/tauri.conf.json")
    assert (config.build.dev_url, config.frontend) == ("http://localhost:1420", Path("/project/dist"))
    assert config.app.with_global_tauri
    assert config.app.enable_gtk_app_id
    assert config.bundle["android"] == {"minSdkVersion": 24, "versionCode": 10400}
    assert config.plugins["fs"] == {"requireLiteralLeadingDot": False}


def test_the_windows_of_a_complete_file_are_read() -> None:
    main, details = parse_config(COMPLETE, "tauri.conf.json").app.windows

    assert main == WindowConfig(
        title="Disk Atlas",
        width=1280.0,
        height=800.5,
        min_width=640.0,
        min_height=480.0,
        center=True,
        theme="Dark",
        background_color=(0x1E, 0x1E, 0x2E, 255),
        title_bar_style="Overlay",
        traffic_light_position={"x": 12.0, "y": 14.5},
        window_effects={"effects": ["mica", "sidebar"], "state": "active", "color": [0, 0, 0, 128]},
        drag_drop_enabled=False,
        devtools=True,
    )
    assert details == WindowConfig(
        label="details",
        create=False,
        url="details.html",
        x=10.0,
        y=-20.0,
        always_on_top=True,
        visible=False,
        parent="main",
        prevent_overflow={"width": 10, "height": 10},
        data_store_identifier=tuple(range(1, 17)),
        background_color=(1, 2, 3, 4),
    )


def test_the_security_of_a_complete_file_is_read() -> None:
    security = parse_config(COMPLETE, "tauri.conf.json").app.security

    assert security.csp == {"default-src": "'self' ipc: http://ipc.localhost", "img-src": ("'self'", "asset:")}
    assert security.dev_csp is None
    assert security.freeze_prototype
    assert security.dangerous_disable_asset_csp_modification == ("style-src",)
    assert security.asset_protocol.enable
    assert security.asset_protocol.scope == FsScope(
        allow=("$HOME/**",), deny=("$HOME/.ssh/**",), require_literal_leading_dot=False
    )
    assert security.pattern == {"use": "isolation", "options": {"dir": "../isolation"}}
    assert security.capabilities == (
        "main-window",
        {"identifier": "drag", "windows": ["*"], "permissions": ["core:window:allow-start-dragging"]},
    )
    assert security.headers == {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Timing-Allow-Origin": ("https://a.example", "https://b.example"),
        "Access-Control-Expose-Headers": None,
    }


def test_the_smallest_file_gets_every_default() -> None:
    config = parse({})

    assert config == Config(folder=Path("/project"), file="/project/tauri.conf.json", identifier="com.example.app")
    assert config.app.windows == ()


def test_text_and_bytes_are_read_alike() -> None:
    text = '{"identifier": "com.example.app", "productName": "Größe"}'

    assert parse_config(text, "a/tauri.conf.json") == parse_config(text.encode(), "a/tauri.conf.json")


def test_a_relative_file_gets_its_absolute_folder() -> None:
    assert parse_config('{"identifier": "a"}', "some/tauri.conf.json").folder == Path.cwd() / "some"


@pytest.mark.parametrize(
    ("security", "csp"),
    [
        ({}, msgspec.UNSET),
        ({"csp": None}, None),
        ({"csp": "default-src 'self'"}, "default-src 'self'"),
        ({"csp": {"img-src": ["a", "b"], "style-src": "c"}}, {"img-src": ("a", "b"), "style-src": "c"}),
    ],
)
def test_a_missing_policy_differs_from_one_that_is_null(security: dict[str, Any], csp: object) -> None:
    assert parse({"app": {"security": security}}).app.security.csp == csp


@pytest.mark.parametrize(
    ("written", "rgba"),
    [
        ("#fff", (255, 255, 255, 255)),
        ("abc", (0xAA, 0xBB, 0xCC, 255)),
        ("#102030", (16, 32, 48, 255)),
        ("#10203040", (16, 32, 48, 64)),
        ([1, 2, 3], (1, 2, 3, 255)),
        ([1, 2, 3, 4], (1, 2, 3, 4)),
        ({"red": 1, "green": 2, "blue": 3}, (1, 2, 3, 255)),
        ({"red": 1, "green": 2, "blue": 3, "alpha": 0}, (1, 2, 3, 0)),
        (None, None),
    ],
)
def test_every_way_to_write_a_color_gives_its_four_parts(written: object, rgba: object) -> None:
    assert parse({"app": {"windows": [{"backgroundColor": written}]}}).app.windows[0].background_color == rgba


def test_a_scope_written_as_a_list_is_what_it_allows() -> None:
    protocol = parse({"app": {"security": {"assetProtocol": {"scope": ["a", "b"]}}}}).app.security.asset_protocol

    assert protocol.scope == FsScope(allow=("a", "b"))


# Bad files, each with the whole text of its error. Add here what a person got wrong.
BAD_FILES: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": (
        "",
        [
            '1: the file is empty; write for example {"identifier": "com.example.app", "build": {"frontendDist": "dist"}}'
        ],
    ),
    "byte order mark": (
        b'\xef\xbb\xbf{"identifier": "a"}',
        ["1: the file starts with a byte order mark, which JSON does not allow; save it as UTF-8 without BOM"],
    ),
    "byte order mark in a string": (
        '\ufeff{"identifier": "a"}',
        ["1: the file starts with a byte order mark, which JSON does not allow; save it as UTF-8 without BOM"],
    ),
    "UTF-16": (
        '{"identifier": "a"}'.encode("utf-16"),
        ["1: the file is UTF-16, but JSON must be UTF-8; save it as UTF-8 without BOM"],
    ),
    "Latin-1": (
        '{\n"identifier": "a",\n"productName": "Größe"}'.encode("latin-1"),
        ["3: the byte 0xf6 is not UTF-8, but JSON must be; save the file as UTF-8"],
    ),
    "not JSON": (
        '{\n  "identifier": "com.example.app",\n  "app": {},\n}',
        ["4: not valid JSON at column 1: expected a key, found `}`; remove the comma before it"],
    ),
    "nested without end": (
        '{"plugins": ' + "[" * 50_000,
        ["1: not valid JSON at column 141: nested deeper than 128 levels; flatten it"],
    ),
    "not an object": (
        '["com.example.app"]',
        ['1: the file: expected an object, found a list; write {"identifier": "com.example.app"}'],
    ),
    "no identifier": (
        '{\n  "productName": "A"\n}',
        ['1: identifier: this required field is missing; write "identifier": "com.example.app"'],
    ),
    "wrong identifier": (
        '{\n  "identifier": "com.example.my app"\n}',
        [
            (
                "2: identifier: expected an identifier in reverse domain notation, of the characters A-Z, a-z, "
                '0-9, hyphen, underscore and period, found the string "com.example.my app"; write for example "com.example.app"'
            )
        ],
    ),
    "repeated key": (
        '{\n  "identifier": "a",\n  "app": {},\n  "build": {},\n  "app": {"withGlobalTauri": true}\n}',
        ["5: app: this key is already on line 3; remove one of the two"],
    ),
    "repeated key in a part that is passed on": (
        '{"identifier": "a", "plugins": {"fs": [\n{"a": 1,\n"a": 2}]}}',
        ["3: plugins.fs[0].a: this key is already on line 2; remove one of the two"],
    ),
    "labels": (
        '{"identifier": "a", "app": {"windows": [\n{},\n{"label":\n"a b"}\n]}}',
        [
            (
                "3: app.windows[1].label: expected a window label, which has at least one character and only letters, digits, "
                '`-`, `/`, `:` and `_`, found the string "a b"; write for example "main"'
            )
        ],
    ),
    "windows with one label": (
        '{"identifier": "a", "app": {"windows": [\n{},\n{"label": "b"},\n{},\n{"url": "x",\n"label": "b"}\n]}}',
        [
            (
                "4: app.windows[2]: without `label` the window is `main`, which is already the label of app.windows[0]; "
                "give each window a different label"
            ),
            (
                "6: app.windows[3].label: the label is `b`, which is already the label of app.windows[1]; "
                "give each window a different label"
            ),
        ],
    ),
    "list of front end files": (
        '{"identifier": "a",\n"build": {\n"frontendDist": 5}}',
        [
            (
                "3: build.frontendDist: expected the path of a folder, a URL or a list of paths, found the number 5; "
                'write "5"'
            )
        ],
    ),
    "own table": (
        '{"identifier": "a",\n"transom": {}}',
        [
            (
                "2: transom: unknown field; remove it; the fields here are `$schema`, `productName`, `mainBinaryName`, "
                "`version`, `identifier`, `app`, `build`, `bundle`, `plugins`"
            )
        ],
    ),
    "fields of our own values": (
        '{"identifier": "a",\n"folder": "/tmp", "file": "x"}',
        [
            f"2: {name}: unknown field; remove it; the fields here are `$schema`, `productName`, `mainBinaryName`, "
            "`version`, `identifier`, `app`, `build`, `bundle`, `plugins`"
            for name in ("folder", "file")
        ],
    ),
    "everything at once": (
        """{
  "productName": "a/b",
  "version": "1.0",
  "app": {
    "windows": [
      {
        "titel": "A",
        "width": "800"
      },
      { "label": "second", "theme": "dark",
        "visible": "false" },
      "main",
      { "label": "second" }
    ],
    "security": {
      "csp": {
        "img-src": [
          "'self'",
          5
        ]
      }
    },
    "csp": null
  },
  "build": {
    "distDir": "../dist",
    "devUrl": "localhost:1420"
  },
  "app.windows": []
}""",
        [
            '1: identifier: this required field is missing; write "identifier": "com.example.app"',
            (
                '2: productName: expected a name without any of the characters / \\ : * ? " < > |, found the string "a/b"; '
                'write for example "My App"'
            ),
            (
                '3: version: expected a version of three numbers, such as "1.0.0", or the path of a package.json that has one, '
                'found the string "1.0"; write for example "1.0.0"'
            ),
            "7: app.windows[0].titel: unknown field; did you mean `title`?",
            '8: app.windows[0].width: expected a number, found the string "800"; write 800',
            '10: app.windows[1].theme: expected one of "Light", "Dark", found the string "dark"; did you mean "Dark"?',
            '11: app.windows[1].visible: expected true or false, found the string "false"; write false',
            '12: app.windows[2]: expected an object, found the string "main"; write {...}',
            (
                "13: app.windows[3].label: the label is `second`, which is already the label of app.windows[1]; "
                "give each window a different label"
            ),
            '19: app.security.csp.img-src[1]: expected a string, found the number 5; write "5"',
            "23: app.csp: unknown field; Tauri has this field at `app.security.csp`; move it there",
            "26: build.distDir: unknown field; Tauri 2 calls it `frontendDist`",
            (
                '27: build.devUrl: expected a URL with its scheme, such as "http://localhost:1420", found the string '
                '"localhost:1420"; write for example "http://localhost:1420"'
            ),
            (
                '29: ["app.windows"]: unknown field; remove it; the fields here are `$schema`, `productName`, '
                "`mainBinaryName`, `version`, `identifier`, `app`, `build`, `bundle`, `plugins`"
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gives_one_error_with_every_problem_its_line_and_its_fix(name: str) -> None:
    text, told = BAD_FILES[name]

    with pytest.raises(ConfigError) as caught:
        parse_config(text, "src-tauri/tauri.conf.json")

    assert str(caught.value).splitlines() == [f"src-tauri/tauri.conf.json:{line}" for line in told]
    assert caught.value.file == "src-tauri/tauri.conf.json"
    assert caught.value.line == int(told[0].split(":")[0])


KEYS = (
    st.sampled_from(["identifier", "app", "windows", "label", "security", "csp", "build", "bundle", "plugins"])
    | st.text()
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)


@given(DOCUMENTS.map(json.dumps) | st.text() | st.binary())
def test_any_text_gives_a_config_or_a_config_error(text: str | bytes) -> None:
    with suppress(ConfigError):
        assert parse_config(text, "tauri.conf.json").identifier


def test_the_time_to_read_a_file_grows_with_its_length() -> None:
    def read(windows: int) -> None:
        labels = [{"label": f"w{number}", "title": "A window"} for number in range(windows)]
        parse_config(json.dumps({"identifier": "org.example.long", "app": {"windows": labels}}), "tauri.conf.json")

    assert growth(read, 200) < 8
