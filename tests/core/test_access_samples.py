"""Projects as real applications write them load without a change, and exactly what their files allow is allowed.

`access_samples` has a project for each form that ninety applications were counted to have: scopes, systems, addresses of
remote pages, single webviews, permissions that deny, permissions of own commands, capabilities in the configuration.
"""

from __future__ import annotations

import atexit
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import needs_linux
from transom import Builder, ScopedPath, command, generate_context, generate_handler
from transom.acl import Origin, RuntimeAuthority
from transom.core import warn_of_no_run
from transom.plugins import (
    autostart,
    clipboard_manager,
    deep_link,
    dialog,
    fs,
    global_shortcut,
    http,
    log,
    notification,
    opener,
    os,
    process,
    shell,
    store,
    updater,
    window_state,
)

SAMPLES = Path(__file__).parent / "access_samples"
PLUGINS = (
    autostart, clipboard_manager, deep_link, dialog, fs, global_shortcut, http, log, notification, opener, os, process, shell,
    store, updater, window_state,
)  # fmt: skip


@command
def load_note(path: ScopedPath) -> str:
    return path.read_text()


@command
def save_note(path: ScopedPath, text: str) -> None: ...


@command
def list_notes() -> list[str]:
    return []


@command
def export_notes() -> None: ...


@command
def delete_note() -> None: ...


def authority_of(folder: Path, caplog: pytest.LogCaptureFixture) -> RuntimeAuthority:
    """Return the authority of a project's application, which has all plugins and five commands; nothing was warned of."""
    builder = Builder().invoke_handler(generate_handler(load_note, save_note, list_notes, export_notes, delete_note))
    for plugin in PLUGINS:
        builder.plugin(plugin.init())
    with caplog.at_level(logging.WARNING, "transom"):
        app = builder.build(generate_context(folder, development=False), "mock")
    atexit.unregister(warn_of_no_run)
    assert [record.getMessage() for record in caplog.records] == []
    return app._core.authority


# Project -> calls as `window[/webview] command [address]`, and whether they are allowed.
DECISIONS: dict[str, list[tuple[str, bool]]] = {
    "editor": [
        ("main plugin:fs|read_text_file", True),
        ("main plugin:fs|exists", True),
        ("main plugin:fs|remove", False),
        ("main plugin:fs|read_file", False),
        ("main plugin:shell|execute", True),
        ("main plugin:shell|spawn", False),
        ("main plugin:http|fetch", True),
        ("main plugin:window|start_dragging", True),
        ("main plugin:window|close", False),  # only on systems that this is none of
        ("main plugin:updater|check", True),
        ("main plugin:autostart|enable", True),
        ("main load_note", True),  # the project has no permissions of its own
        ("preferences plugin:window|close", True),
        ("preferences plugin:event|listen", True),
        ("preferences plugin:window|title", False),
        ("preferences plugin:fs|read_text_file", True),
        ("preferences plugin:fs|exists", False),
        ("preferences plugin:updater|check", False),
        ("main plugin:fs|read_text_file https://example.org", False),
    ],
    "browser": [
        ("main plugin:webview|create_webview", True),
        ("main/toolbar plugin:webview|create_webview", True),
        ("other/toolbar plugin:webview|create_webview", True),
        ("other/tab-1 plugin:webview|create_webview", False),
        ("other/tab-1 plugin:event|listen", False),  # a local page
        ("other/tab-1 plugin:event|listen https://www.example.org/a", True),
        ("other/tab-1 plugin:event|listen https://example.org", False),
        ("other/tab-1 plugin:event|listen http://localhost:1420/", True),
        ("other/tab-1 plugin:event|listen https://example.org.evil.example", False),
        ("other/tab-1 plugin:event|emit https://www.example.org", False),
        ("main plugin:event|emit https://login.example.com/a", True),
        ("main plugin:event|emit https://login.example.com.evil.example/a", False),
        ("main list_notes https://login.example.com/a", False),
    ],
    "kiosk": [
        ("main plugin:window|close", True),
        ("panel-left plugin:window|close", False),
        ("panel-right plugin:webview|internal_toggle_devtools", False),
        ("main plugin:webview|internal_toggle_devtools", True),
        ("main plugin:window|set_fullscreen", False),
        ("made-later plugin:window|title", True),
    ],
    "own_commands": [
        ("main load_note", True),
        ("main save_note", True),
        ("main list_notes", True),
        ("main export_notes", True),
        ("main delete_note", False),
        ("viewer load_note", True),
        ("viewer save_note", True),
        ("viewer export_notes", False),
        ("viewer delete_note", False),
        ("other load_note", False),
    ],
    "inline": [
        ("main plugin:window|title", True),
        ("main plugin:window|destroy", False),  # its file is not named
        ("about plugin:app|version", True),
        ("about plugin:event|listen", True),
        ("about plugin:event|emit", False),
    ],
}


