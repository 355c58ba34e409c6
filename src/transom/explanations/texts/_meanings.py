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
    ("is not base64", _SIGNATURE),
    ("the archive", _UPDATE),
    ("the package is", _UPDATE),
    ("the package has no AppImage", _UPDATE),
    ("the deb package has", _UPDATE),
    (
        "failed to process data url",
        "A `data:` URL is `data:<type>;base64,<text>`, or has its text escaped by percent signs.",
    ),
    ("failed to decode data url", "What follows `base64,` in the `data:` URL is not base64."),
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
    ("is not a whole number of elements", _LINK),
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
    ("there is no record at this location", _CRYPTO),
    ("the counter of a location", _CRYPTO),
    ("a webview with label", "Labels of windows and webviews are unique while they are open: choose another."),
    ("webview not found", "No webview has this label: it is closed, or has not been made yet."),
    ("shows no page", "The page of the webview is still loading, or is gone: wait for `PageLoadEvent.Finished`."),
    ("belongs to another application", "Menus, items and tray icons are used with the application that made them."),
    ("is in more than", "An item that is shown so often was probably added in a loop; make one for each menu."),
    ("call of this command was cancelled", "The page aborted the call, or is gone; let the exception end the command."),
    (
        "does not wait for this call any more",
        "The page aborted the call, or is gone; let the exception end the command.",
    ),
    ("Request cancel", "The page aborted the request, with its `AbortSignal`."),
    (
        "the body is being read already",
        "The body of an answer is read once; use `response.clone()` in the page to read it again.",
    ),
    (
        "the clipboard is empty",
        "A sentence of Tauri's plugin: there is no text or no image in the clipboard. Catch it.",
    ),
    (
        "owns the clipboard did not answer",
        "The program from which something was copied hangs or has ended; copy it again.",
    ),
    ("they are the same file", "A file cannot be copied onto itself: pass another path as the target."),
    (
        "regular file",
        "The path is that of a folder, a device or a pipe; only files with a content of their own are read.",
    ),
    (
        "is never handed to another program",
        "Such a scheme runs code or reads files; `openPath` opens files that the scope allows.",
    ),
    ("can open only http", "Open other addresses on the user's own machine by a link that the user clicks."),
    ("the window is on no monitor", "Move the window onto a monitor, with `setPosition`, before it is placed."),
    (
        "another user",
        "Another user of the machine has written to the socket of the plugin single-instance; it was ignored.",
    ),
    (
        "more than <most> bytes",
        "Something else than a second start of the application wrote to the socket; it was ignored.",
    ),
    (
        "the file holds no JSON object",
        "The file of a store was changed by hand or by another program; it is kept beside it.",
    ),
    (
        "could not be saved",
        "The traceback behind the line says why, such as a full disk; what the store holds is still there.",
    ),
    ("the update's download ended", "The connection ended; try again later."),
    ("redirects from https to", "An update is never fetched over an unsafe connection: correct the server's redirect."),
    (
        "the update server answers",
        "The server refuses the manifest or the package; open its address in a browser to see why.",
    ),
    ("the file is closed", "A file was read after it was closed, mostly because its page was loaded again."),
    ("became shorter", "Another program changed the file while it was sent; the request is made again by the page."),
    (
        "has become shorter",
        "Another program changed the file while it was sent; the request is made again by the page.",
    ),
    ("the dialog for files failed", "The traceback behind the line says why; the page's call rejects."),
    ("the window system did not start", "The lines above in the log say why; `transom doctor` names what is missing."),
    (
        "the session is at another process",
        "A proxy sent a page to the wrong process; the page connects again by itself.",
    ),
    (
        "admits one browser with",
        "A new address was made, because the last one was used; open it to admit another browser.",
    ),
    (
        "is of no session of the user",
        "The address belongs to another user or to a session that has ended; open the application anew.",
    ),
    ("are not served", "Only the application's own pages may use its server; the request came from another page."),
    ("own pages only", "Only the application's own pages may use its server; the request came from another page."),
    ("without an answer", "The development server closed the connection; its own terminal says why."),
    ("does not control its window", "The rejection of a command that needs a window system; see docs/support.md."),
    (
        "there is no such module",
        "The page loads a module of Tauri 1 that it can load by address only with the right name.",
    ),
    ("over the limit of", "Send the data in parts, or raise `Builder.limits(max_message_bytes=...)`."),
    (
        "a WebDriver drives the windows",
        "The environment switched remote control on, for tests; never set it for users.",
    ),
    (
        "of another version of transom",
        "Processes of two versions share an engine, as during an update; events of the other are skipped.",
    ),
    (
        "messages were lost on the way",
        "The engine dropped messages, as it has less memory than it needs; pages are told.",
    ),
    (
        "taken up by another process while",
        "Two processes ended and began the same session at once; the newer one has it.",
    ),
    ("ended before the call had an answer", "The page was closed or loaded again in the test while its call ran."),
    (
        "expected one of",
        "As in Tauri 0.x: the message of the page has a command that is not in the union of the handler.",
    ),
    ("the keys of an object are texts", "Annotate the keys of a dict with `str`, a number, a date or an enum."),
    ("nested too deeply", "An argument has hundreds of levels of objects and arrays; send it flat, or as a text."),
    ("nested deeper than", "An argument has hundreds of levels of objects and arrays, or holds itself; send it flat."),
    (
        "levels of objects and arrays",
        "Bytes are buried too deep in an argument; pass them as an argument of their own.",
    ),
    (
        "with one key, `Logical` or `Physical`",
        "Write `{ Logical: { ... } }`, or pass an object of the package's own class.",
    ),
    ("did not answer within 20 s", "The program hangs; run it in a terminal to see why."),
    ("no display whose keys", "Global shortcuts need a desktop session, with X11 or Wayland."),
    ("does not let this program in", "The X server refuses the connection; `xauth list` shows who may use it."),
    ("(os error <errno>)", "What the system says about a file, with its number, as Tauri's plugins write it."),
    ("no pack waits", _LINK),
    ("a part of the file is missing", _LINK),
    ("a message of", "The process of an executor and the application disagree about a message; a fault of transom."),
)


def meaning_of(text: str) -> str:
    """Return what a text does not say itself; empty if it says all."""
    return next((meaning for part, meaning in MEANINGS if part in text), "")
