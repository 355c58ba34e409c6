"""The same page with Tauri's own plugins, in pytauri: `python _pytauri.py FOLDER URL LARGEST SCALE`.

It has no plugin `store`, and its plugin `http` is of a version whose npm package asks for bodies in another way.
"""

import json
import os
import sys
from pathlib import Path

os.environ["_PYTAURI_DIST"] = "pytauri-wheel"
from anyio.from_thread import start_blocking_portal
from pytauri import Commands
from pytauri_plugins import fs, shell
from pytauri_wheel.lib import builder_factory, context_factory

# As in `_program.py`, which this process cannot import.
LINES = "import sys; line = 'x' * 99 + chr(10); sys.stdout.writelines(line for _ in range(int(sys.argv[1])))"
RAW = "import sys; [sys.stdout.buffer.write(bytes(1 << 16)) for _ in range(int(sys.argv[1]) >> 16)]"
FOLDER, URL, LARGEST, SCALE = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
CONFIG = """
"$schema" = "https://schema.tauri.app/config/2"
productName = "plugins"
version = "0.1.0"
identifier = "dev.transom.bench.plugins.peer"
[build]
frontendDist = "./dist"
[app]
withGlobalTauri = true
[[app.windows]]
title = "Plugins"
width = 400
height = 300
"""
commands = Commands()


@commands.command()
async def plan(body: str) -> str:  # noqa: ARG001 - pytauri passes it
    """Return what to measure; `body` is JSON, like every text between this page and its commands."""
    return json.dumps({"folder": f"{FOLDER}/files", "url": URL, "largest": LARGEST, "scale": SCALE, "only": "fs shell"})


@commands.command()
async def report(body: str) -> None:
    """Print a figure."""
    print(json.dumps(json.loads(body)["figure"]), flush=True)


@commands.command()
async def finished(body: str) -> None:
    """End the program."""
    if (error := json.loads(body)["error"]) is not None:
        print(json.dumps({"error": error}), flush=True)
    os._exit(0)


def write_project() -> None:
    """Write the configuration and the capability, which `context_factory` reads."""
    number = {"validator": "[0-9]+"}
    programs = [
        {"name": name, "cmd": sys.executable, "args": ["-c", code, number]}
        for name, code in (("lines", LINES), ("raw", RAW))
    ]
    permissions = [
        "core:default",
        "pytauri:default",
        "fs:read-files",
        "fs:write-files",
        {"identifier": "fs:scope", "allow": [f"{FOLDER}/files/**"]},
        {"identifier": "shell:allow-spawn", "allow": programs},
    ]
    (FOLDER / "Tauri.toml").write_text(CONFIG, "utf-8")
    (FOLDER / "capabilities").mkdir()
    capability = {"identifier": "default", "windows": ["main"], "permissions": permissions}
    (FOLDER / "capabilities" / "default.json").write_text(json.dumps(capability), "utf-8")


write_project()
with start_blocking_portal("asyncio") as portal:
    builder_factory().build(
        context=context_factory(FOLDER),
        invoke_handler=commands.generate_handler(portal),
        plugins=[fs.init(), shell.init()],
    ).run_return()
