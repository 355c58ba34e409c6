"""The plugin `http`: requests that the back end makes for the page, without CORS (`@tauri-apps/plugin-http`).

`Builder().plugin(http.init())` lets pages fetch the addresses that a capability's scope covers. It needs the extra
`transom[http]`. Python has httpx itself.
"""

from ._plugin import init
from ._scope import Entry, UrlScope

__all__ = ["Entry", "UrlScope", "init"]
