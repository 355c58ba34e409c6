"""Access to the web runtime's server, and its address. Nothing here imports a server."""

from ._access import LOOPBACK_NAMES, Access, Visit, cookie_name, name_of, visit_of
from ._installation import Installation, installation_in
from ._launch import LAUNCH_SECONDS, Listening, listen, open_browser, say
from ._served import Issued, Served

__all__ = [
    "LAUNCH_SECONDS",
    "LOOPBACK_NAMES",
    "Access",
    "Installation",
    "Issued",
    "Listening",
    "Served",
    "Visit",
    "cookie_name",
    "installation_in",
    "listen",
    "name_of",
    "open_browser",
    "say",
    "visit_of",
]
