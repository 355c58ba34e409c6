"""Atlas, a disk atlas: the demo application of transom."""

from .app import build, context

__all__ = ["build", "context"]
