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
from ._report import Problem

__all__ = [
    "MINIMAL",
    "AppConfig",
    "AssetProtocolConfig",
    "BuildConfig",
    "Config",
    "Csp",
    "FsScope",
    "Json",
    "Problem",
    "SecurityConfig",
    "WindowConfig",
    "decode_text",
    "locate",
    "parse_config",
]
