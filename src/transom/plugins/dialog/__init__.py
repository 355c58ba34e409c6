"""`plugin:dialog|*`: messages and the choice of files, for pages and for Python (Tauri: `tauri_plugin_dialog`).

A page uses `@tauri-apps/plugin-dialog`. Python uses the same dialogs, in a worker as here or with `await ..._async(...)`:

    from transom.plugins import dialog

    if dialog.ask(app, "Overwrite it?", kind="warning"):
        path = dialog.save(app, default_path="notes.txt", filters=[("Text", ["txt"])])
"""

from ._files import pick, pick_async, save, save_async
from ._messages import ask, ask_async, confirm, confirm_async, message, message_async
from ._plugin import init

__all__ = [
    "ask",
    "ask_async",
    "confirm",
    "confirm_async",
    "init",
    "message",
    "message_async",
    "pick",
    "pick_async",
    "save",
    "save_async",
]
