from __future__ import annotations

import gc
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import SOON, Running, context, invoke_buffers, running
from tests.requirements import needs_global_api
from transom.app import Builder, Context, generate_context
from transom.calls import Invoke
from transom.commands import command
from transom.core import PluginBuilder
from transom.core._settings import DEFAULT_CSP
from transom.errors import (
    AuthorError,
    CommandDefinitionError,
    ConfigError,
    MessageTooLarge,
    RuntimeUnavailable,
    Unsupported,
    WindowError,
)
from transom.handles import AppHandle, State
from transom.runtimes._mock import MockRejection


class Cache:
    def __init__(self) -> None:
        self.hits = 0


@command
async def hit(cache: State[Cache]) -> int:
    cache.hits += 1
    return cache.hits


def test_an_application_from_its_parts() -> None:
    cache = Cache()
    with running(hit, builder=Builder().manage(cache)) as application:
        assert [application.page.invoke("hit") for _ in range(2)] == [1, 2]
        assert application.app.handle().state(Cache) is cache
    assert cache.hits == 2


def test_every_method_returns_the_builder() -> None:
    builder = Builder()
    assert builder.manage(Cache()) is builder
    assert builder.invoke_handler(lambda invoke: False) is builder
    assert builder.setup(lambda app: None) is builder
    assert builder.limits() is builder
    assert builder.web() is builder


def test_one_object_of_a_class_is_managed() -> None:
    with pytest.raises(ConfigError) as caught:
        Builder().manage(Cache()).manage(Cache())
    assert str(caught.value) == "Builder.manage: an object of type Cache is managed already; one per class"


def test_any_callable_may_answer() -> None:
    def handler(invoke: Invoke) -> bool:
        invoke.resolver.resolve(invoke.message.command)
        return invoke.message.command != "none"

    with running(builder=Builder().invoke_handler(handler)) as application:
        assert application.page.invoke("anything") == "anything"


async def _later(*_: Any) -> bool:
    return True


@pytest.mark.parametrize(
    ("handler", "text"),
    [
        (hit, "the invoke handler hit is a command; write generate_handler(hit)"),
        ([], "the invoke handler [] cannot be called; write generate_handler(...)"),
        (_later, "the invoke handler _later is an `async def`, which cannot tell at once whether a call is its own; "),
    ],
)
def test_what_is_no_handler_is_refused(handler: Any, text: str) -> None:
    with pytest.raises(CommandDefinitionError, match=f"^{re.escape(text)}"):
        Builder().invoke_handler(handler)


def test_a_setup_that_nobody_would_await_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        Builder().setup(_later)
    assert str(caught.value) == "Builder.setup: _later is an `async def`; make it a `def` (`app.spawn` starts a task)"


def test_without_a_handler_there_is_no_command() -> None:
    with running() as application, pytest.raises(MockRejection, match="Command scan not found"):
        application.page.invoke("scan")


def test_limits_reach_the_pages() -> None:
    with running(builder=Builder().limits(max_message_bytes=40)) as application:
        application.session.receive(" " * 41)
        [message] = application.page.wait(lambda message: message[0] == 7, 1, SOON)
        assert str(MessageTooLarge(41, 40)) in message[2]
        assert application.runtime.settings.max_message_bytes == 40


def test_run_builds_and_runs() -> None:
    assert Builder().setup(lambda app: app.exit(6)).run(context("main"), "mock") == 6


def test_the_environment_chooses_the_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSOM_RUNTIME", "mock")
    assert Builder().setup(lambda app: app.exit(6)).run(context("main")) == 6
    monkeypatch.setenv("TRANSOM_RUNTIME", "nothing")
    with pytest.raises(RuntimeUnavailable, match="no runtime is called 'nothing'"):
        Builder().run(context("main"))


def test_a_runtime_that_fails_stops_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(app: AppHandle) -> None:
        def broken() -> None:
            raise OSError("display is gone")

        app._app.runtime.post(broken)  # type: ignore[attr-defined]

    app = Builder().setup(fail).build(context("main"), "mock")
    application = Running(app, app._app)
    application.thread.start()
    with pytest.raises(OSError, match="display is gone"):
        application.ended()
    assert app._app.loop.is_closed()


