"""The options of a webview, for the builders that make one alone or with its window (Tauri: the same names)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, TypeAlias

import msgspec

from ...config import WindowConfig, window_config
from ...events import check_hook
from ...runtimes import DownloadEvent, InitializationScript, NewWindowFeatures, NewWindowResponse, WebviewHooks, ops
from ...values import Position, Size
from ...wire import check_label

__all__ = ["BuilderOptions", "WebviewBuilder", "WebviewOptions"]

NavigationHook: TypeAlias = Callable[[str], bool]
NewWindowHook: TypeAlias = Callable[[str, NewWindowFeatures], NewWindowResponse]
# Called with the webview first.
DownloadHook: TypeAlias = Callable[[Any, DownloadEvent], bool]
TitleHook: TypeAlias = Callable[[Any, str], object]
LoadHook: TypeAlias = Callable[[Any, Any], object]


class BuilderOptions:
    """The options that windows and webviews have both; every method returns the builder.

    A runtime that does not use an option logs it, and refuses one that protects.

    Args:
        label: What names the window or webview: alphanumeric characters, `-`, `/`, `:` and `_`.
        options: Its options.

    Raises:
        RequestError: The label is empty or holds another character.
    """

    _kind: ClassVar[str] = "Webview"

    def __init__(self, label: str, options: WindowConfig) -> None:
        self._label = check_label(label, self._kind)
        self._config = msgspec.structs.replace(options, label=label)

    def _set(self, **options: Any) -> Self:
        self._config = msgspec.structs.replace(self._config, **options)
        return self

    def background_color(self, color: tuple[int, int, int, int]) -> Self:
        """Set the colour behind the page: red, green, blue and alpha, each from 0 to 255."""
        return self._set(background_color=color)

    def transparent(self, transparent: bool) -> Self:
        """Let what is behind the page show through."""
        return self._set(transparent=transparent)

    def focused(self, focused: bool) -> Self:
        """Give it the keyboard at once, or not."""
        return self._set(focus=focused)


class WebviewOptions(BuilderOptions):
    """The options of a webview; every method returns the builder.

    Hooks are `def` functions; they run on the main thread, which waits for them. One that raises says no.

    Args:
        label: What names the webview: alphanumeric characters, `-`, `/`, `:` and `_`.
        options: Its options.

    Raises:
        RequestError: The label is empty or holds another character.
    """

    def __init__(self, label: str, options: WindowConfig) -> None:
        super().__init__(label, options)
        self._scripts: list[InitializationScript] = []
        self._hooks: dict[str, Any] = {}
        self._on_page_load: LoadHook | None = None

    def _hook(self, name: str, method: str, hook: Callable[..., Any]) -> Self:
        check_hook(f"{type(self).__name__}.{method}", hook)
        self._hooks[name] = hook
        return self

    def initialization_script(self, script: str) -> Self:
        """Run JavaScript in every document of the main frame before the page's own. May be called several times."""
        self._scripts.append(InitializationScript(script))
        return self

    def initialization_script_for_all_frames(self, script: str) -> Self:
        """Run JavaScript in every document of every frame before the page's own. May be called several times."""
        self._scripts.append(InitializationScript(script, for_all_frames=True))
        return self

    def on_navigation(self, hook: NavigationHook) -> Self:
        """Let `hook` tell whether a document of an address may be loaded, in the main frame or in another.

        Where it allows a link to another site, that is loaded in the webview and not opened on the desktop.

        Raises:
            ConfigError: It is an `async def`.
        """
        return self._hook("on_navigation", "on_navigation", hook)

    def on_new_window(self, hook: NewWindowHook) -> Self:
        """Let `hook` decide about a window that the page asks for, with its address and what is said of its look.

        Raises:
            ConfigError: It is an `async def`.
        """
        return self._hook("on_new_window", "on_new_window", hook)

    def on_download(self, hook: DownloadHook) -> Self:
        """Let `hook` tell whether a download may go on, and where to; it is called with the webview and a `DownloadEvent`.

        Raises:
            ConfigError: It is an `async def`.
        """
        return self._hook("on_download", "on_download", hook)

    def on_document_title_changed(self, hook: TitleHook) -> Self:
        """Call `hook` with the webview and the title when the document has another one.

        Raises:
            ConfigError: It is an `async def`.
        """
        return self._hook("on_title", "on_document_title_changed", hook)

    def on_page_load(self, hook: LoadHook) -> Self:
        """Call `hook` with the webview and a `PageLoadPayload` at every load; see `Builder.on_page_load`."""
        self._on_page_load = hook
        return self

    def user_agent(self, user_agent: str) -> Self:
        """Set what the browser calls itself."""
        return self._set(user_agent=user_agent)

    def enable_clipboard_access(self) -> Self:
        """Let the page read and write the clipboard by `navigator.clipboard` and `document.execCommand` without a click."""
        self._hooks["clipboard"] = True
        return self

    def incognito(self, incognito: bool) -> Self:
        """Keep nothing that pages store when the webview is closed, and share nothing with other webviews."""
        return self._set(incognito=incognito)

    def data_directory(self, data_directory: str) -> Self:
        """Keep what pages store in this folder."""
        return self._set(data_directory=data_directory)

    def proxy_url(self, url: str) -> Self:
        """Load everything of the web through a proxy, such as `socks5://localhost:1080`."""
        return self._set(proxy_url=url)

    def devtools(self, enabled: bool) -> Self:
        """Let people open the inspector, or not; by default they can during development."""
        return self._set(devtools=enabled)

    def disable_javascript(self) -> Self:
        """Run no JavaScript of the page."""
        return self._set(javascript_disabled=True)

    def disable_drag_drop_handler(self) -> Self:
        """Leave files that are dropped to the page (HTML5), instead of sending their paths with events."""
        return self._set(drag_drop_enabled=False)

    def zoom_hotkeys_enabled(self, enabled: bool) -> Self:
        """Let people zoom with Ctrl and `+`, `-`, `0` or the wheel."""
        return self._set(zoom_hotkeys_enabled=enabled)

    def accept_first_mouse(self, accept: bool) -> Self:
        """Let the click that focuses the window reach the page too; only on macOS."""
        return self._set(accept_first_mouse=accept)

    def use_https_scheme(self, enabled: bool) -> Self:
        """Use `https://` for the application's pages; only on Windows and Android."""
        return self._set(use_https_scheme=enabled)

    def additional_browser_args(self, arguments: str) -> Self:
        """Give the browser more arguments; only on Windows."""
        return self._set(additional_browser_args=arguments)

    def browser_extensions_enabled(self, enabled: bool) -> Self:
        """Let the browser load extensions; only on Windows."""
        return self._set(browser_extensions_enabled=enabled)

    def data_store_identifier(self, identifier: tuple[int, ...]) -> Self:
        """Choose a store for what pages keep, by 16 bytes; only on macOS and iOS."""
        return self._set(data_store_identifier=identifier)

    def hooks_for(self, webview: Any) -> WebviewHooks:
        """Return the hooks and scripts.

        Args:
            webview: The handle that hooks get.
        """
        hooks = dict(self._hooks)
        for name in ("on_download", "on_title"):
            if name in hooks:
                hooks[name] = _with(webview, hooks[name])
        return WebviewHooks(scripts=tuple(self._scripts), **hooks)


