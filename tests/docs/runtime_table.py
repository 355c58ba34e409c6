"""The table of what each runtime supports, made from what the runtimes say about themselves.

`python -m tests.docs.runtime_table` prints it for `docs/guide.md`; it needs WebKitGTK and pywebview.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from transom.config import WindowConfig
from transom.names import to_camel_case
from transom.runtimes import (
    ChooseFiles,
    CloseWindow,
    CreateWindow,
    DeleteCookie,
    DestroyWindow,
    EvaluateScript,
    GetCookies,
    NavigateWebview,
    PerformPredefined,
    PopupMenu,
    ReloadPage,
    RemoveTray,
    Runtime,
    SetCookie,
    SetFocus,
    SetMenuVisible,
    SetTitle,
    SetTray,
    SetVisible,
    SetWindowMenu,
    ShowMessage,
    WebviewUrl,
)
from transom.runtimes.web._runtime import WebRuntime
from transom.runtimes.web.windows import LEFT_TO_THE_BROWSER

__all__ = ["OPERATIONS", "rows", "table"]

# Operation that no command asks for, or that every runtime knows -> how an application asks for it. The others are in
# `docs/support.md`.
OPERATIONS = {
    CreateWindow: "`WebviewWindowBuilder.build()`",
    CloseWindow: "`close()`",
    DestroyWindow: "`destroy()`",
    SetTitle: "`set_title()`",
    ShowMessage: "`show_message()`",
    ChooseFiles: "`choose_files()`",
    SetVisible: "`show()`, `hide()`",
    SetFocus: "`set_focus()`",
    EvaluateScript: "`eval()`",
    ReloadPage: "`reload()`",
    NavigateWebview: "`navigate()`",
    WebviewUrl: "`url()`",
    GetCookies: "`cookies()`, `cookies_for_url()`",
    SetCookie: "`set_cookie()`",
    DeleteCookie: "`delete_cookie()`",
    SetWindowMenu: "`set_menu()`, `remove_menu()`",
    SetMenuVisible: "`show_menu()`, `hide_menu()`",
    PopupMenu: "`popup_menu()`, `popup_menu_at()`",
    SetTray: "`TrayIconBuilder.build()`",
    RemoveTray: "`remove_tray_by_id()`",
    PerformPredefined: "items such as `PredefinedMenuItem.copy()`",
}
EVENTS = ("close-requested", "destroyed", "focus", "blur", "resize", "move", "scale-change", "theme-changed")


def rows(runtimes: tuple[type[Runtime], ...]) -> Iterator[tuple[str, ...]]:
    """Yield what there is, and for each runtime whether it has it."""
    for op, name in OPERATIONS.items():
        yield name, *("no" if op in runtime.UNSUPPORTED else "yes" for runtime in runtimes)
    for event in EVENTS:
        yield f"`tauri://{event}`", *("yes" if event in runtime.WINDOW_EVENTS else "no" for runtime in runtimes)
    for option in WindowConfig.__struct_fields__:
        uses = tuple(_use(option, runtime) for runtime in runtimes)
        if set(uses) != {"no"}:
            yield f"option `{to_camel_case(option)}`", *uses


def _use(option: str, runtime: type[Runtime]) -> str:
    if runtime is WebRuntime and option in LEFT_TO_THE_BROWSER:
        return "left to the browser"
    return "yes" if option in runtime.WINDOW_OPTIONS else "no"


def table() -> str:
    """Return the table as Markdown."""
    from transom.runtimes.pywebview._runtime import PywebviewRuntime
    from transom.runtimes.webkitgtk._runtime import WebKitGtk

    runtimes: tuple[type[Runtime], ...] = (WebKitGtk, PywebviewRuntime, WebRuntime)
    head = ["| | " + " | ".join(runtime.name for runtime in runtimes) + " |", "|---|" + "---|" * len(runtimes)]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows(runtimes))]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
