"""`plugin:webview|print` and `window.print()`: the dialog of the desktop, as others see it."""

from __future__ import annotations

import pytest

from tests.desktop.desktop import App, eventually


@pytest.mark.parametrize("call", ["api.core.invoke('plugin:webview|print')", "window.print()"])
def test_a_page_is_printed_by_the_desktops_dialog(app: App, call: str) -> None:
    # Not awaited: the dialog is open until someone closes it.
    app.run(f"window.printed = false; setTimeout(async () => {{ await {call}; window.printed = true; }});")
    xid = app.desktop.window("Print")
    assert "_NET_WM_WINDOW_TYPE_DIALOG" in app.desktop.properties(xid, "_NET_WM_WINDOW_TYPE")
    app.desktop.ask("wmctrl", "-i", "-c", xid)
    assert eventually(lambda: app.run("return window.printed;"), bool) is True
    found = eventually(
        lambda: app.desktop.ask("xdotool", "search", "--onlyvisible", "--name", "^Print$"), lambda x: not x
    )
    assert found == ""
