"""Windows of the web runtime in a real browser: closed, left, hidden and shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.runtimes.browser import browser
from tests.runtimes.fake_host import FakeHost, new_window
from tests.runtimes.served import served_runtime
from transom.runtimes import CloseWindow, DestroyWindow, EvaluateScript, Runtime, SetVisible, WindowEvent

SOON = 40.0
PAGE = """<!doctype html><html><head><title>t</title></head><body><script>
const {label} = window.__TAURI_INTERNALS__.metadata.currentWindow;
const report = (value) => window.__TAURI_INTERNALS__.invoke('report', {value});
%s
// Once it has loaded: what opens the page waits for that.
addEventListener('load', () => setTimeout(() => report('here ' + label), 20));
</script></body></html>"""


class Browsed:
    """An application whose pages a browser shows.

    Args:
        host: The application.
    """

    def __init__(self, host: FakeHost) -> None:
        self.host = host
        self._changed = threading.Condition()
        self._take_report = host.take_report
        host.take_report = self._note  # type: ignore[method-assign]
        host.on_event = lambda _: self._notify()

    def _note(self, session: Any, report: Any) -> None:
        self._take_report(session, report)
        self._notify()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def perform(self, op: Any) -> Any:
        """Ask the runtime for something."""
        return self.host.runtime.perform(op)

    @property
    def said(self) -> list[Any]:
        """What pages have reported."""
        return [report["value"] for report in self.host.reports]

    @property
    def events(self) -> list[tuple[str, str]]:
        """Labels and names of the events of windows."""
        return [(event.label, event.name) for event in self.host.events]

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        with self._changed:
            assert self._changed.wait_for(condition, SOON), (self.said, self.host.events)


@contextmanager
def browsed(
    folder: Path, script: str = "", start: Callable[[Runtime], None] | None = None, *, blocked: bool = False
) -> Iterator[Browsed]:
    """Show an application in a browser until the test ends; if `blocked`, it lets no page open windows by itself."""
    (folder / "index.html").write_text(PAGE % script, "utf-8")
    start = start or (lambda runtime: runtime.perform(new_window("main")))
    with served_runtime(folder, start=start, carried="direct", csp=None) as (host, address):
        application = Browsed(host)
        with browser() as found:
            tab = found.tab()
            if blocked:
                tab.do("before", "window.open = () => null")
            tab.goto(address)
            application.wait(lambda: bool(application.said))
            yield application


LAST_WORDS = """
  addEventListener('beforeunload', () => report('beforeunload'));
  addEventListener('pagehide', () => report('pagehide'));
"""


def test_calls_that_a_page_makes_while_its_window_closes_arrive(tmp_path: Path) -> None:
    with browsed(tmp_path, LAST_WORDS) as application:
        application.perform(CloseWindow("main"))
        application.wait(lambda: ("main", "destroyed") in application.events)
        assert application.said == ["here main", "beforeunload", "pagehide"]


def test_a_page_that_hangs_does_not_hold_its_window(tmp_path: Path) -> None:
    with browsed(tmp_path, "const hang = () => { for (;;); };") as application:
        application.perform(EvaluateScript("main", "report('hangs').then(hang, hang); setTimeout(hang)"))
        application.wait(lambda: "hangs" in application.said)
        application.perform(CloseWindow("main"))
        application.wait(lambda: ("main", "destroyed") in application.events)


def test_calls_that_a_page_makes_while_it_is_loaded_again_arrive(tmp_path: Path) -> None:
    with browsed(tmp_path, LAST_WORDS) as application:
        application.perform(EvaluateScript("main", "location.reload()"))
        application.wait(lambda: application.said.count("here main") == 2)
        assert application.said == ["here main", "beforeunload", "pagehide", "here main"]


NOTICES = """
  const notices = () => [...document.querySelectorAll('button')].map((button) => button.textContent);
