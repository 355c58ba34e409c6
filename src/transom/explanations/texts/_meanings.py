"""The meaning of texts that do not say all: sentences that Tauri or another library fixed, and lines about transom itself."""

from __future__ import annotations

__all__ = ["MEANINGS", "meaning_of"]

_TRACEBACK = "Your function raised the exception whose traceback follows; it is a bug of the program, which goes on."
_LINK = "The page's script and transom disagree about a message. Load the page again; if it comes back, it is a bug of transom."
_PATH = "A sentence of Tauri's plugin path: the path that the page passed has no such part. Catch it in the page."
_MENU = "A sentence of Tauri: `kind` is Menu, Submenu, MenuItem, Predefined, Check or Icon, and an id belongs to an item of it."
_SQLX = "A sentence of Tauri's plugin sql; its migrations are compared with those that the database has had."
_POOL = "A sentence of Tauri's plugin sql. "
_STORED = (
    "The engine of `Builder.server(bus=...)` cannot be reached or is full; sessions go on, but a restart may lose them."
)
_SCOPE = "Add the path, address or argument to the `allow` of the permission's scope in a capability, unless its `deny` has it."
_UPDATE = "The update is refused and the application stays as it was; the file on the server has to be made again."
_SIGNATURE = (
    "The file or its signature was changed, or was signed with another key: sign it again with `transom signer sign`."
)
_NOT_FOUND = "The object belonged to a page before a reload, was closed, or was never opened by this page."
_CRYPTO = (
    "The value that the page passed to the plugin stronghold does not fit the procedure; see its description at Tauri."
)
_CHECKED = "The value of the page has another type than the parameter or field; the rest of the text says where."

