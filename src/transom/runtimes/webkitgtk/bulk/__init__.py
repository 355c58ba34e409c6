"""Large bodies on their way to a window: in a file that the page shares, or in parts over `ipc://`."""

from ._bulk import FILE_BYTES, Bulk, SharedFile, is_request
from ._packs import Packs, part_number

__all__ = ["FILE_BYTES", "Bulk", "Packs", "SharedFile", "is_request", "part_number"]
