"""Tray icons of the webkitgtk runtime, seen and used over D-Bus by a tray of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.images import PIXELS, png
from tests.menu.conftest import Program
from tests.requirements import needs_gdk_pixbuf
from tests.tray.conftest import Tray

# Alpha first, as the protocol has it.
ARGB = bytes(PIXELS[at + step] for at in range(0, len(PIXELS), 4) for step in (3, 0, 1, 2))


@pytest.fixture
def application(start: Callable[..., Program], tmp_path: Path) -> Program:
    needs_gdk_pixbuf()
    return start("tests.tray.tray_application", str(tmp_path))


def test_an_icon_is_seen_and_used_over_the_bus(tray: Callable[[], Tray], application: Program) -> None:
    panel = tray()
    icon = panel.wait("registered")
    seen = panel.get(icon)
    assert (seen["Id"], seen["Title"], seen["Status"], seen["Category"]) == (
        "main",
        "A title",
        "Active",
        "ApplicationStatus",
    )
    assert seen["IconPixmap"] == [[2, 2, list(ARGB)]]
    assert seen["ToolTip"] == ["", [], "A tip", ""]
    assert (seen["XAyatanaLabel"], seen["Menu"], seen["ItemIsMenu"]) == ("A title", "/MenuBar", True)

    labels = panel.labels(icon)
    assert list(labels) == ["", "_Open", "On", "More", "Deep", "Off", "_Quit"]
    for label, name in (("_Open", "open"), ("Deep", "deep")):
        assert panel.call(icon, "Event", "(isvu)", labels[label], "clicked", None, 0) == []
        assert application.next() == {"menu": name}
    for method, button in (("Activate", "Left"), ("SecondaryActivate", "Middle"), ("ContextMenu", "Right")):
        assert panel.call(icon, method, "(ii)", 100, 200) == []
        assert application.next() == {
            "tray": "main",
            "type": "Click",
            "id": "main",
            "position": {"x": 100, "y": 200},
            "rect": None,
            "button": button,
            "buttonState": "Up",
        }


def test_a_check_item_changes_its_mark_and_others_are_not_what_they_are_not(
    tray: Callable[[], Tray], application: Program
) -> None:
    panel = tray()
    icon = panel.wait("registered")
    labels = panel.labels(icon)
    assert panel.call(icon, "GetProperty", "(is)", labels["On"], "toggle-state") == [0]
    panel.call(icon, "Event", "(isvu)", labels["On"], "clicked", None, 0)
    assert application.next() == {"menu": "on"}
    assert panel.signal("ItemsPropertiesUpdated") == [[[labels["On"], {"toggle-state": 1}]], []]
    for number, event in ((labels["Off"], "clicked"), (labels["More"], "clicked"), (labels["_Open"], "hovered")):
        assert panel.call(icon, "Event", "(isvu)", number, event, None, 0) == []  # disabled, no leaf, no click
    assert "no menu item has the number 999" in panel.call(icon, "Event", "(isvu)", 999, "clicked", None, 0, error=True)
    assert "has no property" in panel.call(icon, "GetProperty", "(is)", labels["On"], "nothing", error=True)
    assert panel.call(icon, "AboutToShow", "(i)", 0) == [False]
    assert panel.call(icon, "AboutToShowGroup", "(ai)", [0, 999]) == [[], [999]]
    [group] = panel.call(icon, "GetGroupProperties", "(aias)", [labels["On"], 999], ["toggle-state"])
    assert group == [[labels["On"], {"toggle-state": 1}]]
    _, [number, properties, children] = panel.call(icon, "GetLayout", "(iias)", labels["More"], 0, ["label"])
    assert (number, properties, children) == (labels["More"], {"label": "More"}, [])
    panel.call(icon, "Event", "(isvu)", labels["Deep"], "clicked", None, 0)
    assert application.next() == {"menu": "deep"}  # and nothing of the others
    panel.call(icon, "Event", "(isvu)", labels["_Quit"], "clicked", None, 0)
    assert panel.wait("gone") == icon
    assert application.process.wait(30) == 0


def test_every_change_is_told_to_the_desktop(tray: Callable[[], Tray], application: Program) -> None:
    panel = tray()
    icon = panel.wait("registered")
    panel.labels(icon)
    application.tell("tray = app.tray_by_id('main')")
    application.tell("tray.set_icon(Image(bytes([1, 2, 3, 4]) * 40000, 200, 200))")
    panel.signal("NewIcon")
    [[width, height, pixels]] = panel.get(icon)["IconPixmap"]
    assert (width, height, set(zip(*[iter(pixels)] * 4, strict=True))) == (128, 128, {(4, 1, 2, 3)})
    application.tell("tray.set_tooltip('Other'); tray.set_title(None)")
    panel.signal("NewToolTip")
    assert panel.signal("XAyatanaNewLabel") == ["", ""]
    seen = panel.get(icon)
    assert (seen["ToolTip"][2], seen["Title"]) == ("Other", "Other")
    application.tell("tray.set_visible(False)")
    assert panel.signal("NewStatus") == ["Passive"]
    application.tell("tray.set_show_menu_on_left_click(False)")
    panel.signal("NewMenu")
    assert panel.get(icon)["ItemIsMenu"] is False
    application.tell("menu = tray.menu(); menu.get('open').set_text('Show')")
    assert panel.signal("ItemsPropertiesUpdated")[0][0][1] == {"label": "Show"}
    application.tell("menu.append(MenuItem(app, 'New'))")
    panel.signal("LayoutUpdated")
    assert list(panel.labels(icon))[-1] == "New"
    application.tell("tray.set_menu(None)")
    panel.signal("NewMenu")
    assert panel.get(icon)["Menu"] == "/NO_DBUSMENU"
    application.tell("second = TrayIconBuilder().tooltip('2').build(app); app.remove_tray_by_id('main')")
    other = panel.wait("registered")
    assert panel.wait("gone") == icon
    assert panel.get(other)["IconPixmap"] == []
    application.tell("say([app.tray_by_id('main'), app.tray_by_id(second.id).id == second.id])")
    assert application.next() == [None, True]


def test_a_panel_that_starts_later_or_again_gets_the_icon(application: Program, tray: Callable[[], Tray]) -> None:
    application.tell("say('up')")
    assert application.next() == "up"
    first = tray()
    icon = first.wait("registered")
    first.program.end()
    assert tray().wait("registered") == icon


PAGE = """<!doctype html><meta charset=utf-8><title>tray</title>
<script type=module>
import { invoke } from './api/core.js';
import { TrayIcon } from './api/tray.js';
import { Menu } from './api/menu.js';
import { Image } from './api/image.js';
const report = (value) => invoke('report', { value });
try {
  const menu = await Menu.new({ items: [{ id: 'hi', text: 'Hi', action: (id) => report({ clicked: id }) }] });
  const icon = await Image.new(new Uint8Array([1, 2, 3, 4]), 1, 1);
  const tray = await TrayIcon.new({
    id: 'page', icon, menu, tooltip: 'From the page', showMenuOnLeftClick: false,
    action: ({ type, button, buttonState, position: { x, y } }) => report({ type, button, buttonState, x, y }),
  });
  const same = await TrayIcon.getById('page');
  await same.setTitle('Title');
  await same.setTempDirPath(null);
  await same.setIconAsTemplate(true);
  const file = await TrayIcon.getById('main');
  await file.setIconWithAsTemplate([%s], false);
  await report({ id: tray.id, none: await TrayIcon.getById('none') });
  await TrayIcon.removeById('main');
  await TrayIcon.removeById('main').catch((error) => report({ error }));
  window.change = async () => {
    await tray.setIcon(await Image.new(new Uint8Array([5, 6, 7, 8, 5, 6, 7, 8]), 2, 1));
    await tray.setTooltip('Another');
    await tray.setShowMenuOnLeftClick(true);
    await tray.setMenu(await Menu.new({ items: [{ id: 'ho', text: 'Ho', action: (id) => report({ clicked: id }) }] }));
    await report({ changed: true });
  };
  window.finish = () => tray.setVisible(false).then(() => tray.setTooltip(null)).then(() => tray.close());
} catch (error) { await report({ failed: String(error) }) }
</script>"""


def test_a_page_makes_icons_by_the_npm_package(
    tray: Callable[[], Tray], start: Callable[..., Program], front_end: Path
) -> None:
    needs_gdk_pixbuf()
    (front_end / "icon.png").write_bytes(png())
    (front_end / "index.html").write_text(PAGE % ",".join(map(str, png())), encoding="utf-8")
    panel = tray()
    application = start("tests.tray.tray_application", str(front_end))
    of_file = panel.wait("registered")
    assert panel.get(of_file)["ToolTip"][2] == "From the file"
    of_page = panel.wait("registered")
    assert application.next() == {"page": {"id": "page", "none": None}}
    error = "Can't find a tray associated with this id: main"
    assert application.next() == {"page": {"error": error}}
    assert panel.wait("gone") == of_file
    seen = panel.get(of_page)
    assert (seen["Title"], seen["ToolTip"][2], seen["ItemIsMenu"]) == ("Title", "From the page", False)
    assert seen["IconPixmap"] == [[1, 1, [4, 1, 2, 3]]]
    panel.call(of_page, "Event", "(isvu)", panel.labels(of_page)["Hi"], "clicked", None, 0)
    assert application.next() == {"page": {"clicked": "hi"}}
    panel.call(of_page, "Activate", "(ii)", 7, 8)
    assert application.next() == {"page": {"type": "Click", "button": "Left", "buttonState": "Up", "x": 7, "y": 8}}
    application.tell("app.get_webview('main').eval('change()')")
    assert application.next() == {"page": {"changed": True}}
    seen = panel.get(of_page)
    assert seen["IconPixmap"] == [[2, 1, [8, 5, 6, 7] * 2]]
    assert (seen["ToolTip"][2], seen["ItemIsMenu"]) == ("Another", True)
    panel.call(of_page, "Event", "(isvu)", panel.labels(of_page)["Ho"], "clicked", None, 0)
    assert application.next() == {"page": {"clicked": "ho"}}
    application.tell("app.get_webview('main').eval('finish()')")
    assert panel.wait("gone") == of_page
