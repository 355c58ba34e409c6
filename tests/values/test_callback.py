from __future__ import annotations

import pytest

from tests.fake_page import bound
from transom.errors import InvalidArgs
from transom.values import CallbackFn


def test_a_callback_of_the_page_is_its_number() -> None:
    def take(callback: CallbackFn) -> CallbackFn:
        return callback

    got = bound(take, {"callback": 7})
    assert got == 7
    assert type(got) is CallbackFn
    for wrong in (-1, 2**32, "7", True, None, 1.5):
        with pytest.raises(InvalidArgs, match="expected the number of a callback, from 0 to 4294967295"):
            bound(take, {"callback": wrong})
