"""Programs about closed windows; see `webkitgtk_scenarios`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from tests.runtimes.webkitgtk_scenarios import page, run
from transom.runtimes import CloseWindow, DestroyWindow, EvaluateScript, Runtime

SCENARIOS: dict[str, Callable[[Path], Any]] = {}
LAST_WORDS = """
  addEventListener('beforeunload', () => report('beforeunload'));
  addEventListener('pagehide', () => report('pagehide'));
  await report('here');
"""


def scenario(run: Callable[[Path], Any]) -> Callable[[Path], Any]:
    SCENARIOS[run.__name__] = run
    return run


def closed(folder: Path, close: Callable[[FakeHost], None], url: str = "index.html") -> Any:
    """Run until the window is gone, with `close` called when its page has reported first."""
    host: FakeHost
    began = time.monotonic()

    def start(runtime: Runtime) -> None:
        nonlocal host
        host = runtime._host  # type: ignore[attr-defined]
        host.on_event = lambda event: runtime.quit(7) if event.name == "destroyed" else None
        runtime.perform(new_window("main", url=url))
        if url != "index.html":
            close(host)

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        nonlocal began
        if len(host.reports) == 1:
            began = time.monotonic()
            close(host)

    host, code, log = run(folder, start=start, on_report=on_report, csp=None)
    return {
        "code": code,
        "log": log,
        "said": [report["value"] for report in host.reports],
        "events": [event.name for event in host.events if event.name in ("close-requested", "destroyed")],
        "loads": [load[:2] for load in host.loads],
        "sessions": [session.closed for session in host.sessions],
        "seconds": time.monotonic() - began,
    }


@scenario
def leaving(folder: Path) -> Any:
    page(folder, LAST_WORDS)
    return closed(folder, lambda host: host.runtime.perform(CloseWindow("main")))


@scenario
def own_close(folder: Path) -> Any:
    page(folder, LAST_WORDS)
    return closed(folder, lambda host: host.runtime.perform(EvaluateScript("main", "window.close()")))


@scenario
def close_button(folder: Path) -> Any:
    page(folder, LAST_WORDS)
    return closed(folder, lambda host: host.runtime._windows["main"].window.close())  # type: ignore[attr-defined]


@scenario
def destroying(folder: Path) -> Any:
    page(folder, LAST_WORDS)
    return closed(folder, lambda host: host.runtime.perform(DestroyWindow("main")))


@scenario
def hanging(folder: Path) -> Any:
    page(folder, "report('here'); setTimeout(() => { for (;;); });")
    return closed(folder, lambda host: host.runtime.perform(CloseWindow("main")))


@scenario
def hanging_while_left(folder: Path) -> Any:
    page(folder, "addEventListener('beforeunload', () => { for (;;); }); await report('here');")
    return closed(folder, lambda host: host.runtime.perform(CloseWindow("main")))


@scenario
def without_a_link(folder: Path) -> Any:
    return closed(folder, lambda host: host.runtime.perform(CloseWindow("main")), url="about:blank")


@scenario
def held(folder: Path) -> Any:
    page(folder, LAST_WORDS)

    def close(host: FakeHost) -> None:
        host.may_close = False
        host.runtime.perform(CloseWindow("main"))
        host.runtime.perform(CloseWindow("main"))
        host.runtime.perform(DestroyWindow("main"))

    return closed(folder, close)


@scenario
def reloading(folder: Path) -> Any:
    page(folder, LAST_WORDS)

    def close(host: FakeHost) -> None:
        host.runtime.perform(EvaluateScript("main", "location.reload()"))

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) == 1:
            close(host)
        elif report["value"] == "here":
            host.runtime.quit(7)

    host, code, log = run(folder, on_report=on_report, csp=None)
    return {"code": code, "log": log, "said": [report["value"] for report in host.reports]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
