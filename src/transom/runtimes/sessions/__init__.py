"""Many users: the options, and the tickets that pages show."""

from ._moving import Moving, SessionElsewhere, Verdict
from ._options import Authenticate, ServerOptions, SessionHook
from ._serve import serve_processes
from ._tickets import Tickets

__all__ = [
    "Authenticate",
    "Moving",
    "ServerOptions",
    "SessionElsewhere",
    "SessionHook",
    "Tickets",
    "Verdict",
    "serve_processes",
]
