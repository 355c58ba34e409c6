"""Keys from seeds: SLIP-10 for Ed25519, and mnemonics of BIP-39."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from ...errors import CommandError

__all__ = ["derive", "mnemonic_seed", "new_mnemonic", "public_key", "sign"]

_HARDENED = 1 << 31
_KEY = 32


def derive(chain: Iterable[int], *, seed: bytes | None = None, key: bytes | None = None) -> bytes:
    """Return a private key of Ed25519 and its chain code, 32 bytes each.

    Args:
        chain: Numbers of the children; all are hardened, as Ed25519 has no others.
        seed: Where the chain begins.
        key: In the place of a seed, a key and chain code that this function has made.

    Raises:
        CommandError: The key has no chain code, or a number is not one of 32 bits.
    """
    if seed is not None:
        node = hmac.digest(b"ed25519 seed", seed, "sha512")
    elif key is not None and len(key) == 2 * _KEY:
        node = key
    else:
        raise CommandError("this record is not a key that was derived by SLIP-10")
    for number in chain:
        if not 0 <= number < 1 << 32:
            raise CommandError("a number of the chain has more than 32 bits")
        child = (number | _HARDENED).to_bytes(4, "big")
        node = hmac.digest(node[_KEY:], b"\0" + node[:_KEY] + child, "sha512")
    return node


def new_mnemonic() -> str:
    """Return 24 English words for 256 random bits."""
    from mnemonic import Mnemonic

    return Mnemonic("english").generate(256)


def mnemonic_seed(words: str, passphrase: str) -> bytes:
    """Return the seed of 64 bytes for a mnemonic.

    Raises:
        CommandError: A word is not one of the list, or the last one does not fit to the others.
    """
    from mnemonic import Mnemonic

    if not Mnemonic("english").check(words):
        raise CommandError(
            "the mnemonic is not valid: a word is not one of the English list, or the check sum is wrong"
        )
    normal = Mnemonic.normalize_string
    salt = f"mnemonic{normal(passphrase)}".encode()
    return hashlib.pbkdf2_hmac("sha512", normal(words).encode(), salt, 2048)


def public_key(secret: bytes, kind: str) -> bytes:
    """Return the public key of a private one.

    Args:
        secret: The private key, which may be followed by a chain code.
        kind: `ed25519` or `x25519`.

    Raises:
        CommandError: The private key is too short, or there is no such kind.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    if kind == "ed25519":
        return Ed25519PrivateKey.from_private_bytes(_private(secret)).public_key().public_bytes_raw()
    if kind == "x25519":
        return X25519PrivateKey.from_private_bytes(_private(secret)).public_key().public_bytes_raw()
    raise CommandError("unknown key type")


def sign(secret: bytes, message: bytes) -> bytes:
    """Return the signature of a message by Ed25519.

    Raises:
        CommandError: The private key is too short.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_private(secret)).sign(message)


def _private(secret: bytes) -> bytes:
    if len(secret) < _KEY:
        raise CommandError(f"this record has {len(secret)} bytes; a private key has {_KEY}")
    return bytes(secret[:_KEY])
