"""The `tauri.conf.json` of Tauri 1: recognised, validated, and translated to that of Tauri 2."""

from ._schema import CONFIG, is_v1
from ._translate import translate

__all__ = ["CONFIG", "is_v1", "translate"]
