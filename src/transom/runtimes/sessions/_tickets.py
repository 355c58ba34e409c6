"""Tickets: a page opens the link of a session's window with one. They are signed, so that any process can check them.

Every signature includes the user's id and roles: what was made for one user is worth nothing for another, nor for the same
user with other roles. So no session goes on with roles that its user has lost.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from ...acl import User

__all__ = ["Tickets"]

_KEY_SECONDS: Final = 120
_ID = 32  # characters of a session's id, of a key's number and of each signature
_TIME = 10


class Tickets:
    """Makes and checks tickets of windows and keys of documents.

    Args:
        secret: The key of the signatures.
    """

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(secret.encode()).digest()

    @staticmethod
    def new_session() -> str:
        """Return the id of a new session."""
        return secrets.token_hex(_ID // 2)

    def ticket(self, session: str, user: User, label: str) -> str:
        """Return the ticket of a window: the id of its session, and a signature."""
        return session + self._sign(user, "window", session, label)

    def session_of(self, ticket: str, user: User, labels: Iterable[str]) -> tuple[str, str] | None:
        """Return the session and the label that a ticket is for; `None` if it is no ticket of this user for one of the labels.

        Args:
            ticket: What a page has shown.
            user: The user of its connection.
            labels: The labels of the windows that the session has.
        """
        session, signature = ticket[:_ID], ticket[_ID:]
        for label in labels:
            if _equal(signature, self._sign(user, "window", session, label)):
                return session, label
        return None

    def key(self, user: User, now: float) -> str:
        """Return the key of a document that is served to a user now, in seconds since 1970."""
        number = f"{int(now):0{_TIME}x}{secrets.token_hex(_ID // 2)}"
        return number + self._sign(user, "key", number)

    def is_key(self, key: str, user: User, now: float | None) -> bool:
        """Tell whether a key was made for a user, and not too long ago.

        Args:
            key: What a page has shown.
            user: The user of its connection.
            now: The time in seconds since 1970; `None` if the age does not matter.
        """
        number, signature = key[: _TIME + _ID], key[_TIME + _ID :]
        if not _equal(signature, self._sign(user, "key", number)):
            return False
        return now is None or -_KEY_SECONDS <= now - int(number[:_TIME], 16) <= _KEY_SECONDS

    def _sign(self, user: User, *parts: str) -> str:
        parts = (*parts, user.id, "anonymous" if user.anonymous else "known", *sorted(user.roles))
        # Each part behind its length, so that no two lists of parts have one text.
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_ID]


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode("utf-8", "replace"))
