"""Page generations of one webview: which document may talk, under which key, and through which link.

A load has two moments. At `STARTED` the next document gets its key, with a script that only it will run, while the old
document goes on talking under the old key. At `COMMITTED` the old document is gone, and the next one is the page.
"""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from ....wire import drag_region_script, frame_script, initialization_script
from ... import Host, InitializationScript, Page, Settings, invoke_key_of
from .. import _gi as gi
from ..bulk import Bulk, is_request
from ._link import PageLink
from ._refusals import Refusals

__all__ = ["ASSETS_ORIGIN", "Generation", "PageKeeper", "document_uri", "origin_of"]

_logger = logging.getLogger("transom")

ASSETS_ORIGIN = "tauri://localhost"
_KEY_BYTES = 16
_KEY_LENGTH = 2 * _KEY_BYTES
_SHORT_TEXT = 1024
_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(uri: str | None) -> str | None:
    """Return `scheme://host[:port]` of an address, `None` for one without an origin of its own, such as about:blank."""
    try:
        parts = urlsplit(uri or "")
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or not (parts.netloc or parts.scheme == "file"):
        return None
    suffix = "" if port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{suffix}"


def document_uri(view: Any) -> str:
    """Return the address of the document that a view has just committed.

    The view's own address is another one while a next load is asked for, and that of an error page's document is the one
    that failed.
    """
    resource = view.get_main_resource()
    return (resource and resource.get_uri()) or "about:blank"


class Generation:
    """One document of the main frame; its session is opened by its first message.

    Args:
        label: The label of the webview.
        page: What is known of the document; `None` for one that gets no link.
        key: The secret of the document's script; empty when no document can have it.
        previous_key: The key of the document before it.
        bulk_token: Names the file that the page may be given; known to the document's script only.
        open_link: Opens the session.
    """

    def __init__(
        self,
        label: str,
        page: Page | None,
        key: str,
        previous_key: str,
        bulk_token: str,
        open_link: Callable[[Page, str], PageLink],
    ) -> None:
        self._label = label
        self._page = page
        self._key = key.encode()
        self._previous_key = previous_key.encode()
        self._bulk_token = bulk_token
        self._open_link = open_link
        self._link: PageLink | None = None
        self._closed = False
        self.refusals = Refusals(label)
        # Whether a document of another origin has been in one of the page's frames.
        self.foreign_frames = False

    @property
    def key(self) -> str:
        """The secret of the document's script."""
        return self._key.decode()

    @property
    def origin(self) -> str:
        """The origin of the document."""
        return self._page.origin if self._page else "null"

    @property
    def label(self) -> str:
        """The label of the webview."""
        return self._label

    @property
    def closed(self) -> bool:
        """Whether it has ended. Any thread."""
        return self._closed

    @property
    def page_origin(self) -> str | None:
        """The origin of the document; `None` without one, or before the first document."""
        return self._page.origin if self._page else None

    @property
    def local(self) -> bool:
        """Whether the document is the application's own."""
        return self._page is not None and self._page.local

    def admits(self, key: bytes | memoryview) -> bool:
        """Tell whether this is the document's key; the first refusal is logged."""
        if self._key and hmac.compare_digest(key, self._key):
            return True
        # A document that is being replaced still runs for a moment, and asks for its next frame.
        if not (self._previous_key and hmac.compare_digest(key, self._previous_key)):
            self.refusals.log(
                "messages without the page's key",
                1,
                "refused a message of the webview %r without the page's key: it came from a frame other than the page's "
                "main frame, or from a page that is gone; further ones are not logged",
            )
        return False

    def refuse_value(self) -> None:
        """Log the first message that is not a string."""
        self.refusals.log(
            "messages that are not strings",
            1,
            "refused a message of the webview %r: it is not a string, so it is not from transom's script; further ones are "
            "not logged",
        )

    def link(self) -> PageLink | None:
        """Return the link, `None` for a document that gets none: one without an origin, or one that is gone."""
        if self._link is None and self._page is not None and not self._closed:
            self._link = self._open_link(self._page, self._bulk_token)
        return self._link

    def choose_file(self, accepted: Sequence[str]) -> str | None:
        """Return the path of the file for a chooser of our script, `None` when it gets none."""
        return self._link.bulk.choose(accepted) if self._link and self._link.bulk else None

    def leave(self, asked: bool) -> bool:
        """Let the document know that it is to go; `False` when it has no link. See `PageLink.leave`."""
        if self._link is None:
            return False
        self._link.leave(asked)
        return True

    def close(self) -> None:
        """End the generation."""
        self._closed = True
        link, self._link = self._link, None
        if link is not None:
            link.close()


