"""A small project that is bundled: its page asks once, and what it got is in a file."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

from transom.plugins.shell import target_triple

__all__ = ["add_sidecar", "png", "write_project"]

_PROGRAM = """
import os, sys, threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from transom import AppHandle, Builder, command, generate_context, generate_handler
from transom.plugins import shell, updater


loaded = threading.Event()  # the updater has heard of it: its hook comes first

@command
def report(app: AppHandle, text: str) -> None:
    if "SAMPLE_STAYS" in os.environ:
        Path(sys.argv[1]).write_text(text)
        return
    note = (app.path().resource_dir() / "note.txt").read_text()
    Path(sys.argv[1]).write_text(f"{text} {note} {getattr(sys, 'frozen', False)}")
    if "SAMPLE_UPDATES" in os.environ:
        loaded.wait(60)
        with Path(os.environ["SAMPLE_UPDATES"]).open("a") as log:
            log.write(app.package_info().version + "\\n")
        found = updater.check(app)
        if found is not None and Path(os.environ["SAMPLE_UPDATES"]).read_text().count("\\n") == 1:
            with found.download() as package:
                found.install(package)
            app.restart()
            return
    app.exit(0)

@command
def methods() -> list[str]:
    return ["fork", "spawn", "forkserver"] if "SAMPLE_STAYS" in os.environ else []

def square(number: int) -> dict[str, int]:
    return {"square": number * number, "pid": os.getpid()}

@command(executor="fork")
def square_fork(number: int) -> dict[str, int]:
    return square(number)

@command(executor="spawn")
def square_spawn(number: int) -> dict[str, int]:
    return square(number)

@command(executor="forkserver")
def square_forkserver(number: int) -> dict[str, int]:
    return square(number)

def pool(method):
    return lambda: ProcessPoolExecutor(2, mp_context=get_context(method))

def heard(_, load):
    if load.event == "finished":
        loaded.set()

def main():
    builder = Builder().plugin(updater.init()).plugin(shell.init()).on_page_load(heard)
    for method in ("fork", "spawn", "forkserver"):
        builder.executor(method, pool(method))
    builder.invoke_handler(generate_handler(report, methods, square_fork, square_spawn, square_forkserver))
    builder.run(generate_context())

if __name__ == "__main__":
    main()
"""
# A sidecar that starts another program, and tells the process ids of both and what its environment says of libraries.
_SIDECAR = """#!/bin/sh
sleep 600 &
echo "$$ $! ${LD_LIBRARY_PATH-none}"
wait
"""
_PAGE = """<!doctype html><title>Sample</title><script>
const { core, menu } = window.__TAURI__;
(async () => {
  await menu.Menu.new({ items: [] });
  const methods = await core.invoke('methods');
  if (methods.length === 0) return core.invoke('report', { text: 'from the page' });
  const onEvent = new core.Channel();
  const line = new Promise((resolve) => (onEvent.onmessage = ({ payload }) => resolve(payload)));
  await core.invoke('plugin:shell|spawn', { program: 'bin/family', args: [], options: { sidecar: true }, onEvent });
  const told = { sidecar: await line };
  for (const method of methods) told[method] = await core.invoke(`square_${method}`, { number: 7 });
  await core.invoke('report', { text: JSON.stringify(told) });
})().catch((error) => core.invoke('report', { text: `failed: ${error}` }));
</script>"""


def png(size: int) -> bytes:
    """Return a square PNG file of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x33\x66\x99\xff" * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_project(folder: Path, **bundle: Any) -> Path:
    """Write a project and return its program."""
    (folder / "ui").mkdir(parents=True)
    (folder / "icons").mkdir()
    (folder / "ui" / "index.html").write_text(_PAGE, "utf-8")
    (folder / "note.txt").write_text("a note", "utf-8")
    (folder / "LICENSE").write_text("Do as you like.\n", "utf-8")
    for size in (32, 128):
        (folder / "icons" / f"{size}.png").write_bytes(png(size))
    config = {
        "productName": "Sample Notes",
        "version": "1.2.0",
        "identifier": "org.example.samplenotes",
        "build": {"frontendDist": "ui"},
        "app": {"withGlobalTauri": True, "windows": [{"title": "Sample"}], "security": {"csp": None}},
        "plugins": {"deep-link": {"desktop": {"schemes": ["sample-notes"]}}},
        "bundle": {
            "publisher": "Example Authors <authors@example.org>",
            "homepage": "https://example.org/notes",
            "shortDescription": "Write notes that are kept on your own machine",
            "longDescription": "Notes are short texts.\n\nThey are kept in files, one for each, and found again quickly.",
            "license": "MIT",
            "licenseFile": "LICENSE",
            "category": "Productivity",
            "icon": ["icons/32.png", "icons/128.png"],
            "resources": ["note.txt"],
            "fileAssociations": [{"ext": ["snote"], "mimeType": "application/x-sample-note", "name": "Sample note"}],
            **bundle,
        },
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config, indent=2), "utf-8")
    program = folder / "app.py"
    program.write_text(_PROGRAM, "utf-8")
    return program


def add_sidecar(folder: Path) -> None:
    """Add a sidecar to a project, which its page may start."""
    sidecar = folder / "bin" / f"family-{target_triple()}"
    sidecar.parent.mkdir()
    sidecar.write_text(_SIDECAR, "utf-8")
    capability = {
        "identifier": "family",
        "windows": ["main"],
        "permissions": [
            "core:default",
            {"identifier": "shell:allow-spawn", "allow": [{"name": "bin/family", "sidecar": True}]},
        ],
    }
    (folder / "capabilities").mkdir()
    (folder / "capabilities" / "family.json").write_text(json.dumps(capability), "utf-8")
    file = folder / "tauri.conf.json"
    config = json.loads(file.read_text("utf-8"))
    config["bundle"]["externalBin"] = ["bin/family"]
    file.write_text(json.dumps(config, indent=2), "utf-8")
