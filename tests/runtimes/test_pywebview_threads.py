"""The threads of the pywebview runtime: that of its calls, and that of its windows."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import Future
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.requirements import needs_pywebview_package
from transom.errors import WindowError


@pytest.fixture(autouse=True)
def webview() -> Any:
    return needs_pywebview_package()


def test_calls_are_done_in_order_and_errors_reach_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    from transom.runtimes.pywebview._calls import Calls

    calls, done = Calls(), []
    calls.start()
    calls.put(lambda: done.append(1))
    calls.put(lambda: 1 / 0)
    assert calls.call(lambda: calls.call(lambda: done.append(2))) is None
    with pytest.raises(ZeroDivisionError):
        calls.call(lambda: 1 / 0)
    assert done == [1, 2]
    assert "a call of pywebview failed" in caplog.text
    calls.end()


def test_a_call_that_comes_too_late_fails_and_does_not_wait_for_ever() -> None:
    from transom.runtimes.pywebview._calls import Calls

    calls, late = Calls(), threading.Event()
    calls.start()
    failed: list[str] = []

    def call() -> None:
        with pytest.raises(WindowError) as error:
            calls.call(lambda: None)
        failed.append(str(error.value))

    calls.put(late.wait)
    calls.end()
    other = threading.Thread(target=call, daemon=True)
    other.start()
    late.set()
    other.join(10)
    call()
    assert failed == ["the window system has ended"] * 2


def test_work_for_the_windows_is_done_when_their_loop_begins_and_goes_into_it_then() -> None:
    from transom.runtimes.pywebview._window_thread import WindowThread

    thread, done, invoked = WindowThread(), [], []
    thread.post(lambda: done.append("early"))
    thread.loop_begins(invoked.append)
    assert done == ["early"]
    thread.post(lambda: done.append("late"))
    assert len(invoked) == 1
    invoked[0]()
    assert done == ["early", "late"]
    thread.loop_has_ended()
    thread.post(lambda: done.append("after"))
    thread.next()
    assert done[-1] == "after"
    assert len(invoked) == 1


def test_who_waits_for_the_windows_is_told_when_they_have_ended() -> None:
    from transom.runtimes.pywebview._window_thread import WindowThread

    thread, waits = WindowThread(), threading.Event()
    thread.loop_begins(lambda _: waits.set())
    failed: Future[Any] = Future()

    def call() -> None:
        try:
            thread.call(lambda: None)
        except WindowError as error:
            failed.set_result(str(error))

    other = threading.Thread(target=call)
    other.start()
    assert waits.wait(10)
    thread.end()
    assert failed.result(10) == "the window system has ended"
    other.join(10)
    with pytest.raises(WindowError):
        _in_another_thread(lambda: thread.call(lambda: None))


def _in_another_thread(work: Any) -> Any:
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except WindowError as error:
            future.set_exception(error)

    threading.Thread(target=run).start()
    return future.result(10)


def test_on_macos_work_gets_into_the_loop_by_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from transom.runtimes.pywebview._main_thread import invoker_for

    helper, done = ModuleType("PyObjCTools.AppHelper"), []
    helper.callAfter = lambda work: work()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "PyObjCTools", ModuleType("PyObjCTools"))
    monkeypatch.setitem(sys.modules, "PyObjCTools.AppHelper", helper)
    invoker_for("cocoa", None)(lambda: done.append(1))
    assert done == [1]


def test_on_windows_work_gets_into_the_loop_by_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from transom.runtimes.pywebview._main_thread import invoker_for

    class Func:
        def __class_getitem__(cls, kind: Any) -> Any:
            return lambda work: ("delegate", work)

    system, begun, done = ModuleType("System"), [], []
    system.Func, system.Object = Func, object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "System", system)
    form = SimpleNamespace(BeginInvoke=begun.append)
    invoker_for("winforms", SimpleNamespace(native=form))(lambda: done.append(1) or 5)
    ((kind, work),) = begun
    assert (kind, work(), done) == ("delegate", None, [1])
