"""The plugin, as it is added to an application."""

from __future__ import annotations

from ...acl import Commands, Permission
from ...commands import generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...handles import AppHandle
from ._commands import COMMANDS
from ._page import PageDialogs

__all__ = ["init"]

_NO_FILES = "a browser does not tell where files are; use an <input type=file> or a download, and commands with bytes"

# Tauri: the script of the plugin does the same, so that `confirm` returns a promise.
_SCRIPT = """(() => {
  const { invoke } = window.__TAURI_INTERNALS__;
  window.alert = (message) => void invoke('plugin:dialog|message', { message: String(message) });
  window.confirm = async (message) => (await invoke('plugin:dialog|message', { message: String(message), buttons: 'OkCancel' })) === 'Ok';
})();"""


def init() -> Plugin:
    """Return the plugin of dialogs."""

    def setup(app: AppHandle, _: PluginApi) -> None:
        app.manage(PageDialogs())

    def answering(name: str) -> Permission:
        # Newer versions of the npm package call `message` for all three; the page answers those that it draws.
        return Permission(identifier=f"allow-{name}", commands=Commands(allow=(name, "message", "answered")))

    return (
        PluginBuilder("dialog")
        .invoke_handler(generate_handler(*COMMANDS))
        .permissions(
            default=("allow-ask", "allow-confirm", "allow-message", "allow-save", "allow-open"),
            permissions=[answering(name) for name in ("ask", "confirm", "message")],
        )
        .unsupported("web", {"open": _NO_FILES, "save": _NO_FILES})
        .js_init_script(_SCRIPT)
        .setup(setup)
        .build()
    )
