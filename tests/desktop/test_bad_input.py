"""What a page may send by mistake or on purpose to a real window, and what it hears. What GTK calls critical ends the program."""

from __future__ import annotations

import pytest

from tests.desktop.desktop import App, Rejected

WINDOW = "api.window.getCurrentWindow()"
INVOKE = "api.core.invoke"
# What is sent -> a part of what is answered.
WRONG = {
    "a label that no window has": (f"{INVOKE}('plugin:window|title', {{ label: 'none' }})", "window not found"),
    "a label of another type": (f"{INVOKE}('plugin:window|title', {{ label: 7 }})", "invalid args `label`"),
    "a webview that is not there": (f"{INVOKE}('plugin:webview|set_webview_zoom', {{ label: 'none', value: 1 }})", "webview not found"),
    "a dead resource": (f"{INVOKE}('plugin:menu|set_text', {{ rid: 424242, kind: 'MenuItem', text: 'x' }})", "The resource id 424242 is invalid."),
    "a resource of another kind": (
        f"api.menu.MenuItem.new({{ text: 'x' }}).then((item) => {INVOKE}('plugin:image|size', {{ rid: item.rid }}))",
        "is invalid",
    ),
    "no dpi type": (f"{WINDOW}.setSize({{ width: 100, height: 100 }})", "a size is an object with one key"),
    "a size of another type": (f"{INVOKE}('plugin:window|set_size', {{ value: {{ Other: {{ width: 1, height: 1 }} }} }})", "a size is an object"),
    "an infinite size": (f"{INVOKE}('plugin:window|set_size', {{ value: {{ Logical: {{ width: 1e400, height: 1 }} }} }})", "invalid args `value`"),
    "a size without an end": (f"{WINDOW}.setSize(new api.window.LogicalSize(1e300, 10))", "Expected `float` <= 1000000000.0"),
    "a least size below nothing": (f"{WINDOW}.setMinSize(new api.window.LogicalSize(-5, 10))", "invalid"),
    "a place without an end": (f"{WINDOW}.setPosition(new api.window.PhysicalPosition(2 ** 40, 0))", "Expected `int` <= 2147483647"),
    "no picture": (f"{WINDOW}.setIcon(new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0]))", "failed to process image"),
    "a picture that claims more than it has": (
        f"{INVOKE}('plugin:image|new', {{ rgba: [0, 0, 0, 0], width: 4e9, height: 4e9 }})", "is not possible"),
    "a path of a picture that is a device": (f"{WINDOW}.setIcon('/dev/zero')", "not a file"),
    "a label with bad characters": (f"{INVOKE}('plugin:window|create', {{ options: {{ label: 'a b/ü$' }} }})", "Window labels must only include"),
    "a webview label with bad characters": (
        f"{INVOKE}('plugin:webview|create_webview_window', {{ options: {{ label: 'a\\u0000' }} }})", "must only include"),
    "an empty label": (f"{INVOKE}('plugin:window|create', {{ options: {{ label: '' }} }})", "label"),
    "a label that is taken": (f"{INVOKE}('plugin:window|create', {{ options: {{ label: 'other' }} }})", "a window with label `other` already exists"),
    "options of another type": (f"{INVOKE}('plugin:window|create', {{ options: {{ label: 'x', width: 'wide' }} }})", "width"),
    "no options": (f"{INVOKE}('plugin:window|create', {{}})", "missing required key options"),
    "a parent that is not there": (f"{INVOKE}('plugin:window|create', {{ options: {{ label: 'x', parent: 'none' }} }})", "none"),
    "a cursor that is no text": (f"{INVOKE}('plugin:window|set_cursor_icon', {{ value: null }})", "invalid args `value`"),
    "zoom that is no number": (f"{INVOKE}('plugin:webview|set_webview_zoom', {{ value: 'large' }})", "invalid args `value`"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_refused_and_harms_nothing(app: App, name: str) -> None:
    call, said = WRONG[name]
    with pytest.raises(Rejected) as caught:
        app.run(f"return await {call};")
    text = str(caught.value.value)
    assert said in text
    assert "Traceback" not in text
    assert app.window("title()") == "Desktop"
    assert sorted(app.run("return await api.window.getAllWindows().then((all) => all.map((w) => w.label));")) == [
        "main",
        "other",
    ]


def test_things_that_are_gone_are_named(app: App) -> None:
    """A menu item after its end, a tray icon, an image and a window: each answers with the text that clients know."""
    for make, use in (
        ("api.menu.MenuItem.new({ text: 'x' })", "setText('y')"),
        ("api.menu.Menu.new()", "setAsWindowMenu()"),
        ("api.image.Image.new([0, 0, 0, 255], 1, 1)", "size()"),
    ):
        with pytest.raises(Rejected, match=r"The resource id \d+ is invalid\."):
            app.run(f"const thing = await {make}; await thing.close(); return await thing.{use};")
    with pytest.raises(Rejected, match="window not found: no window has the label `gone`"):
        app.run(
            "const gone = new api.window.Window('gone'); await new Promise((done) => gone.once('tauri://created', done));"
            "await gone.destroy(); return await gone.setTitle('x');"
        )


def test_a_menu_that_a_window_shows_outlives_its_handle_and_can_be_replaced(app: App) -> None:
    app.run(
        "const menu = await api.menu.Menu.new({ items: [{ id: 'a', text: 'A' }] }); await menu.setAsWindowMenu();"
        "await menu.close(); const other = await api.menu.Menu.new({ items: [{ id: 'b', text: 'B' }] });"
        "await other.setAsWindowMenu(); await api.core.invoke('plugin:menu|items', { rid: other.rid, kind: 'Menu' });"
        "await (await api.menu.Menu.new()).setAsWindowMenu();"
    )
    assert app.window("title()") == "Desktop"
