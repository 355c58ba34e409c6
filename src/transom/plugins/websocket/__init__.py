"""The plugin `websocket`: WebSockets that the back end opens for the page (`@tauri-apps/plugin-websocket`).

`Builder().plugin(websocket.init())` lets pages connect to any server, as in Tauri. Python has `websockets` itself.
"""

from ._plugin import init

__all__ = ["init"]
