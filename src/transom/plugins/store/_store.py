"""One store: values by key in memory, saved to its file."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...errors import TransomError
from ...handles import AppHandle
from ._files import Deserialize, Serialize, replace

__all__ = ["Store"]

_log = logging.getLogger("transom")


class Store:
    """A store: a dictionary that is saved (Tauri: `tauri_plugin_store::Store`). Any thread; `load` makes one.

    A list or a dictionary in a store belongs to it: change a copy, and `set` that. Every change is told to the pages that
    listen to it (`store.onChange`), and is saved after a pause, unless that was turned off.

    Attributes:
        path: Its file.
        told_path: How pages of version 2.0.0 of the npm package know it: by the path that they gave.
        rid: The number by which pages know it.
    """

    def __init__(
        self,
        app: AppHandle,
        path: Path,
        codec: tuple[Serialize, Deserialize],
        defaults: Mapping[str, Any] | None,
        auto_save: float | None,
        ended: Callable[[Store], None],
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        self.path = path
        self.told_path = str(path)
        self.rid = 0
        self._app = app
        self._serialize, self._deserialize = codec
        self._defaults = None if defaults is None else dict(defaults)
        self._values: dict[str, Any] = dict(self._defaults or {})
        self._auto_save = auto_save
        self._ended = ended
        self._tell_pages = tell
        self._changed = False
        self._saving: Future[None] | None = None
        self._due = 0.0
        self._lock = threading.RLock()
        self._writing = threading.Lock()

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key; `default` when it has none."""
        return self._values.get(key, default)

    def has(self, key: str) -> bool:
        """Tell whether a key has a value."""
        return key in self._values

    def keys(self) -> list[str]:
        """Return all keys."""
        return list(self._values)

    def values(self) -> list[Any]:
        """Return all values."""
        return list(self._values.values())

    def entries(self) -> list[tuple[str, Any]]:
        """Return all keys with their values."""
        return list(self._values.items())

    def length(self) -> int:
        """Return the number of keys."""
        return len(self._values)

    def set(self, key: str, value: Any) -> None:
        """Give a key a value.

        Raises:
            TypeError: JSON cannot hold it.
        """
        json.dumps(value)
        with self._lock:
            self._values[key] = value
            self._tell(key, value, exists=True)

    def delete(self, key: str) -> bool:
        """Remove a key, and tell whether it was there."""
        with self._lock:
            if key not in self._values:
                return False
            del self._values[key]
            self._tell(key, None, exists=False)
            return True

    def clear(self) -> None:
        """Remove every key, those with a default too."""
        with self._lock:
            for key in list(self._values):
                self.delete(key)

    def reset(self) -> None:
        """Go back to the defaults; without any, remove every key."""
        with self._lock:
            defaults = self._defaults or {}
            for key in [key for key in self._values if key not in defaults]:
                self.delete(key)
            for key, value in defaults.items():
                if key not in self._values or self._values[key] != value:
                    self.set(key, value)

    def reload(self, *, ignore_defaults: bool = False) -> None:
        """Take in what the file holds now; nobody is told of it.

        Args:
            ignore_defaults: Forget what the file does not hold; otherwise the values of the file are added to those here.

        Raises:
            OSError: The file cannot be read.
            ValueError: The file cannot be understood.
        """
        found = self._deserialize(self.path.read_bytes())
        with self._lock:
            self._values = found if ignore_defaults else {**self._values, **found}

    def save(self) -> None:
        """Write the file now, which takes a while: not on the event loop's thread.

        Raises:
            OSError: It cannot be written; the file is as it was.
        """
        with self._writing:
            with self._lock:
                self._changed = False
                data = self._serialize(self._values)
            try:
                replace(self.path, data)
            except BaseException:
                self._changed = True
                raise

    def close_resource(self) -> None:
        """Forget the store, as a page does with `store.close()`; what is not saved yet is saved if it saves by itself."""
        with suppress(TransomError):  # it was closed before
            self._app.resources_table().close(self.rid)

    def close(self) -> None:
        """See `Resource`."""
        self._ended(self)
        with self._lock:
            saving, self._saving = self._saving, None
        if saving is not None:
            saving.cancel()
        if self._auto_save is not None:
            self.save_changes()

    def save_changes(self) -> None:
        """Save what is not saved yet; a failure is logged."""
        if not self._changed:
            return
        try:
            self.save()
        except Exception:  # noqa: BLE001 - nobody waits for it, and the other stores must be saved too
            _log.exception("the store %s could not be saved", self.path.name)

    def _tell(self, key: str, value: Any, *, exists: bool) -> None:
        self._changed = True
        change = {"path": self.told_path, "resourceId": self.rid, "key": key, "value": value, "exists": exists}
        self._tell_pages(change)
        if self._auto_save is not None:
            self._due = time.monotonic() + self._auto_save
            if self._saving is None:
                with suppress(RuntimeError):  # the application has ended, or has not begun: the end saves
                    self._saving = self._app.spawn(self._save_when_quiet())

    async def _save_when_quiet(self) -> None:
        while (seconds := self._due - time.monotonic()) > 0:  # noqa: ASYNC110 - every change moves the time
            await asyncio.sleep(seconds)
        with self._lock:
            self._saving = None
        await asyncio.to_thread(self.save_changes)
