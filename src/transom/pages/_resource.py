"""Resources: objects kept under an id until they are closed, or until their page, window or application ends."""

from __future__ import annotations

import logging
import secrets
import threading
from typing import Protocol, TypeVar

from ..errors import InvalidResource, LimitReached, WindowError
from ._limits import QueueLimits

__all__ = ["Resource", "ResourceTable", "ResourceTables"]

R = TypeVar("R", bound="Resource")
_log = logging.getLogger("transom")


class Resource(Protocol):
    """Something that is released when its owner closes it."""

    def close(self) -> None:
        """Release it. Called once."""


class ResourceTable:
    """Resources by id: random 32-bit numbers, never 0, which clients read as "none". Any thread.

    Args:
        owner: What the resources belong to, for the sentences of errors: their end closes them.
        limit: The most resources that it holds.
    """

    def __init__(self, owner: str = "page", limit: int = QueueLimits.MAX_RESOURCES) -> None:
        self._owner = owner
        self._limit = limit
        self._resources: dict[int, Resource] = {}
        self._lock = threading.Lock()
        self._ended = False

    def add(self, resource: Resource) -> int:
        """Hold a resource and return its id.

        Raises:
            WindowError: The owner is gone; the resource has been released.
            LimitReached: The table is full; the resource has been released.
        """
        with self._lock:
            if not self._ended and len(self._resources) < self._limit:
                while (rid := secrets.randbits(32)) == 0 or rid in self._resources:
                    pass
                self._resources[rid] = resource
                return rid
        raise self._refused(resource)

    def _refused(self, resource: Resource) -> WindowError | LimitReached:
        resource.close()
        if not self._ended:
            return LimitReached(f"the resource table of the {self._owner}", self._limit, "resources", "max_resources")
        return WindowError(
            f"the {self._owner} of this resource table is gone; the {_name(resource)} was released at once"
        )

    def has(self, rid: int) -> bool:
        """Tell whether a resource has the id."""
        return rid in self._resources

    def get(self, rid: int, kind: type[R]) -> R:
        """Return a resource.

        Raises:
            InvalidResource: No resource of this kind has the id.
        """
        found = self.get_any(rid)
        if not isinstance(found, kind):
            raise InvalidResource(rid)
        return found

    def get_any(self, rid: int) -> Resource:
        """Return a resource of any kind.

        Raises:
            InvalidResource: None has the id.
        """
        found = self._resources.get(rid)
        if found is None:
            raise InvalidResource(rid)
        return found

    def take(self, rid: int, kind: type[R]) -> R:
        """Hold a resource no longer and return it, not closed: it is the caller's now.

        Raises:
            InvalidResource: No resource of this kind has the id.
        """
        with self._lock:
            found = self.get(rid, kind)
            del self._resources[rid]
        return found

    def replace(self, rid: int, resource: Resource) -> Resource | None:
        """Hold another resource under an id, and return the one before it, not closed; `None` when there was none.

        Raises:
            ValueError: The id is 0 or no unsigned 32-bit number.
            WindowError: The owner is gone; the new resource has been released.
            LimitReached: The table is full; the new resource has been released.
        """
        if not 0 < rid < 2**32:
            raise ValueError(f"{rid} cannot be the id of a resource: they are numbers from 1 to 2**32 - 1")
        with self._lock:
            if not self._ended and (rid in self._resources or len(self._resources) < self._limit):
                before = self._resources.get(rid)
                self._resources[rid] = resource
                return before
        raise self._refused(resource)

    def names(self) -> dict[int, str]:
        """Return the class's name of every resource, by id."""
        with self._lock:
            return {rid: _name(resource) for rid, resource in self._resources.items()}

    def close(self, rid: int) -> None:
        """Release a resource and forget it.

        Raises:
            InvalidResource: None has the id.
        """
        with self._lock:
            found = self.get_any(rid)
            del self._resources[rid]
        found.close()

    def close_all(self) -> None:
        """Release every resource, and from now on every one that is added: the owner is gone."""
        with self._lock:
            self._ended = True
            resources, self._resources = list(self._resources.values()), {}
        for resource in resources:
            try:
                resource.close()
            except Exception:  # noqa: BLE001 - the resources after it must be released too
                _log.exception("a resource of a closed %s could not be released", self._owner)


class ResourceTables:
    """The tables that outlive a page: the application's, and one a window.

    Args:
        limit: The most resources in one of them.
    """

    def __init__(self, limit: int = QueueLimits.MAX_RESOURCES) -> None:
        self._limit = limit
        self.application = ResourceTable("application", limit)
        self._of_windows: dict[str, ResourceTable] = {}
        self._lock = threading.Lock()

    def of_window(self, label: str) -> ResourceTable:
        """Return the table of a window."""
        with self._lock:
            return self._of_windows.setdefault(label, ResourceTable(f"window `{label}`", self._limit))

    def names(self) -> dict[str, dict[int, str]]:
        """Return the class's name of every resource by id, for each window's label; the application's under an empty one."""
        with self._lock:
            tables = {"": self.application, **self._of_windows}
        return {owner: table.names() for owner, table in tables.items()}

    def end_window(self, label: str) -> None:
        """Release what belongs to a window that is gone."""
        with self._lock:
            table = self._of_windows.pop(label, None)
        if table is not None:
            table.close_all()

    def close_all(self) -> None:
        """Release everything. The tables stay, so that nothing can be added to another of the same window."""
        with self._lock:
            tables = [*self._of_windows.values(), self.application]
        for table in tables:
            table.close_all()


def _name(resource: Resource) -> str:
    return type(resource).__qualname__
