"""What an application decides about a webview, and the scripts that run in it."""

from ._hooks import DownloadEvent, InitializationScript, NewWindowFeatures, NewWindowResponse, WebviewHooks

__all__ = ["DownloadEvent", "InitializationScript", "NewWindowFeatures", "NewWindowResponse", "WebviewHooks"]
