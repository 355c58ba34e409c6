"""Menus as a window system sees them: accelerators, trees of items, and activations."""

from ._accelerator import Accelerator, Modifier
from ._tree import AboutMetadata, ItemKind, MenuActivation, MenuNode, MenuTree, PredefinedKind, plain_text

__all__ = [
    "AboutMetadata",
    "Accelerator",
    "ItemKind",
    "MenuActivation",
    "MenuNode",
    "MenuTree",
    "Modifier",
    "PredefinedKind",
    "plain_text",
]
