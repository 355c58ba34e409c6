"""`python -m bench.fairness [seconds]`: print how long one window waits while another floods, for every flood."""

from __future__ import annotations

import logging
import sys

from . import FLOODS, measure

_MOST = 0.1  # seconds that a call of the other window may take


def main() -> int:
    """Measure every flood; return 1 when a call took too long."""
    logging.disable(logging.CRITICAL)
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    slow = 0
    for flood in FLOODS:
        waits = measure(flood, seconds)
        slow += waits.longest > _MOST
        print(
            f"{flood:28} {waits.calls:6} calls, median {waits.median * 1000:7.2f} ms, longest {waits.longest * 1000:7.1f} ms"
            f", {waits.batches} batches"
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
