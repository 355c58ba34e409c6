"""Files that runtimes serve: opened once and checked, the front end's among them, and which part of one a request gets."""

from ._assets import Assets, is_navigation, media_type_of, with_nonce
from ._conditional import Part, part_for, seconds_of
from ._files import MAX_PATH_BYTES, OpenFile, open_file, path_of_descriptor

__all__ = [
    "MAX_PATH_BYTES",
    "Assets",
    "OpenFile",
    "Part",
    "is_navigation",
    "media_type_of",
    "open_file",
    "part_for",
    "path_of_descriptor",
    "seconds_of",
    "with_nonce",
]