@pytest.mark.parametrize("dist", ["nowhere", "test_app.py", None, "https://example.org", ("test_app.py", "nowhere.js")])
def test_a_front_end_that_is_not_there_is_named(dist: str | tuple[str, ...] | None) -> None:
    made = context("main")
    build = msgspec.structs.replace(made.config.build, frontend_dist=dist)
    made = msgspec.structs.replace(made, config=msgspec.structs.replace(made.config, build=build))
    with pytest.raises(
        ConfigError, match=r"^tauri.conf.json: build.frontendDist is .* does not exist; build the front end"
    ):
        Builder().run(made, "mock")


def test_the_development_server_needs_no_folder_and_counts_in_development_only() -> None:
    made = context("main", development=True)
    build = msgspec.structs.replace(made.config.build, frontend_dist=None, dev_url="http://localhost:5173")
    made = msgspec.structs.replace(made, config=msgspec.structs.replace(made.config, build=build))
    app = Builder().setup(lambda handle: handle.exit(0)).build(made, "mock")
    assert app.run() == 0
    assert app._core._runtime.settings.dev_url == "http://localhost:5173"  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match="does not exist"):
        Builder().run(msgspec.structs.replace(made, development=False), "mock")


def test_the_global_api_is_the_first_of_the_scripts() -> None:
    needs_global_api()
    config = context("main").config
    config = msgspec.structs.replace(config, app=msgspec.structs.replace(config.app, with_global_tauri=True))
    builder = (
        Builder().append_invoke_initialization_script("last").plugin(PluginBuilder("p").js_init_script("own").build())
    )
    app = builder.setup(lambda handle: handle.exit(0)).build(Context(config=config), "mock")
    assert app.run() == 0
    scripts = app._core._runtime.settings.initialization_scripts  # type: ignore[attr-defined]
    assert "__TAURI__" in scripts[0]
    assert scripts[1:] == ("own", "last")


def test_the_global_api_of_an_older_generation_is_for_its_pages() -> None:
    needs_global_api()
    config = context("main", "old").config
    config = msgspec.structs.replace(config, app=msgspec.structs.replace(config.app, with_global_tauri=True))
    for generations, guards in (
        (
            ("old",),
            [
                "if (!(window.__TAURI_METADATA__ || window.rpc || window.__TAURI_INVOKE_HANDLER__))",
                "if (window.__TAURI_METADATA__)",
            ],
        ),
        ((), ["if (window.__TAURI_METADATA__)"]),
    ):
        builder = Builder().client("1.x", *generations).setup(lambda handle: handle.exit(0))
        app = builder.build(Context(config=config), "mock")
        assert app.run() == 0
        settings = app._core._runtime.settings  # type: ignore[attr-defined]
        assert settings.clients.windows == ("main", "old")
        assert [script.partition(" {")[0] for script in settings.initialization_scripts] == guards


def test_the_runtime_learns_what_it_must_know() -> None:
    with running(development=True, builder=Builder().web(port=99, allowed_hosts=["a"])) as application:
        settings = application.runtime.settings
    assert settings.name == "org.example.mock"
    assert settings.assets == Path(__file__).parent
    assert settings.csp == DEFAULT_CSP
    assert settings.asset_scope is None
    assert settings.options["development"] is True
    assert (settings.options["port"], settings.options["allowed_hosts"]) == (99, ("a",))


def test_a_list_of_files_is_the_front_end(tmp_path: Path) -> None:
    config = {"identifier": "org.example.x", "build": {"frontendDist": ["index.html", "js"]}}
    (tmp_path / "tauri.conf.json").write_text(json.dumps(config))
    (tmp_path / "index.html").touch()
    (tmp_path / "js").mkdir()
    found: list[Any] = []

    def setup(handle: AppHandle) -> None:
        found.append(app._core.runtime.settings.assets)  # type: ignore[attr-defined]
        handle.exit(0)

    app = Builder().setup(setup).build(generate_context(tmp_path), "mock")
    assert app.run() == 0
    assert found == [(tmp_path / "index.html", tmp_path / "js")]


CONFIG = '{"identifier": "org.example.x", "build": {"frontendDist": "."}}'


def test_a_context_from_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tauri.conf.json").write_text(CONFIG)
    monkeypatch.delenv("TRANSOM_DEV", raising=False)
    made = generate_context(str(tmp_path))
    assert (made.config.identifier, made.development) == ("org.example.x", False)
    assert generate_context(tmp_path, development=True).development is True
    for value, development in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("TRANSOM_DEV", value)
        assert generate_context(tmp_path).development is development
        assert generate_context(tmp_path, development=False).development is False


