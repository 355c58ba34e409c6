"""What an application's files say about it, and the folders of the system and the application."""

from ._assets import Asset, AssetResolver
from ._fs_scope import FsScope
from ._icon import window_icon_file
from ._package import PackageInfo, package_info
from ._paths import BaseDirectory, PathResolver

__all__ = [
    "Asset",
    "AssetResolver",
    "BaseDirectory",
    "FsScope",
    "PackageInfo",
    "PathResolver",
    "package_info",
    "window_icon_file",
]
