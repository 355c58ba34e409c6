"""How many sessions there are in this process: of each user, and without a user from each address."""

from __future__ import annotations

import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

from ....acl import User
from ....errors import LimitReached
from ... import ServerOptions

__all__ = ["SessionCounts"]

_MOST_RATES = 10_000  # addresses whose rates are remembered
_MINUTE = 60.0
_METHOD = "Builder.server"


class _Counted(NamedTuple):
    """What a session is counted for."""

    user: str
    place: str  # empty when it is not counted for its address


class SessionCounts:
    """The sessions of this process, and whether there may be another one. On the event loop.

    Args:
        options: The options of the server.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self._sessions: dict[str, _Counted] = {}
        self._of_user: dict[str, int] = {}
        self._of_place: dict[str, int] = {}
        # How many sessions may begin at once, and when that was so; those that were used last are last.
        self._rates: dict[str, tuple[float, float]] = {}

    def add(self, session_id: str, identity: User, address: str) -> None:
        """Count a session that begins.

        Args:
            session_id: The session.
            identity: Its user, as the connection shows it.
            address: The address of its page's connection, as the server knows it; empty if it knows none.

        Raises:
            LimitReached: There are too many sessions, of the user, without a user from the address, or of all.
        """
        options = self._options
        if len(self._sessions) >= options.max_sessions:
            raise LimitReached("this server", options.max_sessions, "sessions", "max_sessions", _METHOD)
        place = _place_of(address) if identity.anonymous else ""
        if place:
            self._check_place(place)
        elif not identity.anonymous and self._of_user.get(identity.id, 0) >= options.max_user_sessions:
            holder = f"the user {identity.id!r}"
            raise LimitReached(holder, options.max_user_sessions, "sessions", "max_user_sessions", _METHOD)
        self._sessions[session_id] = _Counted(identity.id, place)
        self._of_user[identity.id] = self._of_user.get(identity.id, 0) + 1
        if place:
            self._of_place[place] = self._of_place.get(place, 0) + 1

    def _check_place(self, place: str) -> None:
        limit = self._options.max_address_sessions
        if self._of_place.get(place, 0) >= limit:
            raise LimitReached(f"the address {place}", limit, "anonymous sessions", "max_address_sessions", _METHOD)
        limit = self._options.max_address_sessions_per_minute
        now = time.monotonic()
        spare, since = self._rates.pop(place, (float(limit), now))
        spare = min(spare + (now - since) * limit / _MINUTE, limit)
        self._rates[place] = (spare - 1 if spare >= 1 else spare), now
        if len(self._rates) > _MOST_RATES:
            del self._rates[next(iter(self._rates))]  # the one that was used longest ago
        if spare < 1:
            raise LimitReached(
                f"the address {place}",
                limit,
                "anonymous sessions in a minute",
                "max_address_sessions_per_minute",
                _METHOD,
                "wait a moment",
            )

    def remove(self, session_id: str) -> None:
        """Count a session no more."""
        counted = self._sessions.pop(session_id)
        _less(self._of_user, counted.user)
        if counted.place:
            _less(self._of_place, counted.place)


def _less(counts: dict[str, int], name: str) -> None:
    counts[name] -= 1
    if not counts[name]:
        del counts[name]


def _place_of(address: str) -> str:
    """Return what an address is counted as: of IPv6 the network, as every subscriber has one to choose addresses from."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))
