"""A window without decorations that has a title bar of its own: `python frameless.py`.

`python frameless.py --check` uses its buttons and ends with status 0 if they worked.
"""

from __future__ import annotations

import sys
from functools import partial

from transom import AppHandle, Builder, command, generate_context, generate_handler


@command
def checked(app: AppHandle, failures: list[str]) -> None:
    """End the check."""
    sys.stdout.write("\n".join(failures or ["frameless: ok"]) + "\n")
    app.exit(1 if failures else 0)


def setup(app: AppHandle, *, check: bool) -> None:
    """Begin the check. The window itself needs nothing of Python: its title bar is the page's."""
    if check:
        window = app.get_webview_window("main")
        assert window is not None
        window.eval("check()")


def main() -> int:
    """Run the program."""
    return (
        Builder()
        .invoke_handler(generate_handler(checked))
        .setup(partial(setup, check="--check" in sys.argv))
        .run(generate_context())
    )


if __name__ == "__main__":
    sys.exit(main())
