"""Pages that tell watchers of their calls, for the inspector, for traces and for recordings. They take the place of the plain ones."""

from ._recording import VERSION, Recording
from ._session import ObservedCall, ObservedSession
from ._tracing import Tracing
from ._watcher import Watcher

__all__ = ["VERSION", "ObservedCall", "ObservedSession", "Recording", "Tracing", "Watcher"]
