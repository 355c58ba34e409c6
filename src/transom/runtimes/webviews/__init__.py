"""The hooks and scripts of a webview."""

from ._hooks import DownloadEvent, InitializationScript, NewWindowFeatures, NewWindowResponse, WebviewHooks

__all__ = ["DownloadEvent", "InitializationScript", "NewWindowFeatures", "NewWindowResponse", "WebviewHooks"]
