from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.errors import RequestError
from transom.values import JavaScriptChannelId, encode_json


@given(st.integers(0, 2**32 - 1))
def test_an_id_is_what_the_client_wrote(number: int) -> None:
    parsed = JavaScriptChannelId.parse(f"__CHANNEL__:{number}")
    assert parsed == number
    assert encode_json([parsed]) == f'["__CHANNEL__:{number}"]'.encode()
    assert type(parsed) is JavaScriptChannelId


@pytest.mark.parametrize(
    "value",
    [
        "",
        "5",
        "__CHANNEL__:",
        "__CHANNEL__:-1",
        "__CHANNEL__:+1",
        "__CHANNEL__: 1",
        "__CHANNEL__:1_0",
        "__CHANNEL__:1.0",
        "__CHANNEL__:٣",
        "__CHANNEL__:²",
        "__CHANNEL__:4294967296",
        "x__CHANNEL__:1",
        "__channel__:1",
        5,
        None,
        ["__CHANNEL__:1"],
        b"__CHANNEL__:1",
    ],
)
def test_another_value_is_refused_with_tauris_sentence(value: object) -> None:
    with pytest.raises(RequestError) as caught:
        JavaScriptChannelId.parse(value)
    assert str(caught.value) == f"invalid channel value `{value}`, expected a string in the `__CHANNEL__:ID` format"


@given(st.text() | st.text().map(lambda text: "__CHANNEL__:" + text))
def test_any_text_is_an_id_or_a_request_error(text: str) -> None:
    try:
        assert 0 <= JavaScriptChannelId.parse(text) < 2**32
    except RequestError:
        assert msgspec.json.encode(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "invalid channel string"),
        ("x__CHANNEL__:1", "invalid channel string"),
        ("__CHANNEL__:", "invalid channel ID"),
        ("__CHANNEL__:-1", "invalid channel ID"),
        ("__CHANNEL__:4294967296", "invalid channel ID"),
    ],
)
def test_a_text_that_is_read_on_purpose_has_sentences_of_its_own(text: str, sentence: str) -> None:
    with pytest.raises(RequestError) as caught:
        JavaScriptChannelId.from_str(text)
    assert str(caught.value) == sentence


def test_a_text_that_is_an_id_is_read() -> None:
    assert JavaScriptChannelId.from_str("__CHANNEL__:4294967295") == 2**32 - 1


def test_an_id_asks_its_webview_for_the_channel() -> None:
    class Webview:
        def channel(self, callback: int) -> str:
            return f"channel {callback}"

    assert JavaScriptChannelId(5).channel_on(Webview()) == "channel 5"
