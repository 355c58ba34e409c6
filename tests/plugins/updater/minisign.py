"""Makes keys and signatures of minisign for the tests, with OpenSSL as the second opinion about Ed25519."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from base64 import b64encode
from pathlib import Path

__all__ = ["Signer"]

_PUBLIC = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes in DER


class Signer:
    """A key pair of `openssl`.

    Args:
        folder: Where the private key is kept.
        key_id: The 8 bytes that name the key.
    """

    def __init__(self, folder: Path, key_id: bytes = b"12345678") -> None:
        self._key = folder / f"{key_id.hex()}.pem"
        self._id = key_id
        subprocess.run(
            ["openssl", "genpkey", "-algorithm", "ed25519", "-out", self._key], check=True, capture_output=True
        )
        der = subprocess.run(
            ["openssl", "pkey", "-in", self._key, "-pubout", "-outform", "DER"], check=True, capture_output=True
        ).stdout
        assert der.startswith(_PUBLIC)
        self.public = der.removeprefix(_PUBLIC)

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            return subprocess.run(
                ["openssl", "pkeyutl", "-sign", "-inkey", self._key, "-rawin", "-in", file.name],
                check=True,
                capture_output=True,
            ).stdout

    @property
    def pubkey(self) -> str:
        """`plugins.updater.pubkey` of the configuration."""
        line = b64encode(b"Ed" + self._id + self.public).decode()
        return b64encode(f"untrusted comment: minisign public key: 1\n{line}\n".encode()).decode()

    def signature(self, data: bytes, *, hashed: bool = True, comment: str = "timestamp:1\tfile:app") -> str:
        """Return a signature as manifests have it."""
        signed = self.sign(hashlib.blake2b(data).digest() if hashed else data)
        first = b64encode((b"ED" if hashed else b"Ed") + self._id + signed).decode()
        second = b64encode(self.sign(signed + comment.encode())).decode()
        text = f"untrusted comment: signature from tauri secret key\n{first}\ntrusted comment: {comment}\n{second}\n"
        return b64encode(text.encode()).decode()
