"""The phases: what is done in each, how much, and for how long at most."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

__all__ = ["PHASES", "SHORT", "Amount", "Phase", "phases_of"]

MB = 1_000_000
MiB = 1 << 20


class Amount(msgspec.Struct, frozen=True):
    """How much of a phase is done.

    Attributes:
        whole: In the phase's unit.
        batch: So much is done between two samples.
    """

    whole: int
    batch: int


class Phase(msgspec.Struct, frozen=True):
    """One phase of a run.

    Attributes:
        name: Its entry in `_program.BATCHES`.
        unit: What is counted.
        amount: How much is done, unless the time ends first.
        seconds: When the phase ends, whatever it has reached; the first batch is always done.
        settling: Seconds that what ends soon gets after the phase, before it counts as left over.
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


# Name -> its unit, the amounts of a full and of a short run, and its part of the time. Add here to introduce a phase.
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
# Longer than the web runtime waits for a page to come back, and than WebKit takes to end a window's process.
_SETTLING = 30.0
_SETTLING_SHORT = 15.0
SHORT = 1.0
"""Minutes of a short run."""


def phases_of(minutes: float, *, short: bool = False, only: Sequence[str] | None = None) -> list[Phase]:
    """Return the phases of one run.

    Args:
        minutes: All phases together end within so many, plus what the first batches take.
        short: Whether the amounts are those of a run that looks for what is left over, not for slow growth.
        only: Names of phases, `None` for all.
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
