from __future__ import annotations

import pytest

from tests.fake_page import FakePage
from transom import Builder
from transom.errors import ConfigError, LimitReached
from transom.pages import QueueLimits


@pytest.mark.parametrize("bound", [0, -1, 1.5, None, True])
def test_a_bound_that_is_no_positive_number_is_refused_with_its_name(bound: object) -> None:
    with pytest.raises(ConfigError, match="^Builder.limits: max_calls is .*; it must be a whole number of at least 1$"):
        Builder().limits(max_calls=bound)  # type: ignore[arg-type]


def test_channels_that_are_kept_are_bounded_and_a_dropped_one_makes_room() -> None:
    page = FakePage(QueueLimits(max_channels=2))
    kept = [page.session.channel(number) for number in (1, 2)]
    with pytest.raises(LimitReached, match="has 2 open channels, .*max_channels"):
        page.session.channel(3)
    assert page.session.channel(2) is kept[1]
    del kept[0]
    page.session.channel(3)
