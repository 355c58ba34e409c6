"""Read the configuration of a project into frozen values.

`load_config` finds and reads the `tauri.conf.json` of a project. `parse_config` parses its text without any I/O. Both
raise one `ConfigError` that lists every problem in the file with its line.
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
