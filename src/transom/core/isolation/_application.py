"""The isolation application of a project, as runtimes serve it (Tauri: `security.pattern` with `use: "isolation"`)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from ...errors import ConfigError
from ...runtimes import Assets, IsolationDocument, with_nonce
from ...wire import isolation_script

__all__ = ["ISOLATED_RUNTIMES", "IsolationApplication"]

# Runtimes that put the isolation frame into their pages. Add here when another one does.
ISOLATED_RUNTIMES: Final = frozenset(("pywebview", "web", "webkitgtk"))
_SCRIPT = re.compile(rb"<!--.*?-->|<script\b([^>]*)>\s*</script\s*>", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(rb"""(?<![\w-])src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FIRST_SCRIPT = re.compile(rb"<!--.*?-->|(<script\b)", re.IGNORECASE | re.DOTALL)
# The frame has an origin that no other document has, however it is embedded. Tauri: the rest of the policy.
_POLICY = "sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}'"


class IsolationApplication:
    """The isolation application of a project.

    Args:
        folder: Its folder, with an `index.html`.

    Attributes:
        scheme: The scheme that a window's frames are loaded by: another one in each run.

    Raises:
        ConfigError: The folder has no `index.html`, or a script that this names is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets = Assets(folder)
        self._secret = secrets.token_bytes(32)
        self.scheme = f"isolation-{secrets.token_hex(8)}"
        self._html()

    def new_frame(self) -> str:
        """Return a new name; see `Isolation`."""
        return secrets.token_hex(16)

    def key_of(self, frame: str) -> bytes:
        """Return the key of a frame; see `Isolation`."""
        return hmac.digest(self._secret, frame.encode("utf-8", "replace"), hashlib.sha256)

    def document(self, frame: str) -> IsolationDocument:
        """Return the document of a frame; see `Isolation`."""
        nonce = secrets.token_urlsafe(16)
        html = with_nonce(self._html(), nonce)
        # Before the application's own scripts.
        at = next((match.start() for match in _FIRST_SCRIPT.finditer(html) if match[1]), len(html))
        element = f'<script nonce="{escape(nonce)}">{isolation_script(self.key_of(frame))}</script>'.encode()
        return IsolationDocument(html[:at] + element + html[at:], _POLICY.format(nonce=nonce))

    def _html(self) -> bytes:
        """Return the document with its scripts inside: its origin is nobody's, so it could load none."""
        return _SCRIPT.sub(self._inline, self._read("index.html"))

    def _inline(self, match: re.Match[bytes]) -> bytes:
        source = None if match[1] is None else _SOURCE.search(match[1])
        if source is None:
            return match[0]
        address = (source[1] or source[2] or source[3] or b"").decode("utf-8", "replace")
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            raise ConfigError(
                f"app.security.pattern: index.html of the isolation application loads {address}; its frame loads nothing over "
                "the network. Put the script into the folder and name it by its path",
                file=str(self._folder / "index.html"),
            )
        attributes = match[1][: source.start()] + match[1][source.end() :]
        script = re.sub(rb"<(?=/script|!--)", rb"\\x3c", self._read(unquote(parts.path)), flags=re.IGNORECASE)
        return b"<script" + attributes.rstrip() + b">" + script + b"</script>"

    def _read(self, name: str) -> bytes:
        file = self._assets.find(name, navigation=False)
        if file is None:
            raise ConfigError(
                f"app.security.pattern: the isolation application has no file {name.strip('/')} in {self._folder}; build it "
                "first, or correct the field `dir`",
                file=str(self._folder),
            )
        return file.read_all()
