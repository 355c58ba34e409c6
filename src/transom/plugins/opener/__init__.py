"""The plugin `opener`: addresses and files in the user's own applications (`@tauri-apps/plugin-opener`).

`Builder().plugin(opener.init())` lets pages open what a capability's scope covers; the functions here open anything.
"""

from ._links import links_script
from ._open import open_path, open_url, reveal_item_in_dir, run_detached
from ._plugin import init
from ._scope import Entry, OpenerScope
from ._url import UnsafeUrl, check_url, open_in_page

__all__ = [
    "Entry",
    "OpenerScope",
    "UnsafeUrl",
    "check_url",
    "init",
    "links_script",
    "open_in_page",
    "open_path",
    "open_url",
    "reveal_item_in_dir",
    "run_detached",
]
