"""Whether an application is inspected, and the inspector's page from its beginning to its end."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core import AppCore
from ..errors import ConfigError, TransomError
from ..pages import PageSession

if TYPE_CHECKING:
    from ..inspector import Inspector
    from ..observe import Watcher

__all__ = ["INSPECT", "Inspection", "inspection_of", "session_type_of"]

INSPECT = "TRANSOM_INSPECT"
"""The environment variable that turns the inspector on during development: `1` shows it at the start, `ready` on request."""
_log = logging.getLogger("transom")


class Inspection:
    """An application's inspector.

    Args:
        inspector: The inspector.
        at_start: Whether its page is served when the application starts; else on request.
        open_browser: Whether it is shown in a browser; `None` for "where there is a display".
    """

    def __init__(self, inspector: Inspector, *, at_start: bool, open_browser: bool | None) -> None:
        self._inspector = inspector
        self._at_start = at_start
        self._open_browser = open_browser
        self._folder: Path | None = None
        self._lock = threading.Lock()
        self.sessions: str | None = None

    @property
    def recorder(self) -> Watcher:
        """Is told what the pages do."""
        return self._inspector.recorder

    def watch(self, core: AppCore) -> None:
        """Record the events of an application."""
        self._inspector.watch(core)

    def begin(self, folder: Path) -> None:
        """Serve the page, unless that is to wait for a request.

        Args:
            folder: The folder of the application's local data.
        """
        with self._lock:
            self._folder = folder / "inspector"
        if self._at_start:
            self.show(open_browser=self._open_browser)

    def show(self, *, open_browser: bool | None) -> None:
        """Serve the page once the application has begun, or show it again; the log says if that is impossible."""
        with self._lock:
            if self._folder is None:
                self._at_start, self._open_browser = True, open_browser
                return
        try:
            self._inspector.open(self._folder, open_browser=open_browser, sessions=self.sessions)
        except (TransomError, OSError) as error:
            _log.warning("the inspector cannot be shown: %s", error)

    def stop(self) -> None:
        """Stop serving the page."""
        self._inspector.stop()


def session_type_of(
    inspection: Inspection | None, tracing: Watcher | None, recording: Path | None, *, is_server: bool
) -> Callable[..., PageSession]:
    """Return what makes the page generations of an application: plain ones, unless somebody watches.

    Args:
        inspection: The inspector.
        tracing: Makes spans.
        recording: The file that what pages say and hear is written to.
        is_server: Whether the application is for many users.

    Raises:
        ConfigError: A server, which makes spans itself, is to make them twice, or the file cannot be written.
    """
    if is_server and tracing is not None:
        raise ConfigError("Builder.tracing: a server makes spans itself where an SDK is set up; leave the call out")
    recorder = None if inspection is None else inspection.recorder
    watchers = [watcher for watcher in (tracing, recorder) if watcher is not None]
    if not watchers and recording is None:
        return PageSession
    from ..observe import ObservedSession, Recording

    if recording is not None:
        try:
            watchers.append(Recording(recording))
        except OSError as error:
            raise ConfigError(f"the recording {recording} cannot be written: {error.strerror}") from None

    return partial(ObservedSession, watchers)


def inspection_of(options: Mapping[str, Any] | None, *, development: bool) -> Inspection | None:
    """Return the inspector of an application; `None` if it is not inspected.

    Args:
        options: What `Builder.inspector` was given; `None` if it was not called.
        development: Whether the environment variable counts.
    """
    wish = os.environ.get(INSPECT, "") if development else ""
    if options is None and wish in ("", "0"):
        return None
    try:
        from ..inspector import Inspector
    except ImportError:  # `transom build` leaves it out
        _log.warning(
            "this program has no inspector, so Builder.inspector has no effect; a program that imports transom.inspector "
            "itself takes it into its bundle"
        )
        return None
    given = {} if options is None else dict(options)
    open_browser = given.pop("open_browser", None)
    return Inspection(Inspector(**given), at_start=options is not None or wish == "1", open_browser=open_browser)
