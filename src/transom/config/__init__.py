"""The project files of an application, read into frozen values.

`load_config` finds and reads a project's `tauri.conf.json`; `parse_config` is its pure half. Both raise one
`ConfigError` that names every problem of the file with its line.
"""

from __future__ import annotations

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
from ._parse import parse_config
from ._read import load_config

__all__ = [
    "AppConfig",
    "AssetProtocolConfig",
    "BuildConfig",
    "Config",
    "Csp",
    "FsScope",
    "Json",
    "SecurityConfig",
    "WindowConfig",
    "load_config",
    "parse_config",
]