# Add here what a text does not say itself: a part of the text, and its meaning in whole sentences. The first that fits counts.
MEANINGS = (
    ("command <...> failed", "The command raised an exception that is no CommandError; its traceback follows."),
    (
        "command <...> rejected",
        "A command rejected a call, or a value of its arguments was wrong; shown during development.",
    ),
    (
        "a call of <...> was refused",
        "No capability allows the call; the advice behind it says which permission to add.",
    ),
    ("a hook failed for", _TRACEBACK),
    ("a hook for the load of", _TRACEBACK),
    ("work for the main thread failed", _TRACEBACK),
    ("work on the event loop failed", _TRACEBACK),
    ("a listener of <...> failed", _TRACEBACK),
    ("failed at the end of the application", _TRACEBACK),
    ("could not be closed in order", _TRACEBACK),
    ("could not be ended in order", _TRACEBACK),
    ("of a closed <...> could not be released", _TRACEBACK),
    ("the responder of the invoke system failed", _TRACEBACK),
    ("on_navigation failed", _TRACEBACK),
    ("on_new_window failed", _TRACEBACK),
    ("on_download failed", _TRACEBACK),
    ("on_document_title_changed failed", _TRACEBACK),
    ("the handler of the scheme <...> failed", _TRACEBACK),
    ("the session of the user <...> could not be begun", _TRACEBACK),
    ("the event <...> could not be delivered", _TRACEBACK),
    ("<...> failed", _TRACEBACK),
    ("could not be handled", "A fault of transom, with its traceback; please report it. The page may load again."),
    (
        "the request for <...> failed",
        "A fault of transom, with its traceback; please report it. The page gets the status 500.",
    ),
    ("a request for media failed", "A fault of transom, with its traceback; please report it."),
    ("work for the window system failed", "A fault of transom, with its traceback; please report it."),
    ("a call of pywebview failed", "A fault of transom or pywebview, with its traceback; please report it."),
    ("the link of a page failed", "A fault of transom, with its traceback; please report it. The page connects again."),
    ("a message from the page could not be taken", "A fault of transom, with its traceback; please report it."),
    ("a message for a page could not be sent", "A fault of transom, with its traceback; please report it."),
    ("the inspector failed", "A fault of transom, with its traceback; please report it. The application goes on."),
    ("the application ends, because it could not be set up", "A setup hook raised; its traceback follows the line."),
    ("a session could not be handed over", _STORED),
    ("a session could not be stored", _STORED),
    ("the end of a session could not be stored", _STORED),
    ("a session begins without what is stored of it", _STORED),
    ("it could not be looked up which windows", _STORED),
    (
        "some connections did not end in time",
        "Pages or proxies kept a connection open at the end; the program ends anyway.",
    ),
    ("path does not have", _PATH),
    ("failed to read current dir", _PATH),
    ("unexpected menu item kind", _MENU),
    ("is partially applied", _SQLX),
    ("was previously applied", _SQLX),
    ("closed pool", _POOL + "The page uses a database after `close`; load it again."),
    (
        "pool timed out",
        _POOL + "All connections are busy, with transactions or long statements that the page has to end.",
    ),
    ("not loaded", _POOL + "`Database.load(url)` comes first, with the same URL."),
    (
        "invalid connection url",
        _POOL + "Write `sqlite:notes.db`, `postgres://user:password@host/name` or `mysql://...`.",
    ),
    ("error communicating with database", _POOL + "The server cannot be reached, or has ended the connection."),
    (
        "unexpected invoke body",
        "The command takes raw bytes as the body, with the path in its header, as `writeFile` sends it.",
    ),
    (
        "missing file path",
        "The command takes raw bytes as the body, with the path in its header, as `writeFile` sends it.",
    ),
    (
        "stream did not contain valid UTF-8",
        "The file is no text in UTF-8; read it with `readFile` and decode it in the page.",
    ),
    ("No path was found", "A path that is to be watched does not exist; create the file or folder first."),
    ("failed to get path from `file:` url", "A `file:` URL needs an absolute path and no host."),
    (
        "cannot traverse directory",
        "The page resolves `..` itself, with `normalize` or `join`, so that scopes can be checked.",
    ),
    ("forbidden path", _SCOPE),
    ("not allowed on the configured scope", _SCOPE),
    ("program not allowed on the configured shell scope", _SCOPE),
    ("regex validation", _SCOPE),
    ("Not allowed to open", _SCOPE),
    (
        "The shell scope `command` value is required",
        "An entry of the scope of the plugin shell has a `name` and a `cmd`.",
    ),
    ("sidecar not configured", "Add the path without the target's triple to `bundle.externalBin`."),
    ("unknown encoding", "Encodings have their names of the WHATWG standard, such as `utf-8` or `windows-1252`."),
    ("unknown program", "`openWith` of the plugin shell takes the names that Tauri lists, such as `firefox`."),
    ("Tray position not set", "Pass the tray's events to `handleIconState` before a window is put beside the icon."),
    ("Can't find a tray", _NOT_FOUND),
    ("Couldn't find window with label", _NOT_FOUND),
    ("connection not found", _NOT_FOUND),
    ("Invalid state flags bits", "The flags of the plugin window-state are bits from 1 to 63, added up."),
    ("Updater does not have any endpoints", "Set `plugins.updater.endpoints` in tauri.conf.json."),
    (
        "was not found on the response",
        "The manifest has no entry for this system and architecture, such as `linux-x86_64`.",
    ),
    (
        "the manifest has no",
        "Each platform of the manifest has a `url` and the content of the `.sig` file as `signature`.",
    ),
    (
        "the manifest cannot be read",
        "The address answers with something that is no manifest; see the updater's documentation.",
    ),
    ("the update cannot be used", _SIGNATURE),
    ("the signature", _SIGNATURE),
    ("is no base64", _SIGNATURE),
    ("the archive", _UPDATE),
    ("the package is", _UPDATE),
    ("the package has no AppImage", _UPDATE),
    ("the deb package has", _UPDATE),
    (
        "failed to process data url",
        "A `data:` URL is `data:<type>;base64,<text>`, or has its text escaped by percent signs.",
    ),
    ("failed to decode data url", "What follows `base64,` in the `data:` URL is no base64."),
    ("too many redirects", "The server sends the request in a circle, or `maxRedirections` is less than it needs."),
    ("error sending request", "The server cannot be reached, or its certificate is not trusted; the rest says which."),
    ("error decoding response body", "The answer is not encoded as its header says, or ended early."),
    ("request failed with status code", "The server refused the upload or download; the status says why."),
    ("scheme <scheme> not supported", "The plugin http fetches http, https and data."),
    ("invalid channel", "A channel is passed as the object `new Channel()` itself, or as its text `__CHANNEL__:<id>`."),
    ("expected the number of a callback", "The page passes what `transformCallback` returned."),
    ("Event name must include", "Rename the event, for example `file saved` to `file-saved`."),
    ("labels must only include", "Rename the window or webview, for example `my window` to `my-window`."),
    (
        "bad __TAURI_INVOKE_KEY__",
        "A script that is not transom's own made the call, or the page is older than its reload.",
    ),
    (
        "isolation pattern error",
        "The isolation application refused the call, or the page has not loaded it; see its hook.",
    ),
    ("Expected `", _CHECKED),
    ("Expected a", _CHECKED),
    ("Expected bytes", _CHECKED),
    ("Object missing required field", _CHECKED),
    ("a binary frame of", _LINK),
    ("was announced with", _LINK),
    ("a message names pack", _LINK),
    ("packs wait for their messages", _LINK),
    ("lies outside of its pack", _LINK),
    ("a buffer belongs at", _LINK),
    ("is no whole number of elements", _LINK),
    ("a batch from the page", _LINK),
    ("a call has the number", _LINK),
    ("the header is a channel", _LINK),
    (
        "Couldn't find callback id",
        "The page was loaded again, or dropped the callback, while the back end still sent to it.",
    ),
    ("Invalid salt", "Only the page's own script can call; the message came from another place."),
    ("failed to match a command", "As in Tauri 0.x: no handler took the message that the page sent."),
    (
        "the connection to the application is open again",
        "The page has connected again; what was sent meanwhile has arrived.",
    ),
    ("no data present in the snapshot", _CRYPTO),
    ("unknown key type", _CRYPTO),
    ("of the chain", _CRYPTO),
    ("a chain has", _CRYPTO),
    ("the procedure <kind>", _CRYPTO),
)


def meaning_of(text: str) -> str:
    """Return what a text does not say itself; empty if it says all."""
    return next((meaning for part, meaning in MEANINGS if part in text), "")
