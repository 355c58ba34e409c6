"""The plugin `upload`: files to and from servers, with progress (`@tauri-apps/plugin-upload`).

`Builder().plugin(upload.init())` lets pages use files of the application's own folders and of Downloads; a capability may
name more. It needs the extra `transom[http]`.
"""

from ._plugin import init

__all__ = ["init"]
