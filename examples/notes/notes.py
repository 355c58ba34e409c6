"""Notes, an editor whose front end would run on Tauri unchanged: `npm ci && npm run build`, then `python notes.py`.

`python notes.py --check` uses everything once, and ends with status 0 if all of that worked.
"""

from __future__ import annotations

import sys
from pathlib import Path

from transom import AppHandle, Builder, command, generate_context, generate_handler
from transom.plugins import clipboard_manager, dialog, fs, notification, store, window_state

PLUGINS = (clipboard_manager, dialog, fs, notification, store, window_state)
CHECK = """
(async function check() {
  const { invoke } = window.__TAURI_INTERNALS__;
  if (!window.checkNotes) return setTimeout(check, 50); // the page is not ready yet
  await invoke('checked', { failures: await window.checkNotes().catch((error) => [String(error)]) });
})();
"""


@command
def checked(app: AppHandle, failures: list[str]) -> None:
    """End the check."""
    sys.stdout.write("\n".join(failures or ["notes: ok"]) + "\n")
    sys.stdout.flush()
    app.exit(1 if failures else 0)


def setup(app: AppHandle) -> None:
    """Begin the check when it is asked for."""
    window = app.get_webview_window("main")
    if window is not None and "--check" in sys.argv:
        window.eval(CHECK)


def main() -> int:
    """Run the editor."""
    builder = Builder().setup(setup).invoke_handler(generate_handler(checked))
    for plugin in PLUGINS:
        builder.plugin(plugin.init())
    return builder.run(generate_context(Path(__file__).parent))


if __name__ == "__main__":
    sys.exit(main())
