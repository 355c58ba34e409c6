"""Buses through an engine that other processes reach too, found by the scheme of its address."""

from ._engine import EngineBus
from ._find import find_bus

__all__ = ["EngineBus", "find_bus"]
