"""The isolation pattern: opens the calls that the isolation frame has sealed, and refuses all others."""

from ._sealed_calls import SealedCalls

__all__ = ["SealedCalls"]
