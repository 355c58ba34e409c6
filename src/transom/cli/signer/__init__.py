"""`transom signer`."""

from ._signer import add_signer

__all__ = ["add_signer"]
