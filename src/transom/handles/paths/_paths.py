"""Folders of the system and of the application (Tauri: `tauri::path`)."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import UnknownPath

if TYPE_CHECKING:
    from platformdirs.api import PlatformDirsABC

    from ...config import Config

__all__ = ["BaseDirectory", "PathResolver"]


class BaseDirectory(IntEnum):
    """A folder that paths can be relative to, with the numbers of the npm package."""

    AUDIO = 1
    CACHE = 2
    CONFIG = 3
    DATA = 4
    LOCAL_DATA = 5
    DOCUMENT = 6
    DOWNLOAD = 7
    PICTURE = 8
    PUBLIC = 9
    VIDEO = 10
    RESOURCE = 11
    TEMP = 12
    APP_CONFIG = 13
    APP_DATA = 14
    APP_LOCAL_DATA = 15
    APP_CACHE = 16
    APP_LOG = 17
    DESKTOP = 18
    EXECUTABLE = 19
    FONT = 20
    HOME = 21
    RUNTIME = 22
    TEMPLATE = 23

    @property
    def variable(self) -> str:
        """The variable for the folder at the start of a path, such as `$APPDATA`."""
        return "$EXE" if self is BaseDirectory.EXECUTABLE else "$" + self.name.replace("_", "")

    @classmethod
    def from_variable(cls, variable: str) -> BaseDirectory | None:
        """Return the folder that a variable stands for; `None` for an unknown variable."""
        return next((base for base in cls if base.variable == variable), None)


class PathResolver:
    """Finds the folders of the system and of the application. They need not exist.

    Every method raises `UnknownPath` where the system has no such folder.
    """

    __slots__ = ("_config",)

    def __init__(self, config: Config) -> None:
        self._config = config

    @property
    def _system(self) -> PlatformDirsABC:
        from platformdirs import PlatformDirs

        # Tauri: `data_dir` and `config_dir` are the roaming ones on Windows; `roaming` means nothing elsewhere.
        return PlatformDirs(roaming=True)

    def audio_dir(self) -> Path:
        """Return the user's folder for music."""
        return self._system.user_music_path

    def cache_dir(self) -> Path:
        """Return the user's cache folder."""
        return self._local.user_cache_path

    def config_dir(self) -> Path:
        """Return the user's folder for configuration."""
        return self._system.user_config_path

    def data_dir(self) -> Path:
        """Return the user's folder for programs' data."""
        return self._system.user_data_path

    def local_data_dir(self) -> Path:
        """Return the user's folder for programs' data that stays on this machine."""
        return self._local.user_data_path

    @property
    def _local(self) -> PlatformDirsABC:
        from platformdirs import PlatformDirs

        return PlatformDirs()

    def desktop_dir(self) -> Path:
        """Return the user's desktop."""
        return self._system.user_desktop_path

    def document_dir(self) -> Path:
        """Return the user's folder for documents."""
        return self._system.user_documents_path

    def download_dir(self) -> Path:
        """Return the user's folder for downloads."""
        return self._system.user_downloads_path

    def executable_dir(self) -> Path:
        """Return the user's folder for programs. Linux only."""
        if sys.platform != "linux":
            raise UnknownPath("unknown path: $EXE is a folder of Linux, and this system has none")
        return self._system.user_bin_path

    def font_dir(self) -> Path:
        """Return the user's folder for fonts."""
        return self._system.user_fonts_path

    def home_dir(self) -> Path:
        """Return the user's home."""
        try:
            return Path.home()
        except RuntimeError:
            raise UnknownPath("unknown path: this user has no home folder; set HOME") from None

    def picture_dir(self) -> Path:
        """Return the user's folder for pictures."""
        return self._system.user_pictures_path

    def public_dir(self) -> Path:
        """Return the user's public folder."""
        return self._system.user_publicshare_path

    def runtime_dir(self) -> Path:
        """Return the user's folder for sockets and the like. Linux only, and only where `XDG_RUNTIME_DIR` is set."""
        folder = os.environ.get("XDG_RUNTIME_DIR", "")
        if sys.platform != "linux" or not Path(folder).is_absolute():
            raise UnknownPath("unknown path: $RUNTIME needs Linux and XDG_RUNTIME_DIR, which a login session sets")
        return Path(folder)

    def template_dir(self) -> Path:
        """Return the user's folder for templates."""
        return self._system.user_templates_path

    def video_dir(self) -> Path:
        """Return the user's video folder."""
        return self._system.user_videos_path

    def resource_dir(self) -> Path:
        """Return the folder of the application's own files: the one that holds `tauri.conf.json`."""
        return self._config.folder

    def app_config_dir(self) -> Path:
        """Return the application's configuration folder: `config_dir` with the identifier appended."""
        return self.config_dir() / self._config.identifier

    def app_data_dir(self) -> Path:
        """Return the application's data folder: `data_dir` with the identifier appended."""
        return self.data_dir() / self._config.identifier

    def app_local_data_dir(self) -> Path:
        """Return the application's local data folder: `local_data_dir` with the identifier appended."""
        return self.local_data_dir() / self._config.identifier

    def app_cache_dir(self) -> Path:
        """Return the application's cache folder: `cache_dir` with the identifier appended."""
        return self.cache_dir() / self._config.identifier

    def app_log_dir(self) -> Path:
        """Return the application's folder for logs."""
        if sys.platform == "darwin":
            return self.home_dir() / "Library" / "Logs" / self._config.identifier
        return self.app_local_data_dir() / "logs"

    def temp_dir(self) -> Path:
        """Return the folder for temporary files."""
        return Path(tempfile.gettempdir())

    def file_name(self, path: str | os.PathLike[str]) -> str | None:
        """Return the last part of a path; `None` when it has none, or ends in `..`."""
        name = Path(path).name
        return name if name not in ("", "..") else None

    def resolve(self, path: str | os.PathLike[str], base: BaseDirectory) -> Path:
        """Return a path in a folder; an absolute path stays as it is."""
        return self._folder(base) / path

    def parse(self, path: str | os.PathLike[str]) -> Path:
        """Return a path whose first part may be a variable, such as `$HOME/notes`; later `..` are left out.

        Tauri: the same, so that a path of the page does not lead out of the folder that its variable names.
        """
        first, *rest = Path(path).parts or ("",)
        base = BaseDirectory.from_variable(first)
        return Path(first if base is None else self._folder(base), *(part for part in rest if part != ".."))

    def variables(self) -> dict[str, str]:
        """Return what stands for each folder in the patterns of scopes, without the `$`, such as `APPDATA`.

        A folder that this system lacks is left out.
        """
        found: dict[str, str] = {}
        for base in BaseDirectory:
            with suppress(UnknownPath):
                found[base.variable.removeprefix("$")] = str(self._folder(base))
        return found

    def _folder(self, base: BaseDirectory) -> Path:
        folder: Path = getattr(self, f"{base.name.lower()}_dir")()
        return folder
