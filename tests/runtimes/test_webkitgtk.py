"""The webkitgtk runtime with the real WebKitGTK."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time

import pytest

from tests.requirements import ROOT, needs_global_api, needs_webkitgtk
from tests.runtimes.conftest import Scenario

REFUSED = "without the page's key"
HOOKS = "webkitgtk_hook_scenarios"
GLOBAL_NAMES = "app core dpi event image menu mocks path tray webview webviewWindow window plugin".split()


def test_calls_are_answered_in_one_batch_or_many_at_once_or_later(run: Scenario) -> None:
    result = run("calls")
    assert result["log"] == []
    assert result["code"] == 0
    assert result["main"]
    assert result["page"] == ["main", "main", "tauri://localhost", True, ""]
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
    assert len(result["log"]) == 1
    assert all(REFUSED in line and "'main'" in line for line in result["log"])


def test_every_document_is_a_generation_of_its_own(run: Scenario) -> None:
    result = run("generations")
    assert result["log"] == []
    assert [report["value"] for report in result["report"]] == [
        "/",
        "/",
        "/other.html?a=1",
        "/",
    ]
    assert result["closed"] == [1, 1, 1, 1]


def test_any_thread_may_ask_and_hears_what_is_wrong(run: Scenario) -> None:
    result = run("threads")
    assert result["log"] == []
    assert result["code"] == 7
    assert result["results"] == [
        None,
        "a window with label `second` already exists",
        *[None] * 5,
        "window not found: no window has the label `second`",
        "SetTitle comes too late: the application is ending",
    ]
    named = [event for event in result["events"] if event[1] in {"close-requested", "destroyed"}]
    assert named == [["second", "destroyed"], ["main", "close-requested"], ["main", "destroyed"]]


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_signals_reach_the_host(run: Scenario, name: str, code: int) -> None:
    result = run("signals", SIGNAL=name)
    assert time.time() - result.pop("asked_at") < 1
    assert result == {"code": code, "log": [], "events": [["main", "destroyed"]]}


def test_what_is_posted_is_done_while_work_before_it_shows_a_dialog(run: Scenario) -> None:
    assert run("dialogs") == {"code": 0, "log": [], "done": ["shown", "behind it", "meanwhile", "closed"]}


def test_a_page_whose_process_is_killed_is_loaded_again(run: Scenario) -> None:
    result = run("crash")
    assert result["code"] == 0
    assert result["closed"] == [1, 1]
    assert result["log"] == ["the web process of 'main' ended (crashed); its page is loaded again"]


def test_files_are_read_where_the_scope_allows_it(run: Scenario) -> None:
    result = run("files")
    whole, part, secret, link, missing, script, policy, *assets, long_name, long_path = result["report"][0]["value"]
    assert whole == [200, 5120, "application/octet-stream", 0]
    assert part == [206, 5, "application/octet-stream", 5]
    assert secret[0] == link[0] == 403
    assert missing[0] == script == 404
    assert policy
    assert assets == [
        [200, True, None],
        [404, True, None],
        [206, True, "bytes"],
        [200, False, "bytes"],
        [200, True, "bytes"],
        [304, False, "bytes"],
    ]
    assert (long_name[0], long_path[0]) == (404, 403)
    assert sum("may not read" in line for line in result["log"]) == 3


def test_a_redirect_into_the_application_leaves_its_page_and_link_alone(run: Scenario) -> None:
    result = run("redirect")
    assert (result["code"], result["report"], result["sessions"]) == (0, "tauri://localhost/", 1)
    [line] = result["log"]
    assert "the webview 'main' does not go to tauri://localhost/index.html?x=1: a server redirected it there" in line


def test_a_development_server_is_the_applications_own_and_no_other(run: Scenario) -> None:
    result = run("dev_server")
    assert result["log"] == []
    assert result["pages"] == [[True, True], [True, False]]
    assert result["right"]
    assert result["fetched"] == 10, "a page of others is given a file"


def test_windows_that_the_page_opens_are_not_made(run: Scenario) -> None:
    result = run("windows_asked_for")
    assert result["report"][1] == {"value": True}
    assert "https://example.com/" in result["log"][0]


def test_initialization_scripts_run_first_in_order_and_alone_in_their_faults(run: Scenario) -> None:
    result = run("initialization_scripts", module=HOOKS)
    assert result["log"] == []
    # Ours is there, and no element yet; the broken ones are left out; frames in the page have none.
    assert result["report"] == {"order": ["object", 22, "last", "page"], "first": 0, "inFrame": "undefined"}


def test_the_global_api_is_there_before_the_pages_scripts(run: Scenario) -> None:
    needs_global_api()
    result = run("global_api", module=HOOKS)
    assert result["log"] == []
    report = result["report"]
    assert report.pop("names") == GLOBAL_NAMES
    assert report == {"value": {"a": 1}, "label": "main", "added": "its script adds itself"}


def test_every_load_is_told_from_its_document_to_its_end(run: Scenario) -> None:
    result = run("page_loads", module=HOOKS)
    assert result["log"] == []
    site = "tauri://localhost"
    whole = [f"{site}/", f"{site}/other.html?a=1#part", f"{site}/other.html?a=1#other"]
    loads = [["main", event, url] for url in whole for event in ("started", "finished")]
    loads += [["main", "started", f"{site}/left.html"]]  # broken off
    loads += [["main", event, f"{site}/other.html?last"] for event in ("started", "finished")]
    assert result["loads"] == loads


def test_what_pages_store_is_there_after_a_restart(run: Scenario) -> None:
    first, second = run("data_directory", module=HOOKS), run("data_directory", module=HOOKS)
    assert first["log"] == second["log"] == []
    assert first["found"] == {"main": [None, ""], "web": [None, ""]}
    # Only pages of HTTP have cookies.
    assert second["found"] == {"main": ["value", ""], "web": ["value", "kept=cookie"]}


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


def test_the_loop_can_be_run_in_steps(run: Scenario) -> None:
    result = run("steps", module=HOOKS)
    assert result == {"code": 7, "report": [{"value": {"step": 1}}], "several": True}
