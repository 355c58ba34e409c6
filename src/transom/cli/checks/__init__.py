"""What `transom build` checks of a project before it makes bundles."""

from ._checks import check_access, check_bindings

__all__ = ["check_access", "check_bindings"]
