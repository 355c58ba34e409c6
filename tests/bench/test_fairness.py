from __future__ import annotations

import logging

import pytest

from bench.fairness import FLOODS, measure

pytestmark = pytest.mark.slow  # floods


@pytest.mark.parametrize("flood", FLOODS)
def test_a_window_that_floods_does_not_hold_another(flood: str) -> None:
    """The aim is 0.1 s, which `python -m bench.fairness` checks on a quiet machine; here others may run beside it."""
    logging.disable(logging.CRITICAL)
    try:
        waits = measure(flood, 0.5)
    finally:
        logging.disable(logging.NOTSET)
    assert waits.batches
    assert waits.median < 0.25
    assert waits.longest < 1.5
