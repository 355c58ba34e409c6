"""Who may use the web runtime's server, and where it is. Nothing here imports a server."""

from ._access import LOOPBACK_NAMES, Access, cookie_name, name_of, visit_of
from ._installation import Installation, installation_in
from ._launch import LAUNCH_SECONDS, Listening, listen, open_browser, say

__all__ = [
    "LAUNCH_SECONDS",
    "LOOPBACK_NAMES",
    "Access",
    "Installation",
    "Listening",
    "cookie_name",
    "installation_in",
    "listen",
    "name_of",
    "open_browser",
    "say",
    "visit_of",
]
