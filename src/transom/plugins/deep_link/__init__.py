"""The plugin `deep-link`: addresses of the application's own schemes open it (`@tauri-apps/plugin-deep-link`).

`Builder().plugin(deep_link.init())`, with the schemes in `plugins.deep-link.desktop.schemes` of the configuration. With the
plugin `single-instance`, an address that starts the program again arrives in the first one.
"""

from ._links import DeepLinks, handle_arguments
from ._plugin import get_current, init, is_registered, register, unregister

__all__ = ["DeepLinks", "get_current", "handle_arguments", "init", "is_registered", "register", "unregister"]
