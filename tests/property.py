"""How thoroughly properties are tried: `make test-fast` loads the profile `fast` of Hypothesis, which tries a tenth."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

__all__ = ["examples", "register_profiles"]

_EXAMPLES = 100  # of a property that says nothing else


def register_profiles() -> None:
    """Let Hypothesis know both profiles, and load the thorough one. A busy machine is no counterexample to either."""
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=_EXAMPLES)
    settings.register_profile("patient", patient)
    settings.register_profile("fast", patient, max_examples=_EXAMPLES // 10)
    settings.load_profile("patient")


def examples(number: int) -> int:
    """Return how often to try a property that a whole run tries `number` times."""
    return max(1, number * settings.default.max_examples // _EXAMPLES)
