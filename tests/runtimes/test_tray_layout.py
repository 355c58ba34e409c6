from __future__ import annotations

import msgspec

from transom.runtimes import Accelerator, MenuNode
from transom.runtimes.tray._layout import ROOT, Layout, MenuChange

PLAIN = MenuNode(key=1, kind="MenuItem", text="&Open _file", accelerator=Accelerator.parse("Ctrl+Shift+O"))
CHECK = MenuNode(key=2, kind="Check", text="On", checked=True, enabled=False)
LINE = MenuNode(key=3, kind="Predefined", predefined="Separator")
SUB = MenuNode(key=4, kind="Submenu", text="More", items=(CHECK, LINE))


def numbers(layout: Layout) -> list[int]:
    return [item.id for item in layout.all()]


def test_a_menu_is_described_as_the_protocol_has_it() -> None:
    layout = Layout()
    assert layout.show((PLAIN, SUB)) == MenuChange(layout=True)
    root = layout.item(ROOT)
    assert root is not None
    assert root.properties == {"children-display": "submenu"}
    plain, sub = root.children
    assert plain.properties == {"label": "_Open __file", "shortcut": [["Control", "Shift", "O"]]}
    assert sub.properties == {"label": "More", "children-display": "submenu"}
    assert [item.properties for item in sub.children] == [
        {"label": "On", "enabled": False, "toggle-type": "checkmark", "toggle-state": 1},
        {"type": "separator"},
    ]
    assert layout.node(plain.id) is PLAIN
    assert layout.node(ROOT) is None
    assert layout.item(99) is None


def test_other_looks_keep_the_numbers_and_only_they_are_told() -> None:
    layout = Layout()
    layout.show((PLAIN, SUB))
    before, revision = numbers(layout), layout.revision
    changed = msgspec.structs.replace(CHECK, enabled=True, checked=False)
    change = layout.show(
        (msgspec.structs.replace(PLAIN, accelerator=None), msgspec.structs.replace(SUB, items=(changed, LINE)))
    )
    assert not change.layout
    _, plain, _, check, _ = before
    assert change.updated == ((check, {"toggle-state": 0}),)
    assert change.removed == ((plain, ("shortcut",)), (check, ("enabled",)))
    assert (numbers(layout), layout.revision) == (before, revision)
    assert layout.node(check) is changed
    assert (
        layout.show(
            (msgspec.structs.replace(PLAIN, accelerator=None), msgspec.structs.replace(SUB, items=(changed, LINE)))
        )
        == MenuChange()
    )


def test_another_form_has_new_numbers_and_a_new_revision() -> None:
    layout = Layout()
    layout.show((PLAIN, SUB))
    before, revision = set(numbers(layout)), layout.revision
    assert layout.show((SUB, PLAIN)).layout
    assert set(numbers(layout)) & before == {ROOT}
    assert layout.revision > revision


def test_an_item_that_is_there_twice_has_two_numbers() -> None:
    layout = Layout()
    layout.show((PLAIN, PLAIN))
    assert len(numbers(layout)) == 3


def test_items_of_macos_are_not_shown() -> None:
    layout = Layout()
    layout.show((MenuNode(key=1, kind="Predefined", predefined="HideOthers"),))
    assert layout.all()[1].properties == {"label": "", "visible": False}
