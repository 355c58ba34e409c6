"""Patterns over what a page may name or be: labels, addresses, paths. They know nothing of permissions."""

from ._label_glob import LabelGlob
from ._path_scope import MAX_PATH_BYTES, PathScope
from ._url_pattern import RemoteUrlPattern

__all__ = ["MAX_PATH_BYTES", "LabelGlob", "PathScope", "RemoteUrlPattern"]
