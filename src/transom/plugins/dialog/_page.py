"""Messages that a page draws itself, where the windows of the application are pages of a browser."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress

from ...errors import WindowError
from ...handles import Webview
from ...pages import ResourceTable

__all__ = ["PageDialogs"]

# Everything is set as text or by properties: no policy for scripts and styles of the page stands in the way.
_DRAW = """((given) => {
  const dialog = document.createElement('dialog');
  const answer = (index) => {
    if (!dialog.isConnected) return;
    dialog.remove();
    window.__TAURI_INTERNALS__.invoke('plugin:dialog|answered', { id: given.id, index });
  };
  const add = (name, text, style) => {
    const element = dialog.appendChild(document.createElement(name));
    element.textContent = text;
    Object.assign(element.style, style);
    return element;
  };
  dialog.dataset.tauriDialog = given.kind;
  Object.assign(dialog.style, { maxWidth: '32rem', padding: '1rem', border: '1px solid', borderRadius: '6px', font: '15px system-ui' });
  if (given.title) add('strong', given.title, { display: 'block', marginBottom: '.5rem' });
  add('p', given.message, { margin: '0 0 1rem', whiteSpace: 'pre-wrap' });
  given.buttons.forEach((label, index) => {
    add('button', label, { marginRight: '.5rem', padding: '.3rem .9rem' }).addEventListener('click', () => answer(index));
  });
  dialog.addEventListener('cancel', () => answer(null));
  dialog.addEventListener('close', () => answer(null));
  document.documentElement.append(dialog);
  dialog.showModal();
})"""


class _Shown:
    """A message in a page, whose end closes it: a resource of the page.

    Args:
        answer: What is waited for.
    """

    def __init__(self, answer: asyncio.Future[int | None]) -> None:
        self._answer = answer

    def close(self) -> None:
        """See `Resource`. Any thread."""
        with suppress(RuntimeError):  # the loop has ended
            self._answer.get_loop().call_soon_threadsafe(_settle, self._answer, None)


def _settle(answer: asyncio.Future[int | None], number: int | None) -> None:
    if not answer.done():
        answer.set_result(number)


def _table_of(page: Webview) -> ResourceTable | None:
    try:
        return page.resources_table()
    except WindowError:  # it has not loaded yet; it shows the message then
        return None


class PageDialogs:
    """The messages that pages show now. All of it on the event loop."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[int | None]] = {}

    async def show(self, page: Webview, text: str, title: str | None, kind: str, buttons: Sequence[str]) -> int | None:
        """Let a page show a message, and return the number of the button that was pressed.

        Returns:
            `None` when it was closed, or ended with its page.
        """
        identity = secrets.token_hex(16)
        future: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting[identity] = future
        given = {"id": identity, "message": text, "title": title, "kind": kind, "buttons": list(buttons)}
        table = _table_of(page)
        rid = 0 if table is None else table.add(_Shown(future))
        try:
            page.eval(f"{_DRAW}({json.dumps(given)})")
            return await future
        finally:
            del self._waiting[identity]
            if table is not None and table.has(rid):
                table.take(rid, _Shown)

    def answered(self, identity: str, number: int | None) -> None:
        """Note an answer. An identity that nobody waits for is ignored."""
        future = self._waiting.get(identity)
        if future is not None:
            _settle(future, number)
