"""The user on whose behalf a page acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

__all__ = ["User"]


class User:
    """A user of an application: one person of a server's many, or the one user of a desktop application.

    Args:
        id: What tells users apart; the same for all sessions of one user. Not empty.
        name: A name to show.
        roles: The roles that capabilities can name.
        claims: Whatever else the application knows of the user. transom does not read it.
        anonymous: Whether nobody has logged in.

    Raises:
        ValueError: The id is empty or longer than 512 characters, or begins as those of anonymous sessions do.
    """

    __slots__ = ("anonymous", "claims", "id", "name", "roles")
    LOCAL: ClassVar[User]
    """The one user of an application that is not a server."""
    ANONYMOUS: ClassVar[str] = "anonymous-"
    """The prefix of the ids of users of anonymous sessions."""

    def __init__(
        self,
        id: str,  # noqa: A002 - the word of every system of identities
        *,
        name: str = "",
        roles: Iterable[str] = (),
        claims: Mapping[str, Any] | None = None,
        anonymous: bool = False,
    ) -> None:
        if not 0 < len(id) <= 512:
            raise ValueError("the id of a user is a text of 1 to 512 characters")
        if id.startswith(self.ANONYMOUS) and not anonymous:  # what is sent to a user is addressed by the id alone
            raise ValueError(f"ids that begin with {self.ANONYMOUS!r} belong to anonymous sessions; choose another one")
        self.id = id
        self.name = name or id
        self.roles = frozenset((roles,) if isinstance(roles, str) else roles)
        self.claims = claims or {}
        self.anonymous = anonymous

    def __eq__(self, other: object) -> bool:
        return isinstance(other, User) and (self.id, self.anonymous) == (other.id, other.anonymous)

    def __hash__(self) -> int:
        return hash((self.id, self.anonymous))

    def __repr__(self) -> str:
        return f"<User {self.id!r}>"


User.LOCAL = User("local")
