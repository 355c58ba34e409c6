"""`docs/support.md` says what becomes of every command of the npm package."""

from __future__ import annotations

import pytest

from tests.docs.runtime_table import OPERATIONS
from tests.docs.support_samples import SAMPLES
from tests.docs.support_table import PAGE, commands_of_clients, handled, operations, page
from tests.requirements import needs_npm_package, needs_pywebview, needs_webkitgtk
from transom.runtimes import DesktopOp, Op, Runtime, WebviewOp, WindowOp
from transom.runtimes.ops import DESKTOP_OPERATIONS, GETTERS, SETTERS, WEBVIEW_OPERATIONS


def test_the_page_is_what_the_runtimes_say_about_themselves() -> None:
    needs_webkitgtk()
    needs_pywebview()
    needs_npm_package("tauri-api-2.0")
    assert PAGE.read_text("utf-8") == page(), "run `python -m tests.docs.support_table`"


def test_every_command_of_the_npm_package_is_handled() -> None:
    needs_npm_package("tauri-api-2.0")
    called = commands_of_clients()
    assert len(called) > 150
    assert called - set(handled()) == set()


@pytest.mark.slow
def test_every_operation_is_reached_by_a_command_or_in_the_table_of_the_guide() -> None:
    reached: set[type[Op[object]]] = set().union(*operations().values())
    known = {*Op.__subclasses__(), *WindowOp.__subclasses__(), *WebviewOp.__subclasses__(), *DesktopOp.__subclasses__()}
    known -= {WindowOp, WebviewOp, DesktopOp}
    ours = {op for op in known if op.__module__.startswith("transom.")}
    assert {op.__name__ for op in ours - reached - set(OPERATIONS)} == set()
    assert {*GETTERS, *SETTERS, *DESKTOP_OPERATIONS} <= reached


def test_samples_are_of_commands_that_there_are() -> None:
    assert set(SAMPLES) <= set(handled())


def _runtimes() -> list[type[Runtime]]:
    from transom.runtimes._mock import MockRuntime
    from transom.runtimes.web._runtime import WebRuntime

    return [MockRuntime, WebRuntime]


@pytest.mark.parametrize("runtime", _runtimes())
def test_a_runtime_either_does_an_operation_or_gives_a_reason(runtime: type[Runtime]) -> None:
    assert all(
        reason and reason[0] not in " `." and not reason.endswith(".") for reason in runtime.UNSUPPORTED.values()
    )
    assert not set(runtime.UNSUPPORTED) & set(runtime.PARTIAL)


def test_pywebview_does_every_operation_that_it_does_not_refuse() -> None:
    needs_pywebview()
    from transom.runtimes.pywebview import _unsupported as pywebview
    from transom.runtimes.pywebview._operations import READS
    from transom.runtimes.pywebview._operations import SETTERS as CHANGES
    from transom.runtimes.web.state import PAGE_SCRIPTS

    done = {*READS, *CHANGES, *PAGE_SCRIPTS, *pywebview.BY_THE_RUNTIME}
    everything = {*GETTERS, *SETTERS, *DESKTOP_OPERATIONS, *WEBVIEW_OPERATIONS}
    assert everything - done == set(pywebview.UNSUPPORTED) & everything
    assert not set(pywebview.UNSUPPORTED) & set(pywebview.PARTIAL)


def test_webkitgtk_does_every_operation_that_it_does_not_refuse() -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk import _runtime as gtk

    done = {*gtk.WINDOW_OPS, *gtk.DESKTOP_OPS, *gtk.LAUNCHER_OPS}
    everything = {*GETTERS, *SETTERS, *DESKTOP_OPERATIONS}
    assert everything - done == set(gtk.UNSUPPORTED) & everything
    assert not set(gtk.UNSUPPORTED) & set(gtk.PARTIAL)
    assert set(gtk.WAYLAND) <= set(gtk.PARTIAL)