"""


def _splash(runtime: Runtime) -> None:
    runtime.perform(new_window("main", visible=False))
    runtime.perform(new_window("splash", url="index.html?splash"))


@pytest.mark.parametrize("first", ["show", "close"])
@pytest.mark.parametrize("blocked", [False, True])
def test_a_splash_screen_gives_way_to_the_main_window(tmp_path: Path, first: str, blocked: bool) -> None:
    with browsed(tmp_path, "", _splash, blocked=blocked) as application:
        assert application.said == ["here splash"]
        steps = [SetVisible("main", True), CloseWindow("splash")]
        for step in steps if first == "show" else steps[::-1]:
            application.perform(step)
        application.wait(lambda: ("splash", "destroyed") in application.events and "here main" in application.said)
        assert application.said == ["here splash", "here main"]
        assert ("main", "destroyed") not in application.events


def test_a_window_called_splashscreen_is_left_out_where_the_main_window_has_to_end_it(tmp_path: Path) -> None:
    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main", visible=False))
        runtime.perform(new_window("splashscreen", url="index.html?splash"))

    with browsed(tmp_path, "", start) as application:
        assert application.said == ["here main"]
        # What `close_splashscreen` of Tauri's documentation does, in a page that runs.
        application.perform(CloseWindow("splashscreen"))
        application.perform(SetVisible("main", True))
        application.wait(lambda: ("splashscreen", "destroyed") in application.events)
        assert ("main", "destroyed") not in application.events
        assert application.said == ["here main"]


def test_a_tab_shows_the_page_of_the_first_window_and_not_the_root(tmp_path: Path) -> None:
    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main", url="index.html?part#here"))

    with browsed(tmp_path, "setTimeout(() => report(location.search + location.hash));", start) as application:
        application.wait(lambda: "?part#here" in application.said)


def test_a_tab_that_turns_to_another_window_stays_that_window(tmp_path: Path) -> None:
    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main", url="#part", visible=False))  # the same document as the first window's
        runtime.perform(new_window("splash"))

    with browsed(tmp_path, "", start) as application:
        application.perform(CloseWindow("splash"))
        application.wait(lambda: "here main" in application.said)
        application.perform(EvaluateScript("main", "location.reload()"))
        application.wait(lambda: application.said.count("here main") == 2)
        assert application.said == ["here splash", "here main", "here main"]


def test_a_window_that_is_destroyed_leaves_its_page_to_another(tmp_path: Path) -> None:
    with browsed(tmp_path, "", _splash) as application:
        application.perform(DestroyWindow("splash"))
        application.wait(lambda: "here main" in application.said)


def test_a_hidden_window_is_opened_when_no_other_is_there(tmp_path: Path) -> None:
    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main", visible=False))

    with browsed(tmp_path, "", start) as application:
        assert application.said == ["here main"]


def test_the_button_for_a_window_goes_with_it(tmp_path: Path) -> None:
    with browsed(tmp_path, NOTICES, blocked=True) as application:
        for gone in (DestroyWindow("other"), SetVisible("other", False), CloseWindow("other")):
            if gone != CloseWindow("other"):
                application.perform(new_window("other"))
            else:
                application.perform(SetVisible("other", True))
            application.perform(EvaluateScript("main", "report(notices())"))
            application.perform(gone)
            application.perform(EvaluateScript("main", "report(notices())"))
        application.wait(lambda: len(application.said) == 7)
        assert application.said[1:] == [["Open the window “other”"], []] * 3


def test_a_window_that_was_opened_is_closed_with_its_page(tmp_path: Path) -> None:
    with browsed(tmp_path) as application:
        application.perform(new_window("other"))
        application.wait(lambda: "here other" in application.said)
        application.perform(CloseWindow("other"))
        application.wait(lambda: ("other", "destroyed") in application.events)
        application.perform(EvaluateScript("main", "report('still here')"))
        application.wait(lambda: "still here" in application.said)


def test_a_page_is_hidden_and_shown(tmp_path: Path) -> None:
    look = "const look = () => [getComputedStyle(document.documentElement).opacity, document.documentElement.inert];"
    with browsed(tmp_path, look) as application:
        for visible in (False, True):
            application.perform(SetVisible("main", visible))
            application.perform(EvaluateScript("main", "report(look())"))
        application.wait(lambda: len(application.said) == 3)
        assert application.said[1:] == [["0", True], ["1", False]]


def test_scripts_for_a_page_that_is_not_there_run_in_order_when_it_is(tmp_path: Path) -> None:
    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))
        for number in range(3):
            runtime.perform(EvaluateScript("main", f"report({number} + document.readyState)"))

    with browsed(tmp_path, "", start) as application:
        application.wait(lambda: len(application.said) == 4)
        assert [text[0] for text in application.said if text != "here main"] == ["0", "1", "2"]
        application.perform(EvaluateScript("main", "location.reload()"))
        application.wait(lambda: application.said.count("here main") == 2)
        application.perform(EvaluateScript("main", "report('last')"))
        application.wait(lambda: application.said[-1] == "last")
        assert len(application.said) == 6


def test_a_page_tells_its_size_and_whether_it_has_the_keyboard(tmp_path: Path) -> None:
    script = """
      Object.defineProperty(window, 'devicePixelRatio', {value: 2});
      let focused = true;
      document.hasFocus = () => focused;
    """
    with browsed(tmp_path, script) as application:
        application.perform(
            EvaluateScript("main", "dispatchEvent(new Event('resize')); report([innerWidth, innerHeight])")
        )
        application.wait(lambda: len(application.said) == 2)
        width, height = application.said[1]
        assert WindowEvent("main", "resize", {"width": 2 * width, "height": 2 * height}) in application.host.events
        turn = "focused = {}; dispatchEvent(new Event('focus')); dispatchEvent(new Event('blur'));"
        for focused in ("true", "false", "true"):
            application.perform(EvaluateScript("main", turn.format(focused)))
        application.wait(lambda: application.events.count(("main", "focus")) == 2)
        application.perform(CloseWindow("main"))
        application.wait(lambda: ("main", "destroyed") in application.events)
        names = [name for _, name in application.events if name not in ("resize", "scale-change", "move")]
        assert names == ["focus", "blur", "focus", "close-requested", "blur", "destroyed"]
