"""The users of connections, and the sessions of this process."""

from ._identity import USER, Identity
from ._sessions import Sessions

__all__ = ["USER", "Identity", "Sessions"]
