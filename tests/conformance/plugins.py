"""The application for the guest packages of the official plugins: `plugins.py PROJECT RUNTIME`."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from websockets.sync.server import ServerConnection, serve

from tests.plugins.http.server import server
from transom import Builder, command, generate_context, generate_handler
from transom.handles import AppHandle
from transom.plugins import dialog, fs, http, log, shell, store, upload, websocket

PERMISSIONS = [
    "core:app:allow-exit",
    "dialog:default",
    "fs:default",
    "fs:read-all",
    "fs:write-all",
    "fs:allow-size",
    "fs:allow-start-accessing-security-scoped-resource",
    "fs:allow-stop-accessing-security-scoped-resource",
    "fs:scope-appdata-recursive",
    "store:default",
    "log:default",
    "upload:default",
    "websocket:default",
]
ECHO = "import sys; print(sys.argv[1]); print(sys.stdin.readline().upper(), end='', file=sys.stderr)"
PROGRAMS = [{"name": "echo", "cmd": sys.executable, "args": ["-c", ECHO, {"validator": "[a-z ]+"}]}]


@command
async def report(name: str, ok: bool, detail: str) -> None:
    """Print the outcome of one check."""
    print(json.dumps({"name": name, "ok": ok, "detail": detail}), flush=True)  # noqa: T201 - the test reads it


@command
async def finished() -> None:
    """Print that no more outcomes come."""
    print(json.dumps({"finished": True}), flush=True)  # noqa: T201 - the test reads it


def echo(connection: ServerConnection) -> None:
    """Send back what comes."""
    for message in connection:
        connection.send(message)


def main(project: Path, runtime: str) -> int:
    """Run the application beside the servers that its page reaches."""

    def allow(app: AppHandle) -> None:
        """Give the page its permissions."""
        addresses: list[Any] = [{"identifier": "http:default", "allow": [{"url": f"{there.url}/ok/*"}]}]
        programs = [{"identifier": f"shell:allow-{name}", "allow": PROGRAMS} for name in ("execute", "spawn")]
        permissions = [*PERMISSIONS, *addresses, *programs, "shell:allow-kill", "shell:allow-stdin-write"]
        app.add_capability(json.dumps({"identifier": "all", "windows": ["*"], "permissions": permissions}))

    @command
    async def outside() -> dict[str, Any]:
        """Return where the servers are, and what the one of HTTP was asked for last."""
        last = there.asked[-1] if there.asked else ("", "", {}, b"")
        port = sockets.socket.getsockname()[1]
        return {"http": there.url, "socket": f"ws://127.0.0.1:{port}", "asked": [*last[:3], last[3].decode("latin-1")]}

    with server() as there, serve(echo, "127.0.0.1", 0) as sockets:
        thread = threading.Thread(target=sockets.serve_forever)
        thread.start()
        builder = Builder().invoke_handler(generate_handler(report, finished, outside)).setup(allow)
        builder.plugin(log.init(targets=[log.Target("log_dir")], python=False))
        for plugin in (dialog, fs, http, shell, store, upload, websocket):
            builder.plugin(plugin.init())
        try:
            return builder.web(open_browser=False).run(generate_context(project), runtime)
        finally:
            sockets.shutdown()
            thread.join(10)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
