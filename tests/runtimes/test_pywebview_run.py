"""Applications on the pywebview runtime from their start to their end, on its GTK and its Qt back end."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.conformance.test_clients import QT
from tests.desktop.desktop import Desktop, desktop, eventually
from tests.requirements import ROOT, needs_global_api, needs_pywebview, needs_qt
from tests.runtimes.pywebview_program import write_project

ENVIRONMENTS = {"gtk": {"PYWEBVIEW_GUI": "gtk"}, "qt": QT}


@pytest.fixture(params=list(ENVIRONMENTS))
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Program]:
    """Start an application; the second one with the same project finds what the first has stored."""
    needs_pywebview()
    needs_global_api()
    if request.param == "qt":
        needs_qt()

    def start(
        scenario: str, on: Desktop | None = None, more: Mapping[str, str] | None = None, **window: Any
    ) -> Program:
        if not (tmp_path / "project").exists():
            write_project(tmp_path / "project", **window)
        given: dict[str, str | None] = {
            "WAYLAND_DISPLAY": None,
            "GDK_BACKEND": "x11",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
            **({"DISPLAY": request.getfixturevalue("display")} if on is None else on.environment),
            **ENVIRONMENTS[request.param],
            "XDG_DATA_HOME": str(tmp_path / "data"),
            **(more or {}),
        }
        arguments = [sys.executable, "-m", "tests.runtimes.pywebview_program", tmp_path / "project", scenario]
        return Program(arguments, given)

    return start


def test_what_a_page_stores_is_there_at_the_next_start(started: Callable[..., Program]) -> None:
    for count in (1, 2):
        with started("once") as program:
            assert json.loads(program.line()) == ["page", "main", "main", count, False]
            assert program.status() == 7, program.errors


def test_a_page_that_is_loaded_again_is_of_the_same_window(started: Callable[..., Program]) -> None:
    with started("reload") as program:
        assert json.loads(program.line()) == ["page", "main", "main", 1, False]
        assert json.loads(program.line()) == ["page", "main", "main", 2, False]
        assert program.status() == 7, program.errors


def test_an_application_outlives_its_last_window_and_opens_another(started: Callable[..., Program]) -> None:
    with started("again") as program:
        assert json.loads(program.line()) == ["page", "main", "main", 1, False]
        assert json.loads(program.line()) == ["no window"]
        assert json.loads(program.line())[:3] == ["page", "second", "second"]
        assert program.status() == 7, program.errors


def test_nothing_of_a_closed_window_is_freed_on_another_thread(started: Callable[..., Program]) -> None:
    """WebKit and Qt crash some time after that."""
    with started("collected") as program:
        assert json.loads(program.line(60))[:2] == ["page", "main"]
        assert json.loads(program.line(60))[:2] == ["page", "second"]
        assert json.loads(program.line(60)) == ["freed", []]
        assert program.status() == 7, program.errors


def test_the_launch_code_is_in_no_log_even_if_pywebview_logs_everything(started: Callable[..., Program]) -> None:
    with started("once", more={"PYWEBVIEW_LOG": "debug"}) as program:
        program.line()
        program.status()
    assert "[pywebview]" in "".join(program.errors)
    assert "token=" not in "".join(program.errors)


def test_in_development_a_window_shows_the_page_of_the_development_server(
    started: Callable[..., Program], tmp_path: Path
) -> None:
    write_project(tmp_path / "project")
    handler = partial(_Quiet, directory=str(tmp_path / "project" / "dist"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        file = tmp_path / "project" / "tauri.conf.json"
        config = json.loads(file.read_text("utf-8"))
        config["build"] = {"devUrl": f"http://127.0.0.1:{server.server_port}"}
        file.write_text(json.dumps(config), "utf-8")
        with started("once", more={"TRANSOM_DEV": "1"}) as program:
            assert json.loads(program.line()) == ["page", "main", "main", 1, False]
            assert program.status() == 7, program.errors
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_people_move_a_window_by_its_drag_region(started: Callable[..., Program], tmp_path: Path) -> None:
    with desktop(tmp_path / "desktop") as on, started("stays", on, x=200, y=150, decorations=False) as program:
        program.line()
        xid = on.window("First")
        assert eventually(lambda: _dragged(on, xid), lambda moved: moved)


def _dragged(on: Desktop, xid: str) -> bool:
    """Drag the window by its region, which pywebview makes some time after the page has loaded."""
    x, y, *_ = on.place(xid)
    on.ask("xdotool", "mousemove", str(x + 50), str(y + 30), "mousedown", "1")
    for step in range(1, 9):
        on.ask("xdotool", "mousemove", str(x + 50 + step * 10), str(y + 30 + step * 5))
    on.ask("xdotool", "mouseup", "1")
    return bool(eventually(lambda: on.place(xid)[0] - x, lambda moved: moved > 40) > 40)
