"""Managed state, which commands of an application share."""

from ._state import State, StateManager, StateMarker

__all__ = ["State", "StateManager", "StateMarker"]
