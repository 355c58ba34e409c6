"""The origin of a call, as permissions see it."""

from __future__ import annotations

import msgspec

__all__ = ["Origin"]


# The hash is kept because every call looks its grant up with it.
class Origin(msgspec.Struct, frozen=True, cache_hash=True):
    """The application's own pages, or a remote page. Tauri: `ipc::Origin`.

    Make one with `Origin.local()` or `Origin.remote(url)`; equal ones are interchangeable.

    Attributes:
        url: Address of the remote page as the runtime reports it, never as the page says; `None` for a local one. An
            origin alone (`https://example.org`) is an address whose path is `/`.
    """

    url: str | None

    @classmethod
    def local(cls) -> Origin:
        """Return the origin of the application's own pages."""
        return _LOCAL

    @classmethod
    def remote(cls, url: str) -> Origin:
        """Return the origin of a page that is at `url`."""
        return cls(url)

    def __str__(self) -> str:
        return "local" if self.url is None else f"remote: {self.url}"


_LOCAL = Origin(None)