class PageKeeper:
    """Follows the documents of one webview.

    Args:
        label: The label of the webview.
        window: Label of the window that it is in.
        host: The application.
        settings: The application's.
        post: Runs a function on the window system's thread, soon.
        heard: Called with what the page says about being left.
        scripts: The webview's own, for every document.
    """

    def __init__(
        self,
        label: str,
        window: str,
        host: Host,
        settings: Settings,
        post: Callable[[Callable[[], None]], None],
        heard: Callable[[str], None],
        scripts: Sequence[InitializationScript] = (),
    ) -> None:
        self._scripts = scripts
        self.label = self._label = label
        self.window = window
        self._heard = heard
        self._host = host
        self._settings = settings
        self._post = post
        self.local_origins = {ASSETS_ORIGIN} | ({origin} if (origin := origin_of(settings.dev_url)) else set())
        self._next_key = self._next_bulk_token = self._next_frame = ""
        self._view: Any = None
        self._context: Any = None
        self.generation = Generation(label, None, "", "", "", self._open_link)
        self.content = gi.WebKit2.UserContentManager()
        # The names under which scripts can send messages, with the signal's handler. Each document's script has one that
        # no frame, and no other script of the page, can guess: what they send ends in their own process.
        self._handlers: dict[str, int] = {}
        # Marks the requests to the application's schemes whose bodies can be read: see `bodies_webkitgtk.js`.
        self.body_token = secrets.token_hex(_KEY_BYTES)

    def attach(self, view: Any) -> None:
        """Follow the loads of the view that was made with our `content`."""
        self._view = view
        view.connect("load-changed", self._on_load_changed)
        view.connect("run-file-chooser", self._on_file_chooser)

    def close(self) -> None:
        """End the current generation; the view has no document any more."""
        self._begin(None, "")

    def detach(self) -> None:
        """End for good: the view is gone. Through GObject no collector sees that we and the view hold each other."""
        self.close()
        self._keep_handlers(())
        self.content.remove_all_scripts()
        self._view = self._context = None

    def _on_load_changed(self, view: Any, event: Any) -> None:
        if event == gi.WebKit2.LoadEvent.STARTED:
            self._prepare_next()
        elif event == gi.WebKit2.LoadEvent.COMMITTED:
            origin = origin_of(document_uri(view))
            key, self._next_key = self._next_key, ""
            invoke_key = invoke_key_of(key) if self._settings.invoke_by_message else ""
            page = self._page_of(origin, invoke_key) if origin else None
            self._keep_handlers(list(self._handlers)[-1:])
            self._begin(page, key)

    def _page_of(self, origin: str, invoke_key: str) -> Page:
        isolation = self._settings.isolation
        seal = isolation.key_of(self._next_frame) if isolation else b""
        return Page(self._label, self.window, origin, origin in self.local_origins, invoke_key, seal)

    def _add_handler(self) -> str:
        name = f"transom{secrets.token_hex(_KEY_BYTES)}"
        self._handlers[name] = self.content.connect(f"script-message-with-reply-received::{name}", self._on_message)
        self.content.register_script_message_handler_with_reply(name, None)
        return name

    def _keep_handlers(self, names: Iterable[str]) -> None:
        """Let scripts send messages under these names only."""
        for name in self._handlers.keys() - set(names):
            self.content.unregister_script_message_handler(name)
            self.content.disconnect(self._handlers.pop(name))

    def _begin(self, page: Page | None, key: str) -> None:
        self.generation.close()
        token, self._next_bulk_token = self._next_bulk_token, ""
        self.generation = Generation(self._label, page, key, self.generation.key, token, self._open_link)

    def _prepare_next(self) -> None:
        self._next_key = secrets.token_hex(_KEY_BYTES)
        self._next_bulk_token = secrets.token_hex(_KEY_BYTES)
        # The document that is there goes on talking; of loads that were broken off nothing is left.
        self._keep_handlers(list(self._handlers)[:1])
        handler = self._add_handler()
        isolation = self._settings.isolation
        self._next_frame = isolation.new_frame() if isolation else ""
        script = initialization_script(
            "webkitgtk",
            label=self._label,
            window=self.window,
            key=self._next_key,
            settings={
                "bulkToken": self._next_bulk_token,
                "handler": handler,
                "maxMessageBytes": self._settings.max_message_bytes,
                "invokeKey": invoke_key_of(self._next_key) if self._settings.invoke_by_message else None,
                "pathSeparator": os.sep,
                "pathDelimiter": os.pathsep,
            },
            freeze_prototype=self._settings.freeze_prototype,
            isolation=f"{isolation.scheme}://localhost/{self._next_frame}" if isolation else None,
            clients=self._settings.clients,
        )
        self.content.remove_all_scripts()
        self._add_script(script)
        if self._settings.uri_schemes:
            schemes = [protocol.scheme for protocol in self._settings.uri_schemes]
            origins = [*self.local_origins, *(f"{scheme}://localhost" for scheme in schemes)]
            settings: dict[str, object] = {"origins": origins, "schemes": schemes, "token": self.body_token}
            self._add_script(frame_script("bodies_webkitgtk", settings), all_frames=True)
        self._add_script(drag_region_script())
        if playable := self._settings.options.get("media_schemes"):
            self._add_script(frame_script("media_webkitgtk", {"key": self._next_key, "schemes": playable}))
        # A script of its own each, so that one that does not parse is alone in it.
        for source in self._settings.initialization_scripts:
            self._add_script(source)
        for source in self._settings.frame_scripts:
            self._add_script(source, all_frames=True)
        for own in self._scripts:
            self._add_script(own.script, all_frames=own.for_all_frames)

    def _add_script(self, source: str, *, all_frames: bool = False) -> None:
        kinds = gi.WebKit2.UserContentInjectedFrames
        frames = kinds.ALL_FRAMES if all_frames else kinds.TOP_FRAME
        self.content.add_script(
            gi.WebKit2.UserScript.new(source, frames, gi.WebKit2.UserScriptInjectionTime.START, None, None)
        )

    def _open_link(self, page: Page, bulk_token: str) -> PageLink:
        bulk = Bulk(bulk_token, self._evaluate_apart) if page.local else None
        link = PageLink(self._answer, self._post, bulk, self._heard)
        link.open(self._host.open_page(page, link))
        return link

    def _evaluate_apart(self, script: str) -> None:
        # In a world of its own, where nothing is what the page has made of it.
        self._view.evaluate_javascript(script, -1, "transom", None, None, None)

    def _on_file_chooser(self, view: Any, request: Any) -> bool:
        accepted = request.get_mime_types() or []
        if not is_request(accepted):
            return False
        path = self.generation.choose_file(accepted)
        if path is None:
            request.cancel()
        else:
            request.select_files([path])
        return True

    def _on_message(self, content: Any, value: Any, reply: Any) -> bool:
        # A reply that nobody keeps resolves in the page with `undefined`, which ends its link.
        # Only a string: to make a text of another value may take for ever, as an array can hold itself many times over.
        if not value.is_string():
            self.generation.refuse_value()
            return True
        message = memoryview(value.to_string_as_bytes().get_data() or b"")
        if not self.generation.admits(message[:_KEY_LENGTH]):
            return True
        if (link := self.generation.link()) is not None:
            # Only values of the message's own virtual machine can answer it; any context of it will do.
            self._context = self._context or value.get_context()
            link.receive(message[_KEY_LENGTH:], reply)
        return True

    def _answer(self, reply: Any, text: bytes) -> None:
        # A `str` is encoded and decoded again on its way: cheap for a short one, and ten times dearer for a long one.
        if len(text) < _SHORT_TEXT:
            frame = gi.JavaScriptCore.Value.new_string(self._context, text.decode())
        else:
            frame = gi.JavaScriptCore.Value.new_string_from_bytes(self._context, gi.GLib.Bytes.new(text))
        reply.return_value(frame)
