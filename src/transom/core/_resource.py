"""Resources: objects that a page holds by number until it closes them or its generation ends."""

from __future__ import annotations

import logging
import secrets
import threading
from typing import Protocol, TypeVar

from ..errors import InvalidResource

__all__ = ["Resource", "ResourceTable"]

R = TypeVar("R", bound="Resource")
_log = logging.getLogger("transom")


class Resource(Protocol):
    """Something that is released when its owner closes it."""

    def close(self) -> None:
        """Release it. Called once."""


class ResourceTable:
    """Resources by id: random 32-bit numbers, never 0, which clients read as "none"."""

    def __init__(self) -> None:
        self._resources: dict[int, Resource] = {}
        self._lock = threading.Lock()

    def add(self, resource: Resource) -> int:
        """Hold a resource and return its id."""
        with self._lock:
            while (rid := secrets.randbits(32)) == 0 or rid in self._resources:
                pass
            self._resources[rid] = resource
        return rid

    def get(self, rid: int, kind: type[R]) -> R:
        """Return a resource.

        Raises:
            InvalidResource: No resource of this kind has the id.
        """
        found = self._resources.get(rid)
        if not isinstance(found, kind):
            raise InvalidResource(rid)
        return found

    def close(self, rid: int) -> None:
        """Release a resource and forget it.

        Raises:
            InvalidResource: None has the id.
        """
        with self._lock:
            found = self._resources.pop(rid, None)
        if found is None:
            raise InvalidResource(rid)
        found.close()

    def close_all(self) -> None:
        """Release every resource."""
        with self._lock:
            resources, self._resources = list(self._resources.values()), {}
        for resource in resources:
            try:
                resource.close()
            except Exception:  # noqa: BLE001 - the resources after it must be released too
                _log.exception("a resource of a closed page could not be released")
