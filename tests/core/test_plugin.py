from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import Running, context, running
from transom.acl import CapabilityBuilder
from transom.app import Builder
from transom.commands import command, generate_handler
from transom.core import PluginApi, PluginBuilder, global_apis
from transom.errors import CommandDefinitionError, ConfigError
from transom.handles import AppHandle
from transom.plugins import fs
from transom.runtimes import UriSchemeResponse
from transom.runtimes._mock import MockRejection


@command
async def ping(text: str) -> str:
    return text


@command
async def drop_all() -> str:
    return "dropped"


def _plugin() -> PluginBuilder:
    return PluginBuilder("ping").invoke_handler(generate_handler(ping, drop_all))


def _rejection(application: Running, name: str) -> Any:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke(name, {"text": "x"})
    return caught.value.value


def test_commands_of_a_plugin_need_a_permission() -> None:
    with running(builder=Builder().plugin(_plugin().build())) as application:
        text = "Command plugin:ping|ping not allowed by ACL: webview 'main' has no permission for it"
        assert _rejection(application, "plugin:ping|ping") == text
        capability = CapabilityBuilder("main").window("main").permission("ping:allow-ping")
        application.app.handle().add_capability(capability)
        assert application.page.invoke("plugin:ping|ping", {"text": "x"}) == "x"
        assert _rejection(application, "plugin:ping|drop_all").startswith("Command plugin:ping|drop_all not allowed")
        assert _rejection(application, "plugin:none|x").startswith("plugin none not found; ")


def test_the_default_permission_is_what_the_plugin_says() -> None:
    plugin = _plugin().permissions(default=["allow-ping"], sets={"all": ["default", "allow-drop-all"]}).build()

    def allow(app: AppHandle) -> None:
        app.add_capability(CapabilityBuilder("main").window("main").permission("ping:all"))

    with running(builder=Builder().plugin(plugin), setup=allow) as application:
        assert application.page.invoke("plugin:ping|ping", {"text": "x"}) == "x"
        assert application.page.invoke("plugin:ping|drop_all") == "dropped"


def test_a_permission_of_an_unknown_command_is_refused() -> None:
    unknown = CapabilityBuilder("main").window("main").permission("ping:allow-pong")
    builder = Builder().plugin(_plugin().build())
    with running(builder=builder) as application, pytest.raises(ConfigError, match="allow-pong"):
        application.app.add_capability(unknown)


class Limits(msgspec.Struct):
    most: int


def test_hooks_run_in_order_and_get_the_configuration() -> None:
    seen: list[Any] = []

    def set_up(app: AppHandle, api: PluginApi) -> None:
        seen.append((type(app), api.name, api.config_as(Limits)))

    plugin = _plugin().setup(set_up).on_drop(lambda app: seen.append("dropped")).build()
    late = PluginBuilder("late").setup(lambda app, api: seen.append(api.config)).build()
    builder = Builder().plugin(plugin).plugin(late).setup(lambda app: seen.append("setup"))
    app = builder.build(context("main", plugins={"ping": {"most": 3}}), "mock")
    application = Running(app, app._app)
    application.thread.start()
    app._core.threads.workers.submit(lambda: None).result(5)
    while app._app._runtime is None or not application.runtime.pages:
        pass
    assert application.exit() == 0
    assert seen == [(AppHandle, "ping", Limits(3)), None, "setup", "dropped"]


def test_a_setup_that_fails_ends_the_application_and_names_the_plugin() -> None:
    def fail(app: AppHandle, api: PluginApi) -> None:
        api.config_as(Limits)

    app = Builder().plugin(_plugin().setup(fail).build()).build(context("main"), "mock")
    with pytest.raises(
        ConfigError, match=r"^plugins.ping in the configuration: Expected `object`, got `null`"
    ) as caught:
        app.run()
    assert caught.value.__notes__ == ["failed to initialize plugin `ping`"]


def test_names_are_taken_once() -> None:
    builder = Builder().plugin(_plugin().build())
    with pytest.raises(ConfigError, match="a plugin called ping is added already; choose another name"):
        builder.plugin(_plugin().build())
    with pytest.raises(ConfigError, match="a plugin called event is transom's own; choose another name"):
        builder.plugin(PluginBuilder("event").build())


