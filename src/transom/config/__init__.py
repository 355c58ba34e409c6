"""The configuration file of a project, parsed into frozen values, or one `ConfigError` with every problem and its line."""

from ._explain import MINIMAL, locate
from ._model import (
    AppConfig,
    AssetProtocolConfig,
    BuildConfig,
    Config,
    Csp,
    FsScope,
    Json,
    SecurityConfig,
    WindowConfig,
)
from ._parse import decode_text, parse_config
from ._place import Place, show_place
from ._report import Problem
from ._scan import JsonFault, scan_json
from ._window import window_config

__all__ = [
    "MINIMAL",
    "AppConfig",
    "AssetProtocolConfig",
    "BuildConfig",
    "Config",
    "Csp",
    "FsScope",
    "Json",
    "JsonFault",
    "Place",
    "Problem",
    "SecurityConfig",
    "WindowConfig",
    "decode_text",
    "locate",
    "parse_config",
    "scan_json",
    "show_place",
    "window_config",
]
