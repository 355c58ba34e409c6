"""State of a user or a session: made by a factory when it begins, closed when it ends."""

from ._scopes import LayeredState, Scope, ScopedFactory, enter, scoped_factory, shared_state

__all__ = ["LayeredState", "Scope", "ScopedFactory", "enter", "scoped_factory", "shared_state"]
