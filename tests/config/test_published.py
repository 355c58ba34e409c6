"""Tauri's published schema of the configuration (config.schema.json of @tauri-apps/cli 2.12.5): no field is forgotten."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest

from transom.config import TrayIconConfig, WindowConfig, parse_config
from transom.config._effect import UNUSED, USED, unused_fields
from transom.core.windows._options import check_window_options
from transom.errors import WindowError
from transom.names import to_camel_case
from transom.runtimes._mock import MockRuntime
from transom.runtimes.web._runtime import WebRuntime

# The fields of the published schema, by the path of their table. Add here what a new version of Tauri adds.
PUBLISHED = {
    "": "$schema app build bundle identifier mainBinaryName plugins productName version",
    "app": "windows security trayIcon macOSPrivateApi withGlobalTauri enableGTKAppId appDirectoriesOverride",
    "app.security": (
        "csp devCsp freezePrototype dangerousDisableAssetCspModification assetProtocol pattern capabilities headers"
    ),
    "build": (
        "runner devUrl frontendDist beforeDevCommand beforeBuildCommand beforeBundleCommand features "
        "removeUnusedCommands additionalWatchFolders windows"
    ),
}
WINDOW = (
    "label create url userAgent dragDropEnabled center x y width height minWidth minHeight maxWidth maxHeight "
    "preventOverflow resizable maximizable minimizable closable title fullscreen focus focusable transparent maximized "
    "visible decorations alwaysOnBottom alwaysOnTop visibleOnAllWorkspaces contentProtected skipTaskbar windowClassname "
    "theme titleBarStyle trafficLightPosition hiddenTitle acceptFirstMouse tabbingIdentifier additionalBrowserArgs shadow "
    "windowEffects incognito parent proxyUrl zoomHotkeysEnabled browserExtensionsEnabled useHttpsScheme devtools "
    "backgroundColor backgroundThrottling javascriptDisabled allowLinkPreview disableInputAccessoryView dataDirectory "
    "dataStoreIdentifier scrollBarStyle noRedirectionBitmap generalAutofillEnabled limitNavigationsToAppBoundDomains "
    "activityName createdByActivityName requestedBySceneIdentifier"
).split()
TRAY = "iconPath id iconAsTemplate menuOnLeftClick showMenuOnLeftClick title tooltip".split()
TABLES = frozenset({"app", "app.security", "build"})
PATHS = [
    path
    for table, names in PUBLISHED.items()
    for path in (f"{table}.{name}".lstrip(".") for name in names.split())
    if path not in TABLES
]
# A value of each field without effect, other than its default.
SAMPLES: dict[str, Any] = {
    "app.trayIcon": {"iconPath": "icon.png"},
    "app.macOSPrivateApi": True,
    "app.appDirectoriesOverride": "a",
    "build.windows": {"staticVCRuntime": True},
    "bundle": {"active": True},
    "mainBinaryName": "a",
    "app.enableGTKAppId": True,
    "app.security.dangerousDisableAssetCspModification": True,
    "app.security.capabilities": ["main"],
    "build.runner": "cargo",
    "build.beforeDevCommand": "npm run dev",
    "build.beforeBuildCommand": "npm run build",
    "build.beforeBundleCommand": "true",
    "build.features": ["a"],
    "build.removeUnusedCommands": True,
    "build.additionalWatchFolders": ["a"],
}


@pytest.mark.parametrize("path", PATHS)
def test_a_published_field_is_used_or_named_in_the_warning(path: str) -> None:
    if path in USED:
        return
    assert path in UNUSED
    data: dict[str, Any] = {"identifier": "org.example.a"}
    *tables, name = path.split(".")
    inner = data
    for table in tables:
        inner = inner.setdefault(table, {})
    inner[name] = SAMPLES[path]
    assert unused_fields(data) == [path]
    config = parse_config(msgspec.json.encode(data), str(Path("tauri.conf.json")))
    assert path in config.unused


def test_every_published_option_of_the_tray_icon_is_known() -> None:
    assert {to_camel_case(field) for field in TrayIconConfig.__struct_fields__} == set(TRAY)


@pytest.mark.parametrize("runtime", [WebRuntime, MockRuntime], ids=lambda runtime: runtime.name)
@pytest.mark.parametrize("name", WINDOW)
def test_a_published_option_of_windows_is_used_or_named(
    name: str, runtime: Any, caplog: pytest.LogCaptureFixture
) -> None:
    [field] = [field for field in WindowConfig.__struct_fields__ if to_camel_case(field) == name]
    options = WindowConfig(**{field: object()})
    caplog.set_level(logging.WARNING)
    said = ""
    try:
        check_window_options(options, runtime)
    except WindowError as error:  # one that protects
        said = str(error)
    assert (field in runtime.WINDOW_OPTIONS) is not (f"`{name}`" in caplog.text + said)
