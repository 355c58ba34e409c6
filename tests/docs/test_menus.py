"""The examples of `docs/menus.md` run."""

from __future__ import annotations

import queue
import re
from typing import Any

from tests.mock_app import SOON, Running, running
from tests.repository.tree import ROOT
from transom.menu import CheckMenuItem
from transom.runtimes import MenuActivation, SetTray, SetWindowMenu
from transom.tray._event import click_event

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "menus.md").read_text("utf-8"), re.DOTALL)


def example(number: int) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(EXAMPLES[number], "example", "exec"), names)
    return names


def last(application: Running, kind: type[Any]) -> Any:
    return [op for op in application.runtime.performed if isinstance(op, kind)][-1]


def test_the_menu_is_shown_and_its_handler_hears_of_it() -> None:
    with running(builder=example(0)["builder"]) as application:
        assert [node.text for node in last(application, SetWindowMenu).menu.items] == ["&Edit", "&View"]
        item = application.app.state(CheckMenuItem)
        heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        application.app.listen("wrap", lambda event: heard.put(event.payload))
        application.on_main(lambda: application.core.menu_event(MenuActivation(item.key, "main", True)))
        assert heard.get(timeout=SOON) is True


def test_the_icon_is_shown_and_its_handler_hears_of_clicks() -> None:
    names = example(1)
    with running(setup=names["setup"]) as application:
        tray = last(application, SetTray).tray
        assert (tray.id, tray.tooltip, tray.menu_on_left_click) == ("main", "An example", False)
        click = click_event("main", "Left", 1, 2)
        names["on_click"](application.app.tray_by_id("main"), click)
        assert last(application, SetTray).tray.tooltip == "clicked"
