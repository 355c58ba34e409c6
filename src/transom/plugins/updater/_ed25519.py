"""Checks Ed25519 signatures (RFC 8032, section 5.1.7). Only public values are handled, so that time may tell them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

__all__ = ["is_valid"]

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)  # of -1

Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, x * y = T/Z

_BASE_Y = 4 * pow(5, -1, _P) % _P
_IDENTITY: Point = (0, 1, 1, 0)


def _add(a: Point, b: Point) -> Point:
    left = (a[1] - a[0]) * (b[1] - b[0]) % _P
    right = (a[1] + a[0]) * (b[1] + b[0]) % _P
    c, d = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = right - left, d - c, d + c, right + left
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: Point) -> Point:
    result = _IDENTITY
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _is_same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % _P == 0 and (a[1] * b[2] - b[1] * a[2]) % _P == 0


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return _P - x if x & 1 != sign else x


def _point(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x = _x_of(y, sign) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def is_valid(public_key: bytes, signature: bytes, message: Iterable[bytes]) -> bool:
    """Tell whether a signature belongs to a message.

    Args:
        public_key: 32 bytes.
        signature: 64 bytes.
        message: The message, in parts.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public_key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _ORDER:
        return False
    if _is_same(_times(8, key), _IDENTITY):  # a key of small order accepts anything
        return False
    digest = hashlib.sha512(signature[:32] + public_key)
    for part in message:
        digest.update(part)
    challenge = int.from_bytes(digest.digest(), "little") % _ORDER
    base_x = _x_of(_BASE_Y, 0)
    assert base_x is not None
    base = (base_x, _BASE_Y, 1, base_x * _BASE_Y % _P)
    return _is_same(_times(scalar, base), _add(commitment, _times(challenge, key)))
