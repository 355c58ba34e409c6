"""Measures how long one window waits while the page of another floods the application."""

from ._measure import FLOODS, Waits, measure

__all__ = ["FLOODS", "Waits", "measure"]
