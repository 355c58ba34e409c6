"""The configuration file of a project, parsed into frozen values, or one `ConfigError` with every problem and its line."""

from ._explain import MINIMAL, locate
from ._migrate import Migration, migrate_config
from ._model import (
    AppConfig,
    AssetProtocolConfig,
    BuildConfig,
    Config,
    Csp,
    FsScope,
    HookCommand,
    Json,
    SecurityConfig,
    TrayIconConfig,
    WindowConfig,
)
from ._parse import decode_text, parse_config, parse_value
from ._scan import JsonFault, scan_json
from ._window import window_config
from .rules import Place, Problem, show_place

__all__ = [
    "MINIMAL",
    "AppConfig",
    "AssetProtocolConfig",
    "BuildConfig",
    "Config",
    "Csp",
    "FsScope",
    "HookCommand",
    "Json",
    "JsonFault",
    "Migration",
    "Place",
    "Problem",
    "SecurityConfig",
    "TrayIconConfig",
    "WindowConfig",
    "decode_text",
    "locate",
    "migrate_config",
    "parse_config",
    "parse_value",
    "scan_json",
    "show_place",
    "window_config",
]