def _with(webview: Any, hook: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    return lambda event: hook(webview, event)


class WebviewBuilder(WebviewOptions):
    """Makes a webview inside a window; see `Window.add_child`.

    Args:
        label: What names the webview: alphanumeric characters, `-`, `/`, `:` and `_`.
        url: A path of the front end, or a whole URL.

    Raises:
        RequestError: The label is empty or holds another character.
    """

    def __init__(self, label: str, url: str = "index.html") -> None:
        super().__init__(label, WindowConfig(url=url))
        self._resizes = False

    @classmethod
    def from_config(cls, options: WindowConfig) -> WebviewBuilder:
        """Return a builder with these options; those of windows are not used."""
        builder = cls(options.label, options.url)
        builder._config = options
        return builder

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> WebviewBuilder:
        """Return a builder with options as `new Webview(window, label, options)` has them, and `label`.

        Raises:
            ConfigError: An option is wrong; the text names it.
            RequestError: The label is empty or holds a character that none may hold.
        """
        return cls.from_config(window_config(options))

    def operation(self, window: str, position: Position, size: Size, webview: Any) -> ops.CreateWebview:
        """Return the operation that makes the webview.

        Args:
            window: Label of the window.
            position: Its upper left corner in the window.
            size: Its size.
            webview: The handle that hooks get.
        """
        return ops.CreateWebview(
            window=window,
            options=self._config,
            position=position,
            size=size,
            auto_resize=self._resizes,
            hooks=self.hooks_for(webview),
        )

    @property
    def page_load_hook(self) -> LoadHook | None:
        """The hook for the webview's loads."""
        return self._on_page_load

    @property
    def label(self) -> str:
        """The webview's label."""
        return self._label

    def auto_resize(self) -> Self:
        """Let the webview keep its share of the window when that is resized."""
        self._resizes = True
        return self
