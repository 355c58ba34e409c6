"""`plugin:fs|*`: files, for pages, as far as a scope allows (Tauri: `tauri_plugin_fs`).

A page uses `@tauri-apps/plugin-fs`. Python opens files as always; `scope(app)` lets pages use more of them:

    from transom.plugins import fs

    fs.scope(app).allow_directory(folder, recursive=True)
"""

from ._file_scope import FileScope
from ._plugin import init
from ._scope import scope, try_scope

__all__ = ["FileScope", "init", "scope", "try_scope"]
