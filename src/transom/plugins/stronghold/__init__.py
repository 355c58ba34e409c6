"""`plugin:stronghold|*`: secrets in an encrypted file (Tauri: `tauri_plugin_stronghold`)."""

from ._kdf import argon2
from ._plugin import init

__all__ = ["argon2", "init"]
