"""The application for the guest packages of the official plugins: `plugins.py PROJECT RUNTIME GUEST`."""

from __future__ import annotations

import json
import platform
import socket
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from websockets.sync.server import ServerConnection, serve

from tests.plugins.http.server import Handler, Server, server
from tests.plugins.updater.minisign import Signer
from transom import Builder, command, generate_context, generate_handler
from transom.handles import AppHandle
from transom.plugins import cli, fs, http, log, updater

PLAIN = "autostart clipboard_manager deep_link dialog global_shortcut notification opener os positioner process shell"
PLAIN += " sql store stronghold upload websocket window_state"
PERMISSIONS = [
    "core:app:allow-exit",
    "fs:default",
    "fs:read-all",
    "fs:write-all",
    "fs:allow-size",
    "fs:allow-start-accessing-security-scoped-resource",
    "fs:allow-stop-accessing-security-scoped-resource",
    "fs:scope-appdata-recursive",
    "opener:default",
    "os:allow-hostname",
    "sql:allow-execute",
    "shell:allow-kill",
    "shell:allow-stdin-write",
    "stronghold:allow-destroy",
]
DEFAULTS = "cli dialog log os process sql store stronghold updater upload websocket window-state"
ECHO = "import sys; print(sys.argv[1]); print(sys.stdin.readline().upper(), end='', file=sys.stderr)"
PROGRAMS = [{"name": "echo", "cmd": sys.executable, "args": ["-c", ECHO, {"validator": "[a-z ]+"}]}]
ARGUMENTS = ["a note.txt", "-vv", "export", "--format=pdf"]
CLI = {
    "args": [
        {"name": "file", "index": 1, "takesValue": True},
        {"name": "verbose", "short": "v", "multipleOccurrences": True},
    ],
    "subcommands": {"export": {"args": [{"name": "format", "takesValue": True}]}},
}
PACKAGE = b"\x7fELF..."


class Update(Handler):
    """Answers as an update server, too."""

    def on_manifest(self, body: bytes) -> None:
        """Send what there is."""
        self.answer(200, self.server.manifest)  # type: ignore[attr-defined]

    def on_package(self, body: bytes) -> None:
        """Send the package."""
        self.answer(200, PACKAGE)


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


def configure(project: Path, there: Server) -> None:
    """Let the server have a signed package, and the configuration name both."""
    signer = Signer(project)
    package = {"url": f"{there.url}/package", "signature": signer.signature(PACKAGE)}
    manifest = {"version": "2.0.0", "notes": "better", "platforms": {"linux-x86_64": package}}
    there.RequestHandlerClass = Update
    there.manifest = json.dumps(manifest).encode()  # type: ignore[attr-defined]
    file = project / "tauri.conf.json"
    source = {"pubkey": signer.pubkey, "endpoints": [f"{there.url}/manifest"]}
    plugins = {"cli": CLI, "updater": {**source, "dangerousInsecureTransportProtocol": True}}
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "plugins": plugins}), "utf-8")


def main(project: Path, runtime: str, guest: Literal["2.0", "2.x"]) -> int:
    """Run the application beside the servers that its page reaches."""
    home = Path.home()
    with (home / "starts").open("a") as file:
        file.write("started\n")
    starts = (home / "starts").read_text("utf-8").count("\n")

    def allow(app: AppHandle) -> None:
        """Give the page its permissions."""
        data = app.path().app_data_dir()
        (data / "sub").mkdir(parents=True, exist_ok=True)
        (data / "sub" / "shown file.txt").write_text("x", "utf-8")
        urls = [{"url": "http://127.0.0.1:*/*"}, {"url": "http://127.0.0.1:*/*", "app": "firefox"}]
        scoped: list[Any] = [
            {"identifier": "http:default", "allow": [{"url": f"{there.url}/ok/*"}]},
            {"identifier": "opener:allow-open-url", "allow": urls},
            {"identifier": "opener:allow-open-path", "allow": [{"path": "$APPDATA/**"}]},
            *({"identifier": f"shell:allow-{name}", "allow": PROGRAMS} for name in ("execute", "spawn")),
        ]
        refused = {f"{plugin.name}:allow-{name.replace('_', '-')}" for plugin in plugins for name in lacking(plugin)}
        listed = [*PERMISSIONS, *(f"{name}:default" for name in DEFAULTS.split()), *sorted(refused), *scoped]
        app.add_capability(json.dumps({"identifier": "all", "windows": ["*"], "permissions": listed}))

    def lacking(plugin: Any) -> dict[str, str]:
        return dict(plugin.unsupported.get(runtime, {}))

    @command
    async def outside() -> dict[str, Any]:
        """Return what others say: the servers, the system, and the programs that open addresses."""
        last = there.asked[-1] if there.asked else ("", "", {}, b"")
        port = sockets.socket.getsockname()[1]
        opened = home / "opened"
        return {
            "http": there.url,
            "socket": f"ws://127.0.0.1:{port}",
            "asked": [*last[:3], last[3].decode("latin-1")],
            "paths": [path for _, path, _, _ in there.asked],
            "opened": opened.read_text("utf-8") if opened.exists() else "",
            "machine": platform.machine(),
            "host": socket.gethostname(),
            "runtime": runtime,
            "starts": starts,
            "refused": [(f"{one.name}|{name}", why) for one in plugins for name, why in lacking(one).items()],
        }

    @command
    async def forget_opened() -> None:
        """Forget what was opened."""
        (home / "opened").unlink()

    with server() as there, serve(echo, "127.0.0.1", 0) as sockets:
        configure(project, there)
        thread = threading.Thread(target=sockets.serve_forever)
        thread.start()
        plugins = [import_module(f"transom.plugins.{name}").init() for name in PLAIN.split()]
        plugins += [fs.init(guest=guest), http.init(guest=guest), updater.init(guest=guest), cli.init(ARGUMENTS)]
        plugins.append(log.init(targets=[log.Target("log_dir")], python=False))
        handler = generate_handler(report, finished, outside, forget_opened)
        builder = Builder().invoke_handler(handler).setup(allow)
        for plugin in plugins:
            builder.plugin(plugin)
        try:
            return builder.web(open_browser=False).run(generate_context(project), runtime)
        finally:
            sockets.shutdown()
            thread.join(10)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], "2.0" if sys.argv[3] == "2.0" else "2.x"))
