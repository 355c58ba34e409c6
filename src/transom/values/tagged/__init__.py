"""Unions whose values carry the name of their variant, written as serde writes Rust's enums."""

from ._rename import RenameRule, rename_field, rename_variant
from ._tagged import TaggedUnion, encode_tagged, make_tagged, split_tagged, types_in_tagged

__all__ = [
    "RenameRule",
    "TaggedUnion",
    "encode_tagged",
    "make_tagged",
    "rename_field",
    "rename_variant",
    "split_tagged",
    "types_in_tagged",
]
