"""The phases of the test, with their amounts and time limits."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

__all__ = ["PHASES", "SHORT", "Amount", "Phase", "phases_of"]

MB = 1_000_000
MiB = 1 << 20


class Amount(msgspec.Struct, frozen=True):
    """The amount of a phase, in its unit.

    Attributes:
        whole: The whole amount.
        batch: The amount between two samples.
    """

    whole: int
    batch: int


class Phase(msgspec.Struct, frozen=True):
    """One phase of a run.

    Attributes:
        name: Its entry in `_program.BATCHES`.
        unit: The unit of the amount.
        amount: The amount, unless the time runs out first.
        seconds: The maximum time; the first batch always runs.
        settling: The time in seconds after which things that still exist count as left over.
    """

    name: str
    unit: str
    amount: Amount
    seconds: float
    settling: float


class _Kind(msgspec.Struct, frozen=True):
    unit: str
    full: Amount
    short: Amount
    share: int


# Name -> its unit, the amounts of a full and of a short run, and its share of the time. Add here to introduce a phase.
_KINDS = {
    "messages": _Kind("messages", Amount(30_000_000, 300_000), Amount(60_000, 5_000), 12),
    "invokes": _Kind("calls", Amount(3_000_000, 30_000), Amount(6_000, 500), 30),
    "bulk": _Kind("MB", Amount(100_000, 1_000), Amount(120, 10), 40),
    "reloads": _Kind("reloads", Amount(2_000, 20), Amount(9, 1), 30),
    "windows": _Kind("windows", Amount(2_000, 20), Amount(4, 1), 50),
    "kills": _Kind("kills", Amount(20, 1), Amount(1, 1), 8),
    "slow": _Kind("freezes", Amount(50, 2), Amount(1, 1), 5),
}
PHASES = tuple(_KINDS)
# Longer than the web runtime waits for a page to reconnect, and longer than WebKit needs to end the process of a
# window.
_SETTLING = 30.0
_SETTLING_SHORT = 15.0
SHORT = 1.0
"""The maximum time of a short run, in minutes."""


def phases_of(minutes: float, *, short: bool = False, only: Sequence[str] | None = None) -> list[Phase]:
    """Return the phases of one run.

    Args:
        minutes: The maximum time of all phases, not including the first batches.
        short: Use small amounts, which show leftovers, but not slow growth.
        only: Names of phases; `None` for all.
    """
    kinds = {name: kind for name, kind in _KINDS.items() if only is None or name in only}
    shares = sum(kind.share for kind in kinds.values())
    return [
        Phase(
            name,
            kind.unit,
            kind.short if short else kind.full,
            seconds=minutes * 60 * kind.share / shares,
            settling=_SETTLING_SHORT if short else _SETTLING,
        )
        for name, kind in kinds.items()
    ]