def test_a_context_from_the_folder_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tauri.conf.json").write_text(CONFIG)
    calling = {"__file__": str(tmp_path / "app.py"), "generate_context": generate_context}
    exec("made = generate_context()", calling)
    monkeypatch.chdir(tmp_path)
    made = calling["made"]
    assert isinstance(made, Context)
    assert made.config.folder == tmp_path.resolve()
    del calling["__file__"]  # as at a prompt
    exec("made = generate_context()", calling)
    assert calling["made"] == made


def test_a_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        generate_context(tmp_path)


def test_the_number_of_buffers_in_a_call_is_limited() -> None:
    @command
    async def count(parts: list[bytes]) -> int:
        return len(parts)

    spans = [[["parts", index], "ArrayBuffer", 0, index, 1] for index in range(4)]
    with running(count, builder=Builder().limits(max_buffers=3)) as application:
        page = application.page
        assert invoke_buffers(page, 9, "count", '{"parts":[null,null,null]}', spans[:3], b"xyz") == 3
        with pytest.raises(MockRejection) as caught:
            invoke_buffers(page, 10, "count", '{"parts":[null,null,null,null]}', spans, b"wxyz")
        assert "max_buffers" in caught.value.value


@pytest.mark.parametrize(("first", "second"), [("run", "run"), ("run", "asgi"), ("asgi", "run"), ("asgi", "asgi")])
def test_an_application_is_started_once(first: str, second: str) -> None:
    app = Builder().setup(lambda handle: handle.exit(0)).build(context("main"), "mock")
    getattr(app, first)()
    with pytest.raises(AuthorError) as refused:
        getattr(app, second)()
    assert str(refused.value) == (
        f"App.{second}: App.{first} has started this application already, and each runs once; "
        "make another with Builder.build(...)"
    )


def test_a_generation_of_the_client_has_a_known_name() -> None:
    builder = Builder()
    assert builder.client("1.x") is builder
    with pytest.raises(
        ConfigError, match=re.escape("Builder.client: '3.x' is not a generation; they are 2.x, 1.x, 1.0-beta, 0.x")
    ):
        builder.client("3.x")


def test_a_program_runs_the_application_in_steps() -> None:
    seen: list[Any] = []
    app = Builder().setup(lambda app: seen.append(list(app.windows()))).build(context("main"), "mock")
    assert app.run_iteration(lambda _, event: seen.append(type(event).__name__)) is None
    assert seen == [["main"], "Ready"]
    later: list[str] = []
    assert app.run_iteration(lambda _, event: later.append(type(event).__name__)) is None
    app.get_webview_window("main").destroy()  # type: ignore[union-attr]
    codes = [app.run_iteration(lambda _, event: later.append(type(event).__name__)) for _ in range(3)]
    assert codes[-1] == 0
    assert later[-2:] == ["ExitRequested", "Exit"]
    assert seen == [["main"], "Ready"]
    with pytest.raises(WindowError, match="has ended"):
        app.runtime_name()
    with pytest.raises(AuthorError, match=r"App\.run_iteration has started this application already"):
        app.run()


def test_a_runtime_without_steps_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("transom.runtimes._mock.MockRuntime.steps")
    app = Builder().build(context("main"), "mock")
    with pytest.raises(Unsupported, match="its loop cannot be run in steps"):
        app.run_iteration()
    with pytest.raises(RuntimeError, match="has ended"):
        app.emit("late")


def test_a_setup_that_fails_ends_the_steps() -> None:
    def fail(app: AppHandle) -> None:
        raise LookupError("no such thing")

    app = Builder().setup(fail).build(context("main"), "mock")
    with pytest.raises(LookupError, match="no such thing"):
        [app.run_iteration() for _ in range(3)]


def test_the_collector_leaves_out_what_was_there_before_the_application_ran() -> None:
    gc.unfreeze()
    try:
        with running(hit, builder=Builder().manage(Cache())) as application:
            assert application.page.invoke("hit") == 1
            assert gc.get_freeze_count() > 10_000
        assert gc.get_freeze_count() == 0
    finally:
        gc.freeze()  # as tests/conftest.py has it


def test_the_collector_stays_as_the_program_set_it() -> None:
    assert (count := gc.get_freeze_count()) > 0
    with running(hit, builder=Builder().manage(Cache())) as application:
        assert application.page.invoke("hit") == 1
        assert 0 < gc.get_freeze_count() <= count
    assert 0 < gc.get_freeze_count() <= count
