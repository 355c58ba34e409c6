"""The application whose page uses the plugins: `python -m bench.plugins._program FOLDER URL LARGEST SCALE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from transom import AppHandle, Builder, command, generate_context, generate_handler
from transom.plugins import fs, http, shell, store

LINES = "import sys; line = 'x' * 99 + chr(10); sys.stdout.writelines(line for _ in range(int(sys.argv[1])))"
RAW = "import sys; [sys.stdout.buffer.write(bytes(1 << 16)) for _ in range(int(sys.argv[1]) >> 16)]"


@command
async def report(figure: dict[str, Any]) -> None:
    """Print a figure."""
    print(json.dumps(figure), flush=True)


@command
async def finished(app: AppHandle, error: str | None) -> None:
    """End the application."""
    if error is not None:
        print(json.dumps({"error": error}), flush=True)
    app.exit()


def main(folder: Path, url: str, largest: int, scale: float) -> int:
    """Run it."""

    @command
    async def plan() -> dict[str, Any]:
        return {"folder": str(folder / "files"), "url": url, "largest": largest, "scale": scale}

    def setup(app: AppHandle) -> None:
        number = {"validator": "[0-9]+"}
        programs = [
            {"name": name, "cmd": sys.executable, "args": ["-c", code, number]}
            for name, code in (("lines", LINES), ("raw", RAW))
        ]
        files = {"identifier": "fs:scope", "allow": [f"{folder}/files/**"]}
        permissions = [
            "fs:read-files",
            "fs:write-files",
            files,
            "store:default",
            {"identifier": "http:default", "allow": [{"url": f"{url}/*"}]},
            {"identifier": "shell:allow-spawn", "allow": programs},
        ]
        app.add_capability(json.dumps({"identifier": "bench", "windows": ["*"], "permissions": permissions}))

    # The largest file and its headers are one message.
    builder = (
        Builder()
        .limits(max_message_bytes=512 << 20)
        .setup(setup)
        .invoke_handler(generate_handler(report, finished, plan))
    )
    for plugin in (fs, http, shell, store):
        builder.plugin(plugin.init())
    return builder.run(generate_context(folder), "webkitgtk")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
