"""Which files a page may upload, and where it may download to."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ...acl import PathScope, ScopeValue
from ...errors import CommandError, UnknownPath
from ...handles import AppHandle, BaseDirectory

__all__ = ["Entry", "Files", "open_regular"]

# A link that was put there after the check is not followed, and a FIFO does not block.
_FLAGS = sum({getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK")})

# Folders that need no entry in a capability.
_OWN = (
    BaseDirectory.APP_DATA,
    BaseDirectory.APP_LOCAL_DATA,
    BaseDirectory.APP_CONFIG,
    BaseDirectory.APP_CACHE,
    BaseDirectory.APP_LOG,
    BaseDirectory.DOWNLOAD,
)


class Entry(msgspec.Struct, frozen=True):
    """An entry of a scope: a glob over paths, such as `$DOCUMENT/**`."""

    path: str

    @classmethod
    def deserialize(cls, raw: Any) -> Entry:
        """Return the entry for a text or `{path}`.

        Raises:
            ValueError: It is neither.
        """
        text = raw.get("path") if isinstance(raw, dict) else raw
        if not isinstance(text, str):
            raise ValueError(f"an entry of the scope of upload is a text or has a `path`, this is {raw!r}")
        return cls(text)


class Files:
    """Decides about files.

    Args:
        app: The application.
        anywhere: Whether pages may use any file, as in Tauri.
    """

    def __init__(self, app: AppHandle, *, anywhere: bool) -> None:
        self._app = app
        self._anywhere = anywhere

    def check(self, path: str, *scopes: ScopeValue[Entry]) -> Path:
        """Return a file with all links of its folder followed.

        Raises:
            CommandError: The page may not use it, or its folder does not exist.
        """
        given = Path(path)
        if not given.is_absolute() or "\0" in path or given.name in ("", ".."):
            raise CommandError(f"forbidden path: {path}; it is not the absolute path of a file")
        try:
            found = given.parent.resolve(strict=True) / given.name
            found = found.resolve() if found.is_symlink() else found
        except OSError:
            raise CommandError(f"{path}: there is no such folder; make it first") from None
        if self._anywhere:
            return found
        paths = self._app.path()
        allow = [entry.path for scope in scopes for entry in scope.allows]
        for base in _OWN:
            with suppress(UnknownPath, OSError):
                folder = paths.resolve("", base).resolve()
                if found.is_relative_to(folder) and not self._is_denied(found, scopes):
                    return found
        deny = [entry.path for scope in scopes for entry in scope.denies]
        # As in the plugin fs: `$HOME/*` does not cover `.bashrc`.
        if not PathScope(allow, deny, variables=paths.variables(), literal_dot=os.name == "posix").allows(found):
            # Tauri: the sentence of fs; its upload asks nobody.
            raise CommandError(
                f"forbidden path: {path}; add it to the scope of upload:allow-upload or upload:allow-download in a "
                "capability of the window"
            )
        return found

    def _is_denied(self, path: Path, scopes: tuple[ScopeValue[Entry], ...]) -> bool:
        deny = [entry.path for scope in scopes for entry in scope.denies]
        everything = PathScope(["/**"], deny, variables=self._app.path().variables(), literal_dot=False)
        return bool(deny) and not everything.allows(path)


def open_regular(path: Path) -> BinaryIO:
    """Open a checked file to read it.

    Raises:
        OSError: It cannot be opened, or is a link, a folder, a device or a pipe.
    """
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        raise OSError(errno.EINVAL, "Not a regular file")
    return os.fdopen(descriptor, "rb")
