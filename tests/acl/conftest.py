"""How the property tests of `acl` run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# As in the tests of `wire`: a pause on a busy machine is not a failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
