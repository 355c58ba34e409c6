"""The values of a `tauri.conf.json`, with Tauri's names and defaults.

A field that transom does not use yet is validated but not stored. To use one, add it here.
"""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType, field

__all__ = [
    "AppConfig",
    "AssetProtocolConfig",
    "BuildConfig",
    "Config",
    "Csp",
    "FsScope",
    "HookCommand",
    "Json",
    "SecurityConfig",
    "WindowConfig",
]

Json = dict[str, Any]
"""A table of the file, stored as written."""

Csp = str | dict[str, str | tuple[str, ...]]
"""A content security policy: the value of the header, or the sources of each directive."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class WindowConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One window of `app.windows`. Sizes and positions are in logical pixels; `None` leaves the choice to the system.

    `background_color` is red, green, blue and alpha from 0 to 255, whatever form the file uses.
    """

    label: str = "main"
    create: bool = True
    url: str = "index.html"
    user_agent: str | None = None
    drag_drop_enabled: bool = True
    center: bool = False
    x: float | None = None
    y: float | None = None
    width: float = 800.0
    height: float = 600.0
    min_width: float | None = None
    min_height: float | None = None
    max_width: float | None = None
    max_height: float | None = None
    prevent_overflow: bool | dict[str, int] | None = None
    resizable: bool = True
    maximizable: bool = True
    minimizable: bool = True
    closable: bool = True
    title: str = "Tauri App"
    fullscreen: bool = False
    focus: bool = True
    focusable: bool = True
    transparent: bool = False
    maximized: bool = False
    visible: bool = True
    decorations: bool = True
    always_on_bottom: bool = False
    always_on_top: bool = False
    visible_on_all_workspaces: bool = False
    content_protected: bool = False
    skip_taskbar: bool = False
    window_classname: str | None = None
    no_redirection_bitmap: bool = False
    theme: Literal["Light", "Dark"] | None = None
    title_bar_style: Literal["Visible", "Transparent", "Overlay"] = "Visible"
    traffic_light_position: dict[str, float] | None = None
    hidden_title: bool = False
    accept_first_mouse: bool = False
    tabbing_identifier: str | None = None
    additional_browser_args: str | None = None
    shadow: bool = True
    window_effects: Json | None = None
    incognito: bool = False
    parent: str | None = None
    proxy_url: str | None = None
    zoom_hotkeys_enabled: bool = False
    browser_extensions_enabled: bool = False
    use_https_scheme: bool = False
    devtools: bool | None = None
    background_color: tuple[int, int, int, int] | None = None
    background_throttling: Literal["disabled", "suspend", "throttle"] | None = None
    javascript_disabled: bool = False
    allow_link_preview: bool = True
    disable_input_accessory_view: bool = False
    data_directory: str | None = None
    data_store_identifier: tuple[int, ...] | None = None
    scroll_bar_style: Literal["default", "fluentOverlay"] = "default"
    limit_navigations_to_app_bound_domains: bool = False
    activity_name: str | None = None
    created_by_activity_name: str | None = None
    requested_by_scene_identifier: str | None = None
    general_autofill_enabled: bool = True


class FsScope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Glob patterns of the files that a page may read. If the file has a list, the list is `allow`.

    `require_literal_leading_dot` is `None` for the default of the system: true on Unix, false on Windows.
    """

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    require_literal_leading_dot: bool | None = None


class AssetProtocolConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The `asset:` protocol, which serves local files to pages."""

    enable: bool = False
    scope: FsScope = FsScope()


class SecurityConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The table `app.security`.

    `csp` is `UNSET` if the file does not have the field; transom's default policy then applies. It is `None` if the
    file has `null`, which means no policy. `dev_csp` is `None` if development uses the same policy as a release.
    `capabilities` contains identifiers of capability files and inline capabilities, as written; empty means every file.
    """

    csp: Csp | UnsetType | None = UNSET
    dev_csp: Csp | None = None
    freeze_prototype: bool = False
    dangerous_disable_asset_csp_modification: bool | tuple[str, ...] = False
    asset_protocol: AssetProtocolConfig = AssetProtocolConfig()
    pattern: Json = field(default_factory=lambda: {"use": "brownfield"})
    capabilities: tuple[str | Json, ...] = ()
    headers: dict[str, str | tuple[str, ...] | dict[str, str] | None] | None = None


class TrayIconConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The table `app.trayIcon`. `show_menu_on_left_click` is `None` if the file has the older field at most."""

    icon_path: str
    id: str | None = None
    icon_as_template: bool = False
    menu_on_left_click: bool = True
    show_menu_on_left_click: bool | None = None
    title: str | None = None
    tooltip: str | None = None


class AppConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The table `app`."""

    windows: tuple[WindowConfig, ...] = ()
    security: SecurityConfig = SecurityConfig()
    tray_icon: TrayIconConfig | None = None
    with_global_tauri: bool = False
    enable_gtk_app_id: bool = field(default=False, name="enableGTKAppId")


class HookCommand(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A shell command of the table `build`. `cwd` is its folder, relative to that of the file; `None` if it is missing."""

    script: str
    cwd: str | None = None
    wait: bool = False


class BuildConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The table `build`. `frontend_dist` is a path, a URL or a list of paths, as written; `None` if it is missing."""

    additional_watch_folders: tuple[str, ...] = ()
    before_dev_command: str | HookCommand | None = None
    before_build_command: str | HookCommand | None = None
    before_bundle_command: str | HookCommand | None = None
    dev_url: str | None = None
    frontend_dist: str | tuple[str, ...] | None = None


class Config(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A `tauri.conf.json`.

    `folder` is the absolute folder of the file; paths in the file are relative to it. `file` is the file's path as
    shown to users. After `parse_config`, `version` can be the path of a `package.json`; `load_config` replaces it with
    the version in that file, and sets `platform_file`, the file for this system alone whose values went before. `generation`
    is `1.x` for a file of Tauri 1, whose values are translated. `unused` names what is set in the file, or lies beside it,
    and has no effect.
    """

    folder: Path
    file: str
    identifier: str
    product_name: str | None = None
    main_binary_name: str | None = None
    version: str | None = None
    app: AppConfig = AppConfig()
    build: BuildConfig = BuildConfig()
    bundle: Json = {}
    plugins: Json = {}
    unused: tuple[str, ...] = ()
    generation: Literal["2.x", "1.x"] = "2.x"
    platform_file: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the values come from; those of a later one go before those of an earlier one."""
        return (self.file,) if self.platform_file is None else (self.file, self.platform_file)

    @property
    def frontend_url(self) -> str | None:
        """The URL of the front end, if `build.frontendDist` is a URL, else `None`."""
        dist = self.build.frontend_dist
        return dist if isinstance(dist, str) and _URL.match(dist) else None

    @property
    def frontend(self) -> Path | tuple[Path, ...] | None:
        """The absolute folder of the built front end, or the absolute paths of a list of files and folders.

        `None` if `build.frontendDist` is a URL or missing.
        """
        dist = self.build.frontend_dist
        if isinstance(dist, tuple):
            return tuple(map(self._absolute, dist))
        return None if dist is None or _URL.match(dist) else self._absolute(dist)

    def _absolute(self, path: str) -> Path:
        # Without the file system, because the folder may not exist yet.
        return Path(os.path.normpath(self.folder / path))
