"""The plugin `os`: operating system, architecture, locale and host name (`@tauri-apps/plugin-os`).

`Builder().plugin(os.init())` lets pages ask; the functions of this module give Python the same answers.
"""

from ._facts import arch, eol, exe_extension, family, hostname, locale, os_type, platform, version
from ._plugin import init

__all__ = [
    "arch",
    "eol",
    "exe_extension",
    "family",
    "hostname",
    "init",
    "locale",
    "os_type",
    "platform",
    "version",
]
