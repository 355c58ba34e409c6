"""Buses through an engine that other processes reach too, found by the scheme of its address."""

from ._engine import EngineBus
from ._find import find_bus
from ._word import word_of

__all__ = ["EngineBus", "find_bus", "word_of"]
