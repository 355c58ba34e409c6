"""The Python side of older Tauris: `v0` for 0.x and `v1_beta` for the betas of 1.0. Pages need nothing of it; see `docs/older-clients.md`."""

from . import v0, v1_beta

__all__ = ["v0", "v1_beta"]