def test_a_plugin_must_be_built() -> None:
    with pytest.raises(ConfigError, match=r"this is a PluginBuilder; end it with \.build\(\)$"):
        Builder().plugin(_plugin())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "text"),
    [(fs, "fs is a module; write fs.init()"), (fs.init, "init is a function; call it: init()"), ({}, "of the type dict is not a plugin")],
)  # fmt: skip
def test_what_is_no_plugin_is_refused_with_what_to_write(given: Any, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"^Builder\.plugin: .*{re.escape(text)}"):
        Builder().plugin(given)


@pytest.mark.parametrize("hook", ["setup", "on_drop"])
def test_a_hook_that_nobody_would_await_is_refused(hook: str) -> None:
    async def later(*_: Any) -> None: ...

    with pytest.raises(ConfigError, match=rf"^PluginBuilder\.{hook}: .*later is an `async def`; make it a `def`"):
        getattr(_plugin(), hook)(later)


def test_a_handler_of_a_plugin_is_looked_at() -> None:
    with pytest.raises(CommandDefinitionError, match=r"^the invoke handler ping is a command"):
        PluginBuilder("ping").invoke_handler(ping)  # type: ignore[arg-type]


def test_a_scheme_has_one_handler() -> None:
    plugin = PluginBuilder("p").register_uri_scheme_protocol("stream", lambda context, request: None).build()
    builder = Builder().register_uri_scheme_protocol("stream", lambda context, request: None)
    with pytest.raises(ConfigError, match="the scheme 'stream' is registered already; one handler per scheme"):
        builder.register_asynchronous_uri_scheme_protocol("stream", lambda context, request, responder: None)
    with pytest.raises(ConfigError, match="the plugin p registers the scheme 'stream', which has a handler already"):
        builder.plugin(plugin).build(context("main"), "mock")


def test_a_plugin_answers_schemes_at_once_and_later() -> None:
    plugin = (
        PluginBuilder("p")
        .register_uri_scheme_protocol("now", lambda context, request: UriSchemeResponse(b"now"))
        .register_asynchronous_uri_scheme_protocol(
            "later", lambda context, request, responder: responder.respond(UriSchemeResponse(b"later"))
        )
        .build()
    )
    with running(builder=Builder().plugin(plugin)) as application:
        for scheme in ("now", "later"):
            assert application.runtime.fetch("main", f"{scheme}://localhost/").body == scheme.encode()


REASON = "a browser has no bell; play a sound in the page"


def test_a_command_that_the_runtime_cannot_do_rejects_with_the_reason() -> None:
    plugin = (
        _plugin().permissions(default=("allow-ping", "allow-drop-all")).unsupported("mock", {"ping": REASON}).build()
    )
    with running(builder=Builder().plugin(plugin)) as application:
        application.app.add_capability(CapabilityBuilder("main").window("main").permission("ping:default"))
        assert _rejection(application, "plugin:ping|ping") == {
            "kind": "unsupported",
            "command": "plugin:ping|ping",
            "runtime": "mock",
            "reason": REASON,
            "message": f"plugin:ping|ping is not supported by the runtime mock: {REASON}",
        }
        assert application.page.invoke("plugin:ping|drop_all") == "dropped"


def test_a_command_that_another_runtime_cannot_do_is_answered() -> None:
    plugin = _plugin().permissions(default=("allow-ping",)).unsupported("web", {"ping": REASON}).build()
    with running(builder=Builder().plugin(plugin)) as application:
        application.app.add_capability(CapabilityBuilder("main").window("main").permission("ping:default"))
        assert application.page.invoke("plugin:ping|ping", {"text": "x"}) == "x"


def test_the_scripts_of_a_global_api_are_read(tmp_path: Path) -> None:
    script = tmp_path / "ping.js"
    script.write_text("window.__TAURI__.ping = {};", "utf-8")
    assert global_apis([_plugin().global_api_script(script).build(), _plugin().build()]) == (
        "window.__TAURI__.ping = {};",
    )


def test_a_global_api_that_was_not_built_says_why(tmp_path: Path) -> None:
    plugin = _plugin().global_api_script(tmp_path / "ping.js").build()
    with pytest.raises(ConfigError, match="needs ping.js of the plugin ping: No such file"):
        global_apis([plugin])
