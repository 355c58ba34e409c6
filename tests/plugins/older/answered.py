"""The application of `windowed.py`, with somebody who answers its dialogs; `$OLDER_ANSWERS` has the answers, in JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.plugins.dialog.program import Somebody
from tests.plugins.older.windowed import build
from transom import AppHandle, generate_context


def main() -> int:
    folder = Path(os.environ["OLDER_PROJECT"])
    somebody = Somebody(folder)
    somebody._answers = json.loads(os.environ["OLDER_ANSWERS"])

    def setup(_: AppHandle) -> None:
        from gi.repository import GLib

        GLib.timeout_add(20, somebody.look)

    builder = build().setup(setup)
    status = builder.run(generate_context(folder / "src-tauri"), "webkitgtk")
    seen: list[dict[str, Any]] = somebody.seen
    (folder / "seen.json").write_text(json.dumps(seen))
    return status


if __name__ == "__main__":
    sys.exit(main())
