"""Access to the web runtime's server: names, origins, launch codes, sessions, fetch metadata and window tickets.

`docs/security.md` has the sequence of messages. Everything here is checked without I/O.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:  # imported when the address has been announced, while the browser starts
    from starlette.requests import HTTPConnection

__all__ = ["LOOPBACK_NAMES", "Access", "Visit", "cookie_name", "name_of", "visit_of"]

LOOPBACK_NAMES = frozenset(("127.0.0.1", "localhost", "::1"))
# The most launch codes that are valid at once; the oldest of them ends.
MAX_CODES = 16
_HOST = re.compile(r"(?:([A-Za-z0-9._-]+)|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?")  # RFC 9110, 7.2; no user, no zone

Visit: TypeAlias = Literal["user", "own", "foreign", "ahead", "part"]
"""What fetch metadata says of a request for a document.

`user`: the user typed or chose the address, or the browser is too old to say. `own`: a page of the application leads to
it. `foreign`: a page of another origin does. `ahead`: the browser fetches it before the user wants it. `part`: it is not
for a tab, but for a frame or a script.
"""


class Access:
    """Decides about requests.

    Args:
        token: What the author chose to admit browsers with, any number of times; `None` for launch codes only.
        secret: A key that is the same at every start.
        names: Host names under which the server may be reached; others are refused, against DNS rebinding.
        any_address: Whether it may be reached at any IP address too, which DNS rebinding cannot use.
        sessions: A key of sessions that last over restarts, as under `transom dev`; `None` for the author's token or none.
        spent: Called when an announced launch code is shown that was used before: its user may need another.
    """

    def __init__(
        self,
        token: str | None,
        secret: str,
        names: Collection[str],
        *,
        any_address: bool = False,
        sessions: str | None = None,
        spent: Callable[[], None] = lambda: None,
    ) -> None:
        self._token = token
        self._tickets = _mac(secret, "windows")
        # With the author's token a session lasts over restarts, as the token does.
        self._sessions = sessions or (secrets.token_hex(32) if token is None else _mac(secret, f"sessions {token}"))
        self._names = frozenset(name.lower().strip("[]") for name in names)
        self._any_address = any_address
        self._spent = spent
        self._codes: dict[str, tuple[float, bool]] = {}  # until when each is valid, and whether it was announced
        self._used: deque[str] = deque(maxlen=MAX_CODES)  # announced ones
        self._window_codes: dict[str, tuple[float, str]] = {}  # until when each is valid, and for which window
        self._lock = threading.Lock()

    # Launch codes and sessions

    def new_code(self, seconds: float = float("inf"), *, announced: bool = False) -> str:
        """Return a code that admits one browser within this time. Any thread."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = time.monotonic() + seconds, announced
            while len(self._codes) > MAX_CODES:
                del self._codes[next(iter(self._codes))]
        return code

    def window_code(self, label: str, seconds: float) -> str:
        """Return a code that admits the view of one native window, once, within this time. Any thread.

        Args:
            label: The window's label. A new code ends the window's code before it.
            seconds: How long the code is valid.
        """
        code = secrets.token_urlsafe(24)
        with self._lock:
            for old in [old for old, (_, given) in self._window_codes.items() if given == label]:
                del self._window_codes[old]
            self._window_codes[code] = time.monotonic() + seconds, label
        return code

    def redeem_window(self, given: str) -> str | None:
        """End a code of `window_code` and return its label; `None` if it is not valid."""
        with self._lock:
            until, label = self._window_codes.pop(given, (0.0, ""))
        return label if until > time.monotonic() else None

    def redeem(self, given: str) -> bool:
        """Tell whether this is the author's token or a valid launch code, and end the code."""
        if self._token is not None and _equal(given, self._token):
            return True
        with self._lock:
            until, announced = self._codes.pop(given, (0.0, False))
            if announced:
                self._used.append(given)
            again = not announced and given in self._used
            if again:
                self._used.remove(given)
        if again:
            self._spent()
        return until > time.monotonic()

    def new_session(self) -> str:
        """Return the value of a new session's cookie."""
        number = secrets.token_urlsafe(24)
        return f"{number}.{_mac(self._sessions, number)}"

    def has_session(self, connection: HTTPConnection) -> bool:
        """Tell whether a request shows a session's cookie."""
        number, _, seal = connection.cookies.get(cookie_name(connection), "").partition(".")
        return _equal(seal, _mac(self._sessions, number))

    # Windows

    def ticket(self, label: str) -> str:
        """Return what a page shows to be the page of a window."""
        return _mac(self._tickets, label)[:32]

    def label_of(self, ticket: str, labels: Iterable[str]) -> str | None:
        """Return the label that a ticket is for; `None` when it is for none of these."""
        return next((label for label in labels if _equal(ticket, self.ticket(label))), None)

    # Requests

    def serves(self, host: str) -> bool:
        """Tell whether the server may be reached under the name in this `Host` header."""
        name = name_of(host)
        return name in self._names or (self._any_address and _is_address(name))

    def refusal(self, connection: HTTPConnection, *, origin_required: bool = False) -> str | None:
        """Return why a request is not served, `None` when it is."""
        host = connection.headers.get("host", "")
        if not self.serves(host):
            names = ", ".join(sorted(self._names))
            return (
                f"this application is not served under the name {name_of(host)!r}; it is at {names}; "
                "Builder.web(allowed_hosts=...) adds a name"
            )
        if "service-worker" in connection.headers:
            return "service workers are not served: one would outlive the application and see its next start"
        origin = connection.headers.get("origin")
        site = connection.headers.get("sec-fetch-site", "none")
        # Fetch, 3.2: a page that sends no referrer sends no origin with a beacon either. Firefox keeps to that.
        is_hidden = origin == "null" and site == "same-origin"
        if not is_hidden and ((origin is None and origin_required) or origin not in (None, *_origins(host))):
            return f"requests from the origin {origin} are not served"
        if site not in ("none", "same-origin"):  # another port of this machine is `same-site`
            return f"this is served to the application's own pages only, and the request is {site}"
        if not self.has_session(connection):
            return (
                "open the application at the address that it printed when it started: each one admits one browser, once"
            )
        return None


def visit_of(headers: Mapping[str, str]) -> Visit:
    """Return what the fetch metadata of a request for a document says."""
    purpose = " ".join(headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    if "prefetch" in purpose or "prerender" in purpose:
        return "ahead"
    # Every browser that sends fetch metadata sends the site. Programs, such as Node.js, may send a mode alone.
    mode = headers.get("sec-fetch-mode", "navigate") if "sec-fetch-site" in headers else "navigate"
    if headers.get("sec-fetch-dest", "document") != "document" or mode != "navigate":
        return "part"
    site = headers.get("sec-fetch-site", "none")
    return "user" if site == "none" else "own" if site == "same-origin" else "foreign"


def name_of(host: str) -> str:
    """Return the name in a `Host` header; empty when it has none or is not of the form.

    Only a name, an address and a port: what passes is written into policies and addresses.
    """
    parts = _HOST.fullmatch(host)
    if parts is None or (parts[3] is not None and not 0 < int(parts[3]) < 1 << 16):
        return ""
    return (parts[1] or parts[2]).lower()


def cookie_name(connection: HTTPConnection) -> str:
    """Return the name of the session's cookie: browsers share cookies between the ports of a host."""
    host = connection.headers.get("host", "")
    return f"transom-{(urlsplit(f'//{host}').port or 0) if name_of(host) else 0}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _mac(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def _origins(host: str) -> tuple[str, str]:
    return f"http://{host}", f"https://{host}"
