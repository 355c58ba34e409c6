"""The front end's files, for an application that reads them itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...config import Config
from ...runtimes import Assets

__all__ = ["Asset", "AssetResolver"]


class Asset(NamedTuple):
    """A file of the front end.

    Attributes:
        bytes: Its content. Documents that pages load have scripts of transom's and a policy beside it, which this lacks.
        mime_type: Its `Content-Type`.
    """

    bytes: bytes
    mime_type: str


class AssetResolver:
    """Finds the files of the built front end as pages do. It reads the disk.

    Args:
        config: The project's configuration.
    """

    def __init__(self, config: Config) -> None:
        self._assets = Assets(config.frontend)

    def get(self, path: str) -> Asset | None:
        """Return the file that a page would get for this path; `None` if there is none.

        As in Tauri, `about` may be `about.html` or `about/index.html`, and any other path the front end's `index.html`.
        Nothing outside the front end's folder is found, and no hidden file.

        Args:
            path: A path as in an address, such as `/scripts/main.js`.

        Raises:
            OSError: The file cannot be read.
        """
        file = self._assets.find(path)
        if file is None:
            return None
        try:
            return Asset(file.read(0, file.size), file.media_type)
        finally:
            file.close()

    def iter(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path of each file, with a slash at its start, and the content, in the order of their paths.

        Raises:
            OSError: A file cannot be read.
        """
        for path in self._assets.paths():
            if (asset := self.get(path)) is not None:
                yield path, asset.bytes
