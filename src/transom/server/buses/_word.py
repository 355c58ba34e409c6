"""The name of an application as NATS takes it."""

from __future__ import annotations

import hashlib
import re

__all__ = ["word_of"]


def word_of(name: str) -> str:
    """Return a word for a name: subjects have words between dots, and streams have none.

    The hash keeps `a.b` and `a_b` apart.
    """
    return f"{re.sub('[^A-Za-z0-9_-]', '_', name)}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
