"""Who may call and read what: deny by default; a call needs a grant, and only `RuntimeAuthority.authorize` makes one."""

from ._authority import Grant, RuntimeAuthority
from ._path_scope import PathScope

__all__ = ["Grant", "PathScope", "RuntimeAuthority"]
