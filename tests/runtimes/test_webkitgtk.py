"""The webkitgtk runtime with the real WebKitGTK, under the display that is there or an Xvfb of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import ROOT, needs_webkitgtk, needs_xvfb

Scenario = Callable[..., Any]
REFUSED = "without the page's key"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    needs_webkitgtk()
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    read, write = os.pipe()
    command = [needs_xvfb(), "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
        server.terminate()


@pytest.fixture
def run(display: str, tmp_path: Path) -> Scenario:
    def run(name: str, *, error_lines: int = 0, **environ: str) -> Any:
        folder = tmp_path / "front end"
        folder.mkdir()
        result = subprocess.run(  # noqa: PLW1510 - the status is asserted with what was printed
            [sys.executable, "-m", "tests.runtimes.webkitgtk_scenarios", name, str(folder)],
            cwd=ROOT,
            env={**os.environ, "DISPLAY": display, "NO_AT_BRIDGE": "1", "PYTHONPATH": "src", **environ},
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,
        )
        assert result.returncode == 0, result.stderr
        assert "CRITICAL" not in result.stderr, result.stderr
        assert children_left(folder) == []
        return json.loads(result.stdout)

    return run


def children_left(folder: Path) -> list[str]:
    """Return the processes whose command line names the scenario's folder."""
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in line:
            left.append(line.decode(errors="replace"))
    return left


def test_calls_are_answered_in_one_batch_or_many_at_once_or_later(run: Scenario) -> None:
    result = run("calls")
    assert result["log"] == []
    assert result["code"] == 0
    assert result["main"]
    assert result["page"] == ["main", "tauri://localhost", True]
    assert result["closed"] == 1
    report = result["report"][0]["value"]
    assert report.pop("one") == {"text": "aé€😀\0"}
    assert report == {"many": True, "spread": 40, "error": "no such command", "big": 3_000_000, "label": "main"}


def test_messages_without_a_call_arrive_in_order(run: Scenario) -> None:
    result = run("slots")
    assert result["log"] == []
    assert result["report"] == [{"value": {"next": 20000, "wrong": 0}}]


def test_bytes_arrive_whole_in_both_directions(run: Scenario) -> None:
    result = run("binary")
    assert result["log"] == []
    report = result["report"][0]["value"]
    for size, length, digest, same in report["results"]:
        assert length == size
        assert digest == hashlib.sha256(bytes(range(256)) * (size // 256)).hexdigest()
        assert same
    assert report["both"] == [512, 1 << 20, 256]
    assert "the limit is 33554432" in report["refused"]
    assert len(result["packs"]) == 3


def test_frames_in_the_page_are_refused(run: Scenario) -> None:
    result = run("frames")
    assert len(result["report"]) == 1
    same_origin, srcdoc = result["report"][0]["value"]
    assert same_origin[0] == srcdoc[0] == "undefined"
    assert {same_origin[1], srcdoc[1]} <= {403, "blocked"}
    assert same_origin[2] == srcdoc[2] == "undefined"
    assert len(result["log"]) == 4
    assert all(REFUSED in line and "'main'" in line for line in result["log"])


def test_every_document_is_a_generation_of_its_own(run: Scenario) -> None:
    result = run("generations")
    assert result["log"] == []
    assert [report["value"] for report in result["report"]] == [
        "/index.html",
        "/index.html",
        "/other.html?a=1",
        "/index.html",
    ]
    assert result["closed"] == [1, 1, 1, 1]


def test_any_thread_may_ask_and_hears_what_is_wrong(run: Scenario) -> None:
    result = run("threads")
    assert result["log"] == []
    assert result["code"] == 7
    assert result["results"] == [
        None,
        "a window with the label 'second' is there already; labels are unique",
        *[None] * 5,
        "no window has the label 'second'; there are 'main'",
        "SetTitle for 'main' comes too late: the application is ending",
    ]
    named = [event for event in result["events"] if event[1] in {"close-requested", "destroyed"}]
    assert named == [["second", "destroyed"], ["main", "close-requested"], ["main", "destroyed"]]


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_signals_reach_the_host(run: Scenario, name: str, code: int) -> None:
    result = run("signals", SIGNAL=name)
    assert time.time() - result.pop("asked_at") < 1
    assert result == {"code": code, "log": [], "events": [["main", "destroyed"]]}


def test_a_page_whose_process_is_killed_is_loaded_again(run: Scenario) -> None:
    result = run("crash")
    assert result["code"] == 0
    assert result["closed"] == [1, 1]
    assert result["log"] == ["the web process of 'main' ended (crashed); its page is loaded again"]


def test_files_are_read_where_the_scope_allows_it(run: Scenario) -> None:
    result = run("files")
    whole, part, secret, link, missing, script, policy = result["report"][0]["value"]
    assert whole == [200, 5120, "application/octet-stream", 0]
    assert part == [206, 5, "application/octet-stream", 5]
    assert secret[0] == link[0] == 403
    assert missing[0] == script == 404
    assert policy
    assert sum("may not read" in line for line in result["log"]) == 2


def test_a_development_server_is_the_applications_own_and_no_other(run: Scenario) -> None:
    result = run("dev_server")
    assert result["log"] == []
    assert result["pages"] == [[True, True], [True, False]]
    assert result["right"]


def test_windows_that_the_page_opens_are_not_made(run: Scenario) -> None:
    result = run("windows_asked_for")
    assert result["report"][1] == {"value": True}
    assert "https://example.com/" in result["log"][0]


def test_without_a_display_the_error_says_what_to_do() -> None:
    needs_webkitgtk()
    program = "from transom.runtimes import find_runtime, Settings\nfind_runtime('webkitgtk')(None, Settings())"
    environ = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    result = subprocess.run(  # noqa: PLW1510 - it is to fail
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    message = result.stderr.splitlines()[-1]
    assert "RuntimeUnavailable" in message
    assert "DISPLAY" in message
    assert "xvfb-run" in message
    assert "TRANSOM_RUNTIME=web" in message
