"""Events: who listens, how an event is delivered, and the bus that carries it."""

from ._bus import Bus, MemoryBus, PublishedEvent
from ._event import Event, PythonListener
from ._registry import EventListeners

__all__ = ["Bus", "Event", "EventListeners", "MemoryBus", "PublishedEvent", "PythonListener"]
