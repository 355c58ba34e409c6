from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.mock_app import running
from transom.app import Builder
from transom.commands import command, generate_handler
from transom.core import Plugin, PluginBuilder
from transom.errors import ConfigError
from transom.handles import WebviewWindowBuilder, Window
from transom.ipc import CapabilityBuilder
from transom.runtimes import InitializationScript
from transom.runtimes._mock import MockRejection


@command
def ping() -> str:
    return "pong"


def test_a_plugin_comes_and_goes_while_the_application_runs() -> None:
    heard: list[Any] = []
    plugin = (
        PluginBuilder("late")
        .invoke_handler(generate_handler(ping))
        .setup(lambda app, api: heard.append(("setup", api.config)))
        .on_event(lambda app, event: heard.append(type(event).__name__))
        .on_navigation(lambda webview, url: "forbidden" not in url)
        .on_drop(lambda app: heard.append("drop"))
        .js_init_script("window.LATE = 1;")
        .js_init_script_on_all_frames("window.FRAMED = 1;")
        .build()
    )
    with running() as application:
        app = application.app.handle()
        app.plugin(plugin)
        app.add_capability(CapabilityBuilder("late").window("*").permission("late:allow-ping"))
        assert heard == [("setup", None)]
        assert application.page.invoke("plugin:late|ping") == "pong"
        application.open("other")
        hooks = application.runtime.webviews["other"].hooks
        assert hooks.scripts == (
            InitializationScript("window.LATE = 1;"),
            InitializationScript("window.FRAMED = 1;", for_all_frames=True),
        )
        assert hooks.on_navigation is not None
        assert [hooks.on_navigation(url) for url in ("a", "forbidden")] == [True, False]
        assert app.remove_plugin("late")
        assert not app.remove_plugin("late")
        assert heard[-1] == "drop"
        with pytest.raises(MockRejection, match="plugin late not found"):
            application.page.invoke("plugin:late|ping")
        application.open("third")
        assert application.runtime.webviews["third"].hooks.on_navigation is None
        app.plugin(plugin)
        assert application.page.invoke("plugin:late|ping") == "pong"
    assert heard[-3:] == ["ExitRequested", "Exit", "drop"]


def _fresh() -> Plugin:
    return PluginBuilder("late").invoke_handler(generate_handler(ping)).permissions(default=["allow-ping"]).build()


def test_a_plugin_that_was_removed_can_be_made_and_added_again() -> None:
    with running() as application:
        app = application.app.handle()
        app.plugin(_fresh())
        app.add_capability(CapabilityBuilder("late").window("*").permission("late:default"))
        assert app.remove_plugin("late")
        app.plugin(_fresh())
        assert application.page.invoke("plugin:late|ping") == "pong"
        assert app.remove_plugin("late")
        with pytest.raises(ConfigError, match="declared already"):
            app.plugin(PluginBuilder("late").build())


def test_plugins_that_are_added_at_once_all_answer() -> None:
    names = [f"p{number}" for number in range(400)]
    with running() as application:
        app = application.app.handle()
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(8) as pool:
                plugins = [PluginBuilder(name).invoke_handler(generate_handler(ping)).build() for name in names]
                list(pool.map(app.plugin, plugins))
        finally:
            sys.setswitchinterval(interval)
        assert set(names) <= set(application.core.dispatcher._plugins)


def test_a_plugin_that_cannot_be_added_leaves_nothing() -> None:
    def fails(app: Any, api: Any) -> None:
        raise ValueError("no")

    built_in = PluginBuilder("known").build()
    with running(builder=Builder().plugin(built_in)) as application:
        app = application.app.handle()
        for name in ("known", "event"):
            with pytest.raises(ConfigError, match="is there already"):
                app.plugin(PluginBuilder(name).build())
        with pytest.raises(ConfigError, match=r"\.build\(\)"):
            app.plugin(PluginBuilder("late"))  # type: ignore[arg-type]
        with pytest.raises(ConfigError, match="scheme"):
            app.plugin(
                PluginBuilder("late").register_uri_scheme_protocol("late", lambda context, request: None).build()
            )  # type: ignore[arg-type, return-value]
        with pytest.raises(ValueError, match="no") as caught:
            app.plugin(PluginBuilder("late").setup(fails).build())
        assert caught.value.__notes__ == ["failed to initialize plugin `late`"]
        assert not app.remove_plugin("late")
        assert app.remove_plugin("known")


def test_the_theme_of_the_application_is_that_of_all_windows() -> None:
    from transom import Theme

    with running(windows=("main", "other")) as application:
        application.app.handle().set_theme(Theme.DARK)
        themes = [window.theme() for window in application.app.windows().values()]
        assert themes == [Theme.DARK, Theme.DARK]


def test_a_window_that_is_closed_meanwhile_keeps_no_theme_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from transom import Theme

    with running(windows=("main", "other")) as application:
        perform, windows = application.core.perform, application.app.windows()

        def close_first(client: Any, op: Any) -> Any:
            monkeypatch.undo()
            windows["main"].destroy()
            return perform(client, op)

        monkeypatch.setattr(application.core, "perform", close_first)
        application.app.handle().set_theme(Theme.DARK)
        assert windows["other"].theme() == Theme.DARK


def test_a_plugin_hears_of_a_window_before_it_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[str, bool]] = []

    def fail(window: Window) -> None:
        raise RuntimeError("of the hook")

    builder = Builder()
    builder.plugin(PluginBuilder("broken").on_window_ready(fail).build())
    builder.plugin(
        PluginBuilder("ready").on_window_ready(lambda window: heard.append((window.label, window.is_visible()))).build()
    )
    with running(builder=builder) as application:
        app = application.app.handle()
        WebviewWindowBuilder(app, "hidden").visible(False).build()
        shown = {label: window.is_visible() for label, window in app.windows().items()}
    assert heard == [("main", False), ("hidden", False)]
    assert shown == {"main": True, "hidden": False}
    assert "of the hook" in caplog.text
    with pytest.raises(ConfigError, match="on_window_ready"):
        PluginBuilder("wrong").on_window_ready(_asynchronous)


async def _asynchronous(window: Window) -> None:
    pass
