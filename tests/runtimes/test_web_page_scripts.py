from __future__ import annotations

from typing import Any

import pytest

from transom.runtimes import (
    EvaluateScript,
    FocusWebview,
    NavigateWebview,
    PrintWebview,
    ReloadPage,
    SetFullscreen,
    SetPosition,
    SetSize,
    SetWebviewBackground,
    SetWebviewZoom,
)
from transom.runtimes.web.state import PAGE_SCRIPTS, in_the_page
from transom.runtimes.web.windows import UNSUPPORTED
from transom.values import LogicalSize, PhysicalPosition, Position


@pytest.mark.parametrize(
    ("op", "script"),
    [
        (NavigateWebview("main", 'https://example.com/"</script>'), 'location.assign("https://example.com/\\"\\u003C/script>");'),
        (PrintWebview("main"), "window.print();"),
        (SetWebviewZoom("main", 1.5), "document.documentElement.style.zoom = 1.5;"),
        (FocusWebview("main"), "window.focus();"),
        (SetSize("main", LogicalSize(300, 200)), "resizeTo(300 / 1 + outerWidth - innerWidth, 200 / 1 + outerHeight - innerHeight);"),
        (SetPosition("main", Position(physical=PhysicalPosition(-4, 8))), "moveTo(-4 / devicePixelRatio, 8 / devicePixelRatio);"),
        (SetWebviewBackground("main", (1, 2, 3, 255)), "document.documentElement.style.backgroundColor = 'rgb(1 2 3 / 1.0000)';"),
        (SetWebviewBackground("main", None), "document.documentElement.style.backgroundColor = '';"),
    ],
)  # fmt: skip
def test_what_a_page_can_do_by_itself_is_a_script(op: Any, script: str) -> None:
    made = in_the_page(op)
    assert isinstance(made, EvaluateScript)
    assert made.label == "main"
    assert made.script.lower() == script.lower()


def test_other_operations_stay_as_they_are() -> None:
    assert in_the_page(ReloadPage("main")) == ReloadPage("main")
    assert not PAGE_SCRIPTS.keys() & UNSUPPORTED.keys()


def test_a_page_that_does_not_fill_the_screen_is_not_asked_to_leave_it() -> None:
    left = PAGE_SCRIPTS[SetFullscreen](SetFullscreen("main", False))
    entered = PAGE_SCRIPTS[SetFullscreen](SetFullscreen("main", True))
    assert left.startswith("if (document.fullscreenElement) document.exitFullscreen()")  # else it rejects, and warns
    assert entered.startswith("document.documentElement.requestFullscreen()")
