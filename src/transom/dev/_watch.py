"""Follows the files of a project: which folders, and what a change of a file means."""

from __future__ import annotations

import fnmatch
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from ..errors import AuthorError

__all__ = ["Follower", "kind_of", "watched_folders"]

_IGNORED = frozenset(
    "node_modules site-packages __pycache__ venv env build target dist .git .venv .tox .mypy_cache .ruff_cache "
    ".pytest_cache .hypothesis .idea .vscode".split()
)
_CONFIGURATION = ("tauri.conf.json", "tauri.conf.json5", "tauri.*.conf.json", "tauri.*.conf.json5", "Tauri*.toml")
_ACCESS = frozenset({"capabilities", "permissions"})
_TESTS = ("test_*.py", "*_test.py", "conftest.py")
# Milliseconds: an editor that writes a file in several steps is done by then, and a person does not notice them.
_STEP = 25
_DEBOUNCE = 200
_TIMEOUT = 500
_POLL = 300  # where the system tells of nothing
_ADDED = 1  # the number of watchfiles

Change = Literal["back end", "front end"]


def watched_folders(roots: Iterable[Path], front_end: Sequence[Path] = ()) -> list[Path]:
    """Return the folders whose files are followed, sorted.

    Args:
        roots: The project's folders; of what is in them, folders of packages and builds and hidden ones are left out.
        front_end: The folders and files of a front end that is shown as it is; a folder may be called `dist`.
    """
    found = {path.parent for path in front_end if path.is_file()}
    for root in (*roots, *front_end):
        for folder, names, _ in os.walk(root):
            names[:] = [name for name in names if name not in _IGNORED and not name.startswith(".")]
            found.add(Path(folder))
    return sorted(found)


def kind_of(path: Path, front_end: Sequence[Path]) -> Change | None:
    """Tell what a change of a file concerns, `None` for nothing that runs.

    Args:
        path: The file.
        front_end: The folders and files of a front end that is shown as it is; none if a development server follows them.
    """
    name = path.name
    if any(fnmatch.fnmatch(name, pattern) for pattern in _TESTS):
        return None
    if path.suffix == ".py" or any(fnmatch.fnmatch(name, pattern) for pattern in _CONFIGURATION):
        return "back end"
    if path.suffix in (".json", ".json5", ".toml") and _ACCESS & set(path.parts):
        return "back end"
    # Editors write beside the file: hidden ones, and names that end in a tilde.
    is_temporary = name.startswith(".") or name.endswith("~")
    return "front end" if not is_temporary and any(map(path.is_relative_to, front_end)) else None


class Follower:
    """Tells of changed files, in a thread.

    Args:
        roots: The project's folders.
        front_end: The folders and files of a front end that is shown as it is.
        changed: Called with the files that have changed.

    Raises:
        AuthorError: The package watchfiles is missing.
    """

    def __init__(
        self, roots: Iterable[Path], front_end: Sequence[Path], changed: Callable[[frozenset[Path]], object]
    ) -> None:
        try:
            from watchfiles._rust_notify import RustNotify  # what watchfiles calls its back end, and documents
        except ModuleNotFoundError:
            raise AuthorError("following files needs the package watchfiles: pip install 'transom[dev]'") from None
        self._notify_class = RustNotify
        self._roots = tuple(roots)
        self._front_end = front_end
        self._changed = changed
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin: every change from now on is told."""
        notify = self._watcher()
        threading.Thread(target=self._follow, args=(notify,), name="transom-files", daemon=True).start()

    def stop(self) -> None:
        """End; may be called twice."""
        self._stopped.set()

    def _watcher(self) -> Any:
        while True:
            folders = list(map(str, watched_folders(self._roots, self._front_end)))
            with suppress(FileNotFoundError):  # one was deleted meanwhile, as by `git switch`
                return self._notify_class(folders, False, False, _POLL, False, True)

    def _follow(self, notify: Any) -> None:
        while True:
            changes = notify.watch(_DEBOUNCE, _STEP, _TIMEOUT, self._stopped)
            if self._stopped.is_set():
                return
            if isinstance(changes, str):  # such as "timeout"
                continue
            paths = {Path(path) for _, path in changes}
            if new := [Path(path) for kind, path in changes if kind == _ADDED and Path(path).is_dir()]:
                notify = self._watcher()  # a new folder is to be followed too, and may have files by now
                paths.update(file for folder in watched_folders(new) for file in _files_in(folder))
            self._changed(frozenset(paths))


def _files_in(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # it is gone again
        return []
