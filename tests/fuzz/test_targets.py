"""Every decoder takes any bytes: what is kept from longer runs, and what Hypothesis makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import CORPUS, TARGETS, seeds_of
from tests.requirements import needs_cryptography

pytestmark = pytest.mark.slow  # every decoder

KEPT = [(name, path.name) for name in TARGETS for path in sorted((CORPUS / name).iterdir())]


def _target(name: str) -> Callable[[bytes], None]:
    if name == "sealed":
        needs_cryptography()
    return TARGETS[name]


def test_every_target_has_a_corpus_and_every_corpus_a_target() -> None:
    assert sorted(path.name for path in CORPUS.iterdir()) == sorted(TARGETS)
    assert all(seeds_of(name) for name in TARGETS)


@pytest.mark.parametrize(("name", "file"), KEPT, ids=[f"{name}-{file}" for name, file in KEPT])
def test_what_was_kept_gives_a_value_or_a_documented_error(name: str, file: str) -> None:
    _target(name)((CORPUS / name / file).read_bytes())


def _near(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Return bytes that are like a seed: cut, with other bytes in the middle, or with a part of another seed behind it."""
    seed = st.sampled_from(seeds)
    place = st.integers(0, max(map(len, seeds)))
    spliced = st.tuples(seed, place, st.binary(max_size=8), place).map(
        lambda given: given[0][: given[1]] + given[2] + given[0][given[1] + given[3] % 9 :]
    )
    joined = st.tuples(seed, place, seed, place).map(lambda given: given[0][: given[1]] + given[2][given[3] :])
    return st.one_of(spliced, joined, st.binary(max_size=300))


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_give_a_value_or_a_documented_error(name: str) -> None:
    target = _target(name)

    # As in the tests of `wire`: a pause on a busy machine is not a failure.
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
    @given(_near(seeds_of(name)))
    def run(data: bytes) -> None:
        target(data)

    run()
