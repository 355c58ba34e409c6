"""What a menu is for a window system: accelerators, trees of items, the operations on them, and what comes back."""

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
