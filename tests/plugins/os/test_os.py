from __future__ import annotations

import platform
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_app import running
from tests.plugins.guests import guests
from tests.requirements import needs_posix
from transom.app import Builder
from transom.plugins import os as os_plugin
from transom.runtimes._mock import MockRejection

PACKAGE = "@tauri-apps/plugin-os"


@pytest.mark.parametrize(
    ("text", "version"),
    [("24.04", "24.4.0"), ("12", "12.0.0"), ("1.2.3", "1.2.3"), ("rolling", "rolling"), ("1.2.3.4", "1.2.3.4")],
)
def test_a_version_of_numbers_has_three(monkeypatch: pytest.MonkeyPatch, text: str, version: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"VERSION_ID": text})
    assert os_plugin.version() == version


def test_a_system_that_does_not_tell_has_an_unknown_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", missing)
    assert os_plugin.version() == "Unknown"


@pytest.mark.parametrize(
    ("settings", "locale"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de-DE"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB"}, "en-GB"),
        ({"LANG": "sr_RS@latin"}, "sr-RS"),
        ({"LANG": "C.UTF-8"}, None),
        ({}, None),
    ],
)
def test_the_locale_is_the_one_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], locale: str | None
) -> None:
    needs_posix()
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert os_plugin.locale() == locale


def test_the_host_name_needs_a_permission_beside_the_default() -> None:
    with running(builder=Builder().plugin(os_plugin.init())) as application:
        application.app.add_capability('{"identifier": "a", "windows": ["main"], "permissions": ["os:default"]}')
        assert application.page.invoke("plugin:os|platform") == os_plugin.platform()
        with pytest.raises(MockRejection, match="not allowed"):
            application.page.invoke("plugin:os|hostname")


def test_the_npm_package_finds_what_the_system_says(tmp_path: Path) -> None:
    with guests(
        tmp_path, os_plugin.init(), permissions=["os:default", "os:allow-hostname"], packages=[PACKAGE]
    ) as page:
        sync = "[plugin.platform(), plugin.type(), plugin.family(), plugin.arch(), plugin.exeExtension(), plugin.eol()]"
        found = page.run(PACKAGE, f"return {sync}")
        machine = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
        assert found == ["linux", "linux", "unix", machine, "", "\n"]
        assert page.run(PACKAGE, "return plugin.version()") == os_plugin.version()
        assert page.run(PACKAGE, "return await plugin.hostname()") == socket.gethostname()
        assert page.run(PACKAGE, "return await plugin.locale()") == os_plugin.locale()
