"""A small project that is bundled: its page asks once, and what it got is in a file."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

__all__ = ["png", "write_project"]

_PROGRAM = """
import os, sys, threading
from pathlib import Path
from transom import AppHandle, Builder, command, generate_context, generate_handler
from transom.plugins import updater

loaded = threading.Event()  # the updater has heard of it: its hook comes first

@command
def report(app: AppHandle, text: str) -> None:
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

def heard(_, load):
    if load.event == "finished":
        loaded.set()

Builder().plugin(updater.init()).on_page_load(heard).invoke_handler(generate_handler(report)).run(generate_context())
"""
_PAGE = """<!doctype html><title>Sample</title><script>
const { core, menu } = window.__TAURI__;
menu.Menu.new({ items: [] }).then(() => core.invoke('report', { text: 'from the page' }));
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
