"""A real Firefox, driven by its own remote protocol Marionette: JSON over a socket, no program in between."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import Any

from tests.requirements import needs_firefox

__all__ = ["Firefox", "firefox"]

# No first-run pages, and nothing that asks the network. And a process that ends with its page lets the page's last scripts
# end: Firefox may stop one, such as a listener to `pagehide` (docs/guide.md), and a test would lose a call in fifty.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.abort_script_on_child_shutdown": False,
    "dom.disable_open_during_load": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9",
    "toolkit.telemetry.enabled": False,
}
_ENTER = "\ue007"


class Firefox:
    """A browser with an empty profile; what is done is done in the tab that was chosen last.

    Args:
        connection: To its Marionette.
        stream: What comes from there.
    """

    def __init__(self, connection: socket.socket, stream: BufferedReader) -> None:
        self._connection = connection
        self._stream = stream
        self._number = 0
        self._read()
        self.do("WebDriver:NewSession", capabilities={"alwaysMatch": {"pageLoadStrategy": "normal"}})
        self.do("WebDriver:SetTimeouts", script=60_000, pageLoad=60_000, implicit=0)

    def do(self, command: str, **parameters: Any) -> Any:
        """Send a command and return its value.

        Raises:
            AssertionError: It failed.
        """
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._connection.sendall(b"%d:%b" % (len(text), text))
        while True:
            _, number, error, value = self._read()
            if number == self._number:
                assert error is None, f"{command}: {error['error']}: {error['message']}"
                return value

    def _read(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, f"Firefox ended; it has sent {length!r}"
            length += digit
        return json.loads(self._stream.read(int(length)))

    def goto(self, address: str) -> None:
        """Open an address as a user does who types it."""
        self.do("WebDriver:Navigate", url=address)

    def eval(self, script: str) -> Any:
        """Return the value of an expression in the page, awaited."""
        code = f"const done = arguments[0]; Promise.resolve({script}).then(done, (error) => done(String(error)))"
        return self.do("WebDriver:ExecuteAsyncScript", script=code, args=[])["value"]

    def wait(self, script: str) -> None:
        """Wait until an expression is true in the page, also in one that is loaded meanwhile."""
        pause = "new Promise((resolve) => setTimeout(resolve, 50, false))"
        for _ in range(400):
            with suppress(AssertionError):  # the page is being replaced
                if self.eval(f"(async () => (await ({script})) || {pause})()") is True:
                    return
        raise AssertionError(f"it did not become true: {script}")

    def tabs(self) -> list[str]:
        """Return the tabs, by their handles."""
        handles: list[str] = self.do("WebDriver:GetWindowHandles")
        return handles

    def switch(self, tab: str) -> None:
        """Choose a tab."""
        self.do("WebDriver:SwitchToWindow", handle=tab)

    def new_tab(self) -> str:
        """Open an empty tab as a user does, and choose it."""
        tab: str = self.do("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        self.switch(tab)
        return tab

    def press_enter(self) -> None:
        """Press the Enter key in the tab."""
        keys = [{"type": kind, "value": _ENTER} for kind in ("keyDown", "keyUp")]
        self.do("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Start a headless Firefox.

    Args:
        folder: Where its profile is made, and what it takes for the user's home.
    """
    program = needs_firefox()
    folder.mkdir(exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join([*lines, f'user_pref("marionette.port", {port});']), "utf-8")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
    process = subprocess.Popen(
        command,
        env={**os.environ, "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        # A socket stays open until its streams are closed, too: after a test that failed, the collector would find it.
        with _connected(process, port) as connection, connection.makefile("rb") as stream:
            yield Firefox(connection, stream)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def _connected(process: subprocess.Popen[bytes], port: int) -> socket.socket:
    for _ in range(600):
        with suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", port), 90)
            # A free port can answer itself: both ends of such a connection are the same.
            if connection.getsockname() != connection.getpeername():
                return connection
            connection.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
        assert process.poll() is None, f"Firefox ended with {process.returncode}"
    raise AssertionError("Firefox does not listen")
