"""The inspector: an application of its own beside the one that it shows, with a page in a browser."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from ..config import AppConfig, BuildConfig, Config, WindowConfig
from ..core import AppCore, AppParts, headers_of, policy_of
from ..errors import TransomError
from ..handles import StateManager
from ..pages import QueueLimits
from ..runtimes import Runtime, Settings, find_runtime
from ._bounds import BOUNDS, Bounds
from ._commands import inspector_commands
from ._recorder import Recorder
from ._subject import Subject

__all__ = ["Inspector"]

_log = logging.getLogger("transom")
_PAGE = Path(__file__).parent / "page"
_GRACE = 3.0  # seconds for the inspector to end


class Inspector:
    """Records what an application does, and shows it on a page that is served on loopback.

    The page is served by a second application with its own event loop, so that it answers while the first one is blocked.

    Args:
        bounds: How much is kept.
        port: The port of the page; 0 for one that stays the same where it is free.
        token: A secret that admits browsers, any number of times; `None` for printed codes that each admit one.
    """

    def __init__(self, bounds: Bounds = BOUNDS, *, port: int = 0, token: str | None = None) -> None:
        self.recorder = Recorder(bounds)
        self._port = port
        self._token = token
        self._subject: Subject | None = None
        self._core: AppCore | None = None
        self._runtime: Any = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def watch(self, app: AppCore) -> None:
        """Record the events of an application; before it runs, and once."""
        self._subject = Subject(app, self.recorder)
        app.events.observe(self.recorder.published)

    def open(self, folder: Path | None, *, open_browser: bool | None, sessions: str | None = None) -> None:
        """Serve the page, and print its address. If it is served already, show it again.

        Args:
            folder: Where the page's address is kept, so that it is the same at the next start; `None` to forget it.
            open_browser: Whether to show it in a browser; `None` for "where there is a display".
            sessions: The key of sessions that last over restarts; `None` for none.
        """
        with self._lock:
            if self._core is not None:
                self._runtime.announce()
                return
            assert self._subject is not None
            core = _application(self._subject)
            settings = Settings(
                name="the inspector",
                assets=_PAGE,
                csp=policy_of(core.config),
                headers=headers_of(core.config),
                data_directory=folder,
                options={
                    "port": self._port,
                    "token": self._token,
                    "open_browser": open_browser,
                    "sessions": sessions,
                    "supervised": True,
                    "tell": _print,
                },
            )
            runtime = self._runtime = core.start(find_runtime("web"), settings)
            self._core = core
            self._thread = threading.Thread(
                target=self._run, args=(core, runtime), name="transom-inspector", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Stop serving the page. Called twice, the second does nothing."""
        with self._lock:
            core, self._core = self._core, None
        if core is not None and self._thread is not None:
            core.signalled(signal.SIGTERM)
            self._thread.join(_GRACE)

    def _run(self, core: AppCore, runtime: Runtime) -> None:
        try:
            core.threads.loop.start()
            runtime.run()
        except (TransomError, OSError) as error:
            _log.warning("the inspector cannot be shown: %s", error)
        except Exception:  # noqa: BLE001 - the application goes on without its inspector
            _log.exception("the inspector failed")
        finally:
            with self._lock:  # so that `open` serves the page again
                if self._core is core:
                    self._core = None
            core.stop()


def _application(subject: Subject) -> AppCore:
    name = subject.app.config.product_name or subject.app.config.identifier
    config = Config(
        folder=_PAGE,
        file="the inspector",
        identifier="org.transom.inspector",
        app=AppConfig(windows=(WindowConfig(label="inspector", title=f"{name}: inspector"),)),
        build=BuildConfig(frontend_dist="."),
    )
    state = StateManager()
    state.set(subject)
    return AppCore(config, AppParts(state=state, limits=QueueLimits(), handlers=(inspector_commands(),)))


def _print(_sentence: str, address: str) -> None:
    # Not on stdout, and in other words than an application's: programs wait for that line.
    print(f"transom: inspector: {address}", file=sys.stderr, flush=True)  # noqa: T201 - for the developer
