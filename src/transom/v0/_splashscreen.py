"""The splash screen of Tauri 0.x: a document that the first window shows until its page closes it."""

from __future__ import annotations

import atexit
import html
import shutil
import tempfile
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ..app import Context
from ..errors import ConfigError

__all__ = ["with_splashscreen"]

_NAME: Final = "transom-splashscreen.html"


def with_splashscreen(context: Context, document: str) -> Context:
    """Return the context in which the first window shows a document, and knows the page that comes after it.

    Args:
        context: The project's files.
        document: HTML text.

    Raises:
        ConfigError: The project has no window, or no folder of the built front end.
    """
    config = context.config
    frontend = config.frontend
    if frontend is None or not config.app.windows or (context.development and config.build.dev_url):
        raise ConfigError(
            "AppBuilder.splashscreen_html: it needs a window in the configuration and a built front end, "
            "`build.frontendDist`; leave it out while a development server is used"
        )
    first, *others = config.app.windows
    folder = Path(tempfile.mkdtemp(prefix="transom-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # `v0.js` reads it: the page goes there when it closes the splash screen.
    content = f'<meta name="tauri-content" content="{html.escape(first.url.lstrip("/"))}">'
    doctype, _, rest = (
        document.partition(">") if document[:9].lower() == "<!doctype" else ("<!doctype html", "", document)
    )
    (folder / _NAME).write_text(f"{doctype}>{content}{rest}", "utf-8")
    paths = frontend if isinstance(frontend, tuple) else (frontend,)
    return replace(
        context,
        config=replace(
            config,
            app=replace(config.app, windows=(replace(first, url=_NAME), *others)),
            build=replace(config.build, frontend_dist=(*map(str, paths), str(folder / _NAME))),
        ),
    )
