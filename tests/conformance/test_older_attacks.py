"""The attacks that pages of 2.x are tested with, by pages of every generation, in the real WebKitGTK."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.older_attacks import CALL
from tests.requirements import ROOT, needs_webkitgtk

# Generation -> the beginning of what it says of a command that is not found.
NOT_FOUND = {"2.x": "Command {} not found", "1.x": "command {} not found", "1.0-beta": "command {} not found", "0.x": "command {} not found"}  # fmt: skip


@pytest.fixture(scope="module", params=CALL)
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """Run the attacks of one generation; return its name and what came of them."""
    needs_webkitgtk()
    environment = {"DISPLAY": request.getfixturevalue("display"), "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    folder: Path = tmp_path_factory.mktemp("attacks")
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.older_attacks", folder, request.param],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return request.param, json.loads(done.stdout.splitlines()[-1])


def test_a_command_without_a_permission_does_not_run(attacked: tuple[str, dict[str, Any]]) -> None:
    _, found = attacked
    assert found["main"]["allowed"] == {"value": "W"}
    assert "refused" in found["main"]["refused"]
    assert "not allowed" in found["main"]["refused"]
    assert "refused" not in found["ran"]


def test_a_frame_finds_nothing_of_any_generation(attacked: tuple[str, dict[str, Any]]) -> None:
    _, found = attacked
    assert found["main"]["sandboxed"] == {"found": [], "handlers": []}
    assert found["main"]["ownFrame"] == {"found": [], "handlers": []}


def test_a_page_of_another_origin_calls_what_a_capability_names_and_nothing_else(
    attacked: tuple[str, dict[str, Any]],
) -> None:
    generation, found = attacked
    assert found["remote"]["allowed"] == {"value": "to the remote page"}
    refused = found["remote"]["refused"]
    assert "not allowed" in refused
    # Tauri 1 looks at the site before anything else.
    assert refused.startswith("Scope not defined for window `remote` and URL `http://127.0.0.1:") is (
        generation == "1.x"
    )


def test_a_message_without_the_key_of_the_page_does_not_run(attacked: tuple[str, dict[str, Any]]) -> None:
    _, found = attacked
    assert "without the key" not in found["ran"]
    assert any("without the page's key" in line for line in found["log"])


def test_a_callback_that_the_client_did_not_make_is_not_called(attacked: tuple[str, dict[str, Any]]) -> None:
    _, found = attacked
    assert found["main"]["title"]
    assert found["main"]["afterWrongCallbacks"] == {"value": "X"}


def test_commands_with_names_of_javascript_are_not_found(attacked: tuple[str, dict[str, Any]]) -> None:
    generation, found = attacked
    names = ["__proto__", "constructor", "toString", "", "a" * 100000]
    for name, reason in zip(names, found["main"]["names"], strict=True):
        # With strict permissions the wall comes first, and names what is not there as well.
        assert isinstance(reason, str)
        assert reason.startswith(NOT_FOUND[generation].format(name)) or "not allowed" in reason or "cmd" in reason
