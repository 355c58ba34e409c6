"""Who may call what: deny by default; a call needs a grant, and only `RuntimeAuthority.authorize` makes one."""

from ._authority import Grant, RuntimeAuthority

__all__ = ["Grant", "RuntimeAuthority"]
