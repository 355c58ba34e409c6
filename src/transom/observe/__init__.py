"""Pages that tell watchers of their calls, for the inspector and for traces. They take the place of the plain ones."""

from ._session import ObservedCall, ObservedSession
from ._tracing import Tracing
from ._watcher import Watcher

__all__ = ["ObservedCall", "ObservedSession", "Tracing", "Watcher"]
