from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.errors import MenuError
from transom.runtimes import Accelerator, MenuNode, Modifier, plain_text
from transom.runtimes.menus._accelerator import _KEYS

CONTROL, ALT, SHIFT, SUPER = Modifier.CONTROL, Modifier.ALT, Modifier.SHIFT, Modifier.SUPER


@pytest.mark.parametrize(
    ("text", "modifiers", "key"),
    [
        ("CmdOrCtrl+Shift+P", CONTROL | SHIFT, "KeyP"),
        ("CommandOrControl+o", CONTROL, "KeyO"),
        ("ctrl + alt + 1", CONTROL | ALT, "Digit1"),
        ("Cmd+Q", SUPER, "KeyQ"),
        ("Option+ArrowUp", ALT, "ArrowUp"),
        ("F5", Modifier(0), "F5"),
        ("Shift+F24", SHIFT, "F24"),
        ("Ctrl+,", CONTROL, "Comma"),
        ("Ctrl+KeyA", CONTROL, "KeyA"),
        ("Super+Esc", SUPER, "Escape"),
        ("Ctrl+NumpadAdd", CONTROL, "NumpadAdd"),
        ("CTRL+CTRL+Space", CONTROL, "Space"),
        ("Enter", Modifier(0), "Enter"),
    ],
)
def test_tauris_grammar_is_read(text: str, modifiers: Modifier, key: str) -> None:
    assert Accelerator.parse(text) == Accelerator(modifiers, key)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it ends without a key"),
        ("+", "`` is not a modifier"),
        ("Ctrl+", "it ends without a key"),
        ("Ctrl+Shift", "it ends without a key"),
        ("Ctrl++", "`` is not a modifier"),
        ("P+Ctrl", "`P` is not a modifier"),
        ("Ctrl+Foo", "`Foo` is not a key"),
        ("Hyper+P", "`Hyper` is not a modifier"),
        ("F25", "`F25` is not a key"),
        ("Ctrl+AB", "`AB` is not a key"),
        ("Ctrl+" * 100 + "A", "more than 100 characters"),
    ],
)
def test_what_is_no_accelerator_is_refused(text: str, said: str) -> None:
    with pytest.raises(MenuError, match="invalid accelerator") as caught:
        Accelerator.parse(text)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.sampled_from(range(16)), st.sampled_from(sorted(_KEYS)))
def test_writing_and_reading_are_inverse(modifiers: int, key: str) -> None:
    accelerator = Accelerator(Modifier(modifiers), key)
    assert Accelerator.parse(str(accelerator)) == accelerator


@given(st.text(max_size=120))
def test_a_text_gives_an_accelerator_or_an_error(text: str) -> None:
    try:
        found = Accelerator.parse(text)
    except MenuError:
        return
    assert found.key in _KEYS


@pytest.mark.parametrize(
    ("text", "gtk", "plain"),
    [
        ("&File", "_File", "File"),
        ("Cu&t", "Cu_t", "Cut"),
        ("a_b", "a__b", "a_b"),
        ("Tom && Ann", "Tom & Ann", "Tom & Ann"),
        ("&&&x", "&_x", "&x"),
        ("&a&b", "_ab", "ab"),
        ("end&", "end", "end"),
        ("", "", ""),
    ],
)
def test_the_mark_of_a_key_to_press_is_rewritten(text: str, gtk: str, plain: str) -> None:
    assert plain_text(text, "_") == gtk
    assert plain_text(text) == plain


def test_items_are_alike_when_only_their_looks_differ() -> None:
    child = MenuNode(key=2, kind="Check", text="a")
    node = MenuNode(key=1, kind="Submenu", items=(child,))
    other = MenuNode(key=1, kind="Submenu", text="x", items=(MenuNode(key=2, kind="Check", checked=True),))
    assert node.is_like(other)
    for different in (
        MenuNode(key=3, kind="Submenu", items=(child,)),
        MenuNode(key=1, kind="MenuItem", items=(child,)),
        MenuNode(key=1, kind="Submenu"),
        MenuNode(key=1, kind="Submenu", items=(MenuNode(key=2, kind="MenuItem"),)),
    ):
        assert not node.is_like(different)
