from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.errors import RequestError
from transom.wire import EventTarget, check_event_name, check_label, hears

KINDS = ("Any", "App", "AnyLabel", "Window", "Webview", "WebviewWindow")
LABELLED = KINDS[2:]
# Tauri 2.1 and later. Rows listen, columns emit; `y` is delivered when the labels are equal.
TABLE = {
    "Any": "yyyyyy",
    "App": "yy----",
    "AnyLabel": "y-yyyy",
    "Window": "y-yy--",
    "Webview": "y-y-y-",
    "WebviewWindow": "y-y--y",
}
CELLS = [(row, column, cell == "y") for row, cells in TABLE.items() for column, cell in zip(KINDS, cells, strict=True)]


def _target(kind: str, label: str = "a") -> EventTarget:
    return EventTarget(kind, label if kind in LABELLED else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("listener", "emitted", "heard"), CELLS)
def test_who_hears_what_with_the_same_label(listener: str, emitted: str, heard: bool) -> None:
    assert hears(_target(listener), _target(emitted)) is heard


@pytest.mark.parametrize(("listener", "emitted", "heard"), CELLS)
def test_another_label_is_heard_only_where_no_label_counts(listener: str, emitted: str, heard: bool) -> None:
    both_labelled = listener in LABELLED and emitted in LABELLED
    assert hears(_target(listener, "a"), _target(emitted, "b")) is (heard and not both_labelled)


@pytest.mark.parametrize("kind", LABELLED)
def test_a_labelled_target_needs_a_label(kind: str) -> None:
    with pytest.raises(ValueError, match=f"an event target of kind {kind} needs a label"):
        EventTarget(kind)  # type: ignore[arg-type]
    with pytest.raises(msgspec.ValidationError, match="needs a label"):
        msgspec.json.decode(msgspec.json.encode({"kind": kind}), type=EventTarget)
    assert EventTarget(kind, "").label == ""  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_targets_are_written_as_tauri_writes_them(kind: str) -> None:
    target = _target(kind)
    plain = {"kind": kind, "label": "a"} if kind in LABELLED else {"kind": kind}
    assert msgspec.to_builtins(target) == plain
    assert msgspec.convert(plain, EventTarget) == target


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="Invalid enum value 'Menu'"):
        msgspec.convert({"kind": "Menu"}, EventTarget)


def test_a_text_is_any_label_and_a_target_is_itself() -> None:
    target = EventTarget("App")
    assert EventTarget.of(target) is target
    assert EventTarget.of("main") == EventTarget("AnyLabel", "main")


@pytest.mark.parametrize("name", ["", "a", "tauri://close-requested", "a_b/c:d-9", "größe", "変更", "٣"])
def test_names_of_events(name: str) -> None:
    assert check_event_name(name) == name


@pytest.mark.parametrize("name", [" ", "a b", "a.b", "a\n", "\n", "a!", "a\0", "🙂", "a|b", "a\\b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(RequestError) as caught:
        check_event_name(name)
    assert (
        str(caught.value)
        == f"Event name must include only alphanumeric characters, `-`, `/`, `:` and `_`; got {name!r}."
    )
    with pytest.raises(RequestError, match="^Window labels must only include alphanumeric"):
        check_label(name)


@pytest.mark.parametrize("label", ["main", "a-b/c:d_9", "größe"])
def test_labels(label: str) -> None:
    assert check_label(label) == label


def test_a_label_is_not_empty_and_the_error_says_of_what() -> None:
    with pytest.raises(RequestError, match="^Webview labels must only include .*; got ''.$"):
        check_label("", "Webview")


@given(st.text(st.sampled_from("ab-/:_9é")))
def test_texts_of_the_allowed_characters_are_names(name: str) -> None:
    assert check_event_name(name) == name
