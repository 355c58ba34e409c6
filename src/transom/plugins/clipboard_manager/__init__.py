"""The plugin `clipboard-manager`: the clipboard of the desktop (`@tauri-apps/plugin-clipboard-manager`).

`Builder().plugin(clipboard_manager.init())` lets pages use it as far as capabilities allow; the functions here are for
Python, on any thread but the window's.
"""

from ._access import clear, read_image, read_text, write_html, write_image, write_text
from ._plugin import init

__all__ = ["clear", "init", "read_image", "read_text", "write_html", "write_image", "write_text"]
