"""When an application is inspected, and that nothing of the inspector is there when it is not."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.mock_app import context
from tests.requirements import ROOT
from transom import Builder
from transom.app._inspection import INSPECT, inspection_of
from transom.core import AppCore
from transom.inspector import Inspector
from transom.observe import ObservedSession
from transom.pages import PageSession


def _session_type(builder: Builder, *, development: bool) -> Any:
    core = builder.build(context("main", development=development), "mock")._app
    assert isinstance(core, AppCore)
    made = core._parts.session_type
    return getattr(made, "func", made)


@pytest.mark.parametrize("wish", ["", "0"])
def test_an_application_is_not_inspected_by_itself(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    monkeypatch.setenv(INSPECT, wish)
    for development in (True, False):
        assert _session_type(Builder(), development=development) is PageSession


def test_the_environment_counts_during_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INSPECT, "ready")
    assert _session_type(Builder(), development=True) is ObservedSession
    assert _session_type(Builder(), development=False) is PageSession


def test_the_builder_can_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(INSPECT, raising=False)
    assert _session_type(Builder().inspector(open_browser=False), development=False) is ObservedSession


def test_a_bundle_without_it_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "transom.inspector", None)
    assert inspection_of({"port": 0}, development=False) is None
    assert "has no inspector" in caplog.text


def test_an_application_that_is_not_inspected_imports_nothing_of_it() -> None:
    program = (
        "import sys, transom, transom.core, transom.app\n"
        "from tests.mock_app import context\n"
        "transom.Builder().build(context('main'), 'mock')\n"
        "print([name for name in sys.modules if name.startswith(('transom.inspector', 'transom.observe'))])"
    )
    path = f"{ROOT / 'src'}:{ROOT}"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": path}, check=False
    )
    assert ran.stdout.strip() == "[]", ran.stderr


class _Refused:
    """A runtime that cannot listen."""

    def __init__(self, ran: list[_Refused]) -> None:
        self._ran = ran

    def run(self) -> int:
        self._ran.append(self)
        raise OSError("the address is in use")

    def announce(self) -> None:
        raise AssertionError("it has no address")


def test_an_inspector_that_could_not_be_served_is_served_at_the_next_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[_Refused] = []
    factories: list[Any] = [lambda *_: (_ for _ in ()).throw(OSError("no folder")), *[lambda *_: _Refused(ran)] * 2]
    monkeypatch.setattr("transom.inspector._application.find_runtime", lambda _: factories.pop(0))
    core = Builder().build(context("main", development=True), "mock")._app
    assert isinstance(core, AppCore)
    inspector = Inspector()
    inspector.watch(core)
    with pytest.raises(OSError, match="no folder"):
        inspector.open(None, open_browser=False)
    for _ in range(2):
        inspector.open(None, open_browser=False)
        assert inspector._thread is not None
        inspector._thread.join()
    assert len(ran) == 2
    assert caplog.text.count("the inspector cannot be shown: the address is in use") == 2
