"""The options of windows, compared with what their runtime can do."""

from ._options import check_window_options, warn_of_hooks

__all__ = ["check_window_options", "warn_of_hooks"]
