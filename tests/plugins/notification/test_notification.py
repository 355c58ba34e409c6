from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import running
from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from tests.requirements import ROOT, needs_session_bus, needs_webkitgtk
from transom.app import Builder
from transom.errors import CommandError
from transom.plugins import notification

PACKAGE = "@tauri-apps/plugin-notification"
DAEMON = Path(__file__).parent / "daemon.py"

SEND = """
import sys
from tests.mock_app import context
from transom.app import Builder
from transom.plugins import notification
app = Builder().build(context("main", product_name="My app"), "mock").handle()
sys.stdout.write(str(notification.notify(app, "a < b", "<b>bold</b> & more", icon="mail", sound="bell")))
"""


def with_daemon(*program: str, markup: bool = False) -> Any:
    """Run a program beside a notification daemon on a bus of its own, and return what both say."""
    needs_webkitgtk()
    done = subprocess.run(
        [needs_session_bus(), "--", sys.executable, DAEMON, "1" if markup else "0", *program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])},
    )
    result = json.loads(done.stdout.splitlines()[-1])  # before it, programs of the bus may speak
    assert result["status"] == 0, done.stderr
    return result


@pytest.mark.parametrize("markup", [False, True])
def test_a_notification_reaches_the_desktop_and_markup_in_it_is_text(markup: bool) -> None:
    result = with_daemon(sys.executable, "-c", SEND, markup=markup)
    body = "&lt;b&gt;bold&lt;/b&gt; &amp; more" if markup else "<b>bold</b> & more"
    hints = {"desktop-entry": "org.example.mock", "sound-name": "bell"}
    assert result["shown"] == [["My app", 0, "mail", "a < b", body, [], hints, -1]]
    assert result["printed"] == "1"


SCRIPT = """
const before = await plugin.isPermissionGranted();
const asked = await plugin.requestPermission();
plugin.sendNotification({ title: 'From the page', body: 'text' });
const shown = await new Promise((resolve) => { new Notification('second').onshow = () => resolve('shown'); });
let set = 'no error';
try { 'use strict'; window.Notification.permission = 'denied'; } catch (error) { set = error.name; }
return [before, asked, window.Notification.permission, shown, set, await plugin.active().catch((error) => error.message)];
"""


def test_the_npm_package_shows_notifications_of_the_desktop(tmp_path: Path, display: str) -> None:
    needs_session_bus()
    marker = tmp_path / "shown.json"
    wrapper = tmp_path / "wrapper.py"
    wrapper.write_text(
        "import json, subprocess, sys\n"
        f"done = subprocess.run([{needs_session_bus()!r}, '--', sys.executable, {str(DAEMON)!r}, '0', *sys.argv[1:]],"
        " capture_output=True, text=True)\n"
        "sys.stderr.write(done.stderr)\nresult = json.loads(done.stdout.splitlines()[-1])\n"
        f"open({str(marker)!r}, 'w').write(json.dumps(result['shown']))\nsys.stdout.write(result['printed'])\n"
    )
    result = windowed(
        tmp_path / "app",
        display,
        PACKAGE,
        SCRIPT,
        permissions=["notification:default"],
        before=[sys.executable, str(wrapper)],
    )
    refused = (
        "plugin:notification|get_active is not supported by the runtime webkitgtk: only phones have it, in Tauri too"
    )
    assert result == [True, "granted", "granted", "shown", "TypeError", refused]
    shown = json.loads(marker.read_text())
    assert [(each[0], each[3], each[4]) for each in shown] == [
        ("Windowed", "From the page", "text"),
        ("Windowed", "second", ""),
    ]


def test_a_browser_keeps_its_own_notifications(tmp_path: Path) -> None:
    with guests(tmp_path, notification.init(), permissions=["notification:default"], packages=[PACKAGE]) as page:
        page.run(PACKAGE, "globalThis.Notification = { permission: 'default' }")
        assert page.run(PACKAGE, "return await plugin.isPermissionGranted()") is None
        assert "only phones have it" in page.fails(PACKAGE, "await plugin.pending()")["reason"]


def test_without_a_session_bus_the_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gi.repository", None)
    with (
        running(builder=Builder().plugin(notification.init())) as application,
        pytest.raises(CommandError, match=r"transom\[gtk\]"),
    ):
        notification.notify(application.app.handle(), "title")