def test_every_sample_has_its_decisions() -> None:
    assert sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()) == sorted(DECISIONS)


@pytest.mark.parametrize("name", DECISIONS)
def test_a_project_loads_as_it_is_and_allows_what_its_files_say(name: str, caplog: pytest.LogCaptureFixture) -> None:
    needs_linux()
    authority = authority_of(SAMPLES / name, caplog)
    found = []
    for call, _ in DECISIONS[name]:
        where, command_name, *address = call.split()
        window, _, webview = where.partition("/")
        origin = Origin.remote(address[0]) if address else Origin.local()
        decision = authority.decide(command_name, window, webview or window, origin)
        found.append((call, decision.grant is not None))
    assert found == DECISIONS[name]


def test_the_permissions_that_most_applications_name_exist(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Those that ten or more of the ninety name: each exists, and allows something unless it is a scope."""
    names: list[str] = json.loads((SAMPLES / "common.json").read_text("utf-8"))
    assert len(names) == 79
    (tmp_path / "tauri.conf.json").write_text('{"identifier": "org.example.x", "build": {"frontendDist": "."}}')
    (tmp_path / "capabilities").mkdir()
    capability = {"identifier": "main", "windows": ["main"], "permissions": names}
    (tmp_path / "capabilities" / "main.json").write_text(json.dumps(capability))
    authority = authority_of(tmp_path, caplog)
    nothing = {"fs:scope", "clipboard-manager:default", "global-shortcut:default"}
    for name in names:
        if name in nothing or name.endswith(":default") or ":allow-" not in name:
            continue
        plugin, _, permission = name.rpartition(":")
        slug = permission.removeprefix("allow-").replace("-", "_")
        decision = authority.decide(f"plugin:{plugin.removeprefix('core:')}|{slug}", "main", "main", Origin.local())
        assert decision.grant is not None, name


def test_the_scopes_of_a_project_reach_their_commands(caplog: pytest.LogCaptureFixture) -> None:
    needs_linux()
    authority = authority_of(SAMPLES / "editor", caplog)

    def scope(command_name: str, window: str = "main") -> tuple[list[Any], list[Any], list[Any]]:
        grant = authority.authorize(command_name, window, window, Origin.local())
        own, wide = grant.command_scope, grant.global_scope
        return list(own.allow) if own else [], list(own.deny) if own else [], list(wide.allow) if wide else []

    assert scope("plugin:fs|exists")[0] == [{"path": "$HOME/.config/editor/*"}]
    assert scope("plugin:fs|read_text_file")[2] == [{"path": "$APPDATA"}, {"path": "$APPDATA/**"}, "$DOCUMENT/*"]
    assert scope("plugin:fs|read_text_file", "preferences")[0] == [{"path": "$APPCONFIG/*.json"}]
    assert scope("plugin:http|fetch")[:2] == (
        [{"url": "https://*.example.org/*"}],
        [{"url": "https://private.example.org"}],
    )
    assert [each["name"] for each in scope("plugin:shell|execute")[0]] == ["git", "run"]
