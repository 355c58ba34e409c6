"""The windows, pages, listeners, resources and managed objects of an application, as plain values."""

from __future__ import annotations

import os
import sys
import threading
from itertools import islice
from typing import Any

from ..observe import ObservedSession
from ..pages import PageSession
from ._subject import Subject

__all__ = ["overview_of"]

_MOST = 500  # of each list
_SHOWN = 300  # characters of an object


def overview_of(subject: Subject) -> dict[str, Any]:
    """Return what an application is made of now; lists are cut, their counts are not."""
    app, recorder = subject
    client = app.client
    listeners = app.events.overview()
    pages = sorted(recorder.pages, key=lambda page: page.page.label)
    objects = app.state.objects()
    return {
        "name": app.config.product_name or app.config.identifier,
        "runtime": app.runtime_name,
        "pid": os.getpid(),
        "python": sys.version.split()[0],
        "threads": threading.active_count(),
        "windows": [
            {"label": label, "webviews": client.webviews_of(label), "focused": label == client.focused}
            for label in client.windows[:_MOST]
        ],
        "pages": [_page(page) for page in pages[:_MOST] if not page.closed],
        "listeners": [
            {"event": event, "id": number, "target": _target(target), "page": page}
            for event, number, target, page in listeners[:_MOST]
        ],
        "listenerCount": len(listeners),
        "resources": [
            {"owner": f"window {owner}" if owner else "application", "id": rid, "type": name}
            for owner, names in client.resources.names().items()
            for rid, name in islice(names.items(), _MOST)
        ],
        "state": [{"type": type(found).__qualname__, "value": _shown(found)} for found in objects[:_MOST]],
    }


def _page(page: PageSession) -> dict[str, Any]:
    names = page.resources.names()
    traffic = page.traffic if isinstance(page, ObservedSession) else [0, 0, 0, 0]
    return {
        "label": page.page.label,
        "window": page.page.window,
        "origin": page.page.origin,
        "calls": len(page.calls),
        "queuedBytes": page.outbox.queued_bytes,
        "behind": page.behind,
        "bytesUp": traffic[0],
        "batchesUp": traffic[1],
        "bytesDown": traffic[2],
        "framesDown": traffic[3],
        "resources": [{"id": rid, "type": name} for rid, name in islice(names.items(), _MOST)],
    }


def _target(target: Any) -> str:
    return f"{target.kind} {target.label}" if target.label else str(target.kind)


def _shown(found: object) -> str:
    try:
        text = repr(found)
    except Exception as error:  # noqa: BLE001 - the author's `__repr__` may do anything
        return f"<its __repr__ raised {type(error).__name__}>"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
