"""The commands of dialogs, on windows that answer at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, Running
from tests.plugins.plugin_app import rejection, with_plugins
from transom.plugins import dialog, fs
from transom.plugins.dialog._page import PageDialogs
from transom.runtimes import ChooseFiles, ShowMessage
from transom.runtimes._mock import MockRuntime

Answers = Callable[[Any], None]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the window system was asked for; the answers are in `answers`."""
    seen: list[Any] = []
    perform = MockRuntime.perform

    def performing(runtime: MockRuntime, op: Any) -> Any:
        if not isinstance(op, ShowMessage | ChooseFiles):
            return perform(runtime, op)
        seen.append(op)
        future: Future[Any] = Future()
        if ANSWERS:
            future.set_result(ANSWERS.pop(0))
        WAITING.append(future)
        return future

    monkeypatch.setattr(MockRuntime, "perform", performing)
    ANSWERS.clear()
    WAITING.clear()
    return seen


ANSWERS: list[Any] = []
WAITING: list[Future[Any]] = []


def call(application: Running, name: str, **args: Any) -> Any:
    return application.page.invoke(f"plugin:dialog|{name}", args)


# Arguments of `message`, the labels that are shown, the pressed button -> the result.
MESSAGES = [
    ({}, ("Ok",), 0, "Ok"),
    ({"buttons": "OkCancel"}, ("Ok", "Cancel"), 1, "Cancel"),
    ({"buttons": "YesNo"}, ("Yes", "No"), 0, "Yes"),
    ({"buttons": "YesNoCancel"}, ("Yes", "No", "Cancel"), 2, "Cancel"),
    ({"buttons": {"OkCustom": "Fine"}}, ("Fine",), 0, "Fine"),
    ({"buttons": {"OkCancelCustom": ["A", "B"]}}, ("A", "B"), 1, "B"),
    ({"buttons": {"YesNoCancelCustom": ["A", "B", "C"]}}, ("A", "B", "C"), 2, "C"),
    ({"buttons": "YesNo"}, ("Yes", "No"), None, "Cancel"),
    ({"okButtonLabel": "Old"}, ("Old",), 0, "Old"),
]


@pytest.mark.parametrize(("args", "labels", "pressed", "result"), MESSAGES)
def test_a_message(asked: list[Any], args: Any, labels: tuple[str, ...], pressed: int | None, result: str) -> None:
    with with_plugins(dialog.init()) as application:
        ANSWERS.append(pressed)
        assert call(application, "message", message="m", title="t", kind="error", **args) == result
        assert asked == [ShowMessage("main", "m", "t", "error", labels)]


def test_the_older_questions(asked: list[Any]) -> None:
    with with_plugins(dialog.init()) as application:
        ANSWERS.extend([0, 1, None, 0])
        assert call(application, "ask", message="m") is True
        assert call(application, "ask", message="m", okButtonLabel="J", cancelButtonLabel="N") is False
        assert call(application, "confirm", message="m") is False
        assert call(application, "confirm", message="m", title="t", kind="info") is True
        assert [op.buttons for op in asked] == [("Yes", "No"), ("J", "N"), ("Ok", "Cancel"), ("Ok", "Cancel")]


@pytest.mark.parametrize(
    "buttons", ["Maybe", 5, ["Ok"], {"OkCustom": 1}, {"OkCancelCustom": ["a"]}, {"OkCustom": "a", "x": 1}, {}]
)
def test_buttons_that_are_none_reject(asked: list[Any], buttons: Any) -> None:
    with with_plugins(dialog.init()) as application:
        text = rejection(application.page, "plugin:dialog|message", {"message": "m", "buttons": buttons})
        assert text.startswith("invalid args `buttons` for command `message`")
        assert asked == []


def test_a_dialog_opens_in_front_of_the_calling_window(asked: list[Any]) -> None:
    with with_plugins(dialog.init()) as application:
        ANSWERS.append(0)
        application.open("other").invoke("plugin:dialog|message", {"message": "m"})
        assert [op.label for op in asked] == ["other"]


def test_a_page_that_goes_closes_its_dialog(asked: list[Any]) -> None:
    with with_plugins(dialog.init()) as application:
        application.page.send("plugin:dialog|message", {"message": "m"})
        while not WAITING:
            application.on_loop()
        window = application.app.get_webview_window("main")
        assert window is not None
        window.reload()
        until = time.monotonic() + SOON
        while not WAITING[0].cancelled() and time.monotonic() < until:
            application.on_loop()
        assert WAITING[0].cancelled()


def test_options_of_choosers(asked: list[Any], tmp_path: Path) -> None:
    (tmp_path / "there.txt").touch()
    filters = [{"name": "Texts", "extensions": ["txt", "md"]}]
    with with_plugins(dialog.init()) as application:
        ANSWERS.extend([()] * 6)
        call(application, "open", options={"title": "t", "filters": filters, "multiple": True, "pickerMode": "image"})
        call(application, "open", options={"directory": True, "defaultPath": str(tmp_path)})
        call(application, "open", options={"defaultPath": str(tmp_path / "there.txt"), "canCreateDirectories": False})
        call(application, "save", options={"defaultPath": str(tmp_path / "new.txt")})
        call(application, "save", options={"defaultPath": "name.txt"})
        call(application, "open", options={"defaultPath": "a\0b"})
        assert asked == [
            ChooseFiles("main", "open", "t", True, (("Texts", ("txt", "md")),), None, None, True),
            ChooseFiles("main", "folder", None, False, (), tmp_path, None, True),
            ChooseFiles("main", "open", None, False, (), tmp_path, "there.txt", False),
            ChooseFiles("main", "save", None, False, (), tmp_path, "new.txt", True),
            ChooseFiles("main", "save", None, False, (), None, "name.txt", True),
            ChooseFiles("main", "open", None, False, (), None, None, True),
        ]


def test_what_is_chosen_extends_the_scopes(asked: list[Any], tmp_path: Path) -> None:
    for name in ("a", "b", "d/e/f"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    files = [tmp_path / name for name in ("a", "b", "d/e/f")]
    with with_plugins(dialog.init(), fs.init()) as application:
        scopes = (fs.scope(application.app), application.app.asset_protocol_scope())

        def allowed() -> list[list[bool]]:
            return [[scope.is_allowed(file) for file in files] for scope in scopes]

        ANSWERS.extend([(tmp_path / "a",), (tmp_path / "b",), (tmp_path / "d",), (tmp_path / "d",)])
        assert call(application, "open", options={}) == str(tmp_path / "a")
        assert allowed() == [[True, False, False]] * 2
        assert call(application, "save", options={}) == str(tmp_path / "b")
        assert allowed() == [[True, True, False]] * 2
        assert call(application, "open", options={"directory": True}) == str(tmp_path / "d")
        assert allowed() == [[True, True, False]] * 2
        assert call(application, "open", options={"directory": True, "recursive": True, "multiple": True}) == [
            str(tmp_path / "d")
        ]
        assert allowed() == [[True, True, True]] * 2


def test_python_waits_for_dialogs(asked: list[Any], tmp_path: Path) -> None:
    with with_plugins(dialog.init()) as application:
        app = application.app
        ANSWERS.extend([1, 0, None, 2, (tmp_path / "a",), (), (tmp_path / "s",)])
        assert dialog.message(app, "m", buttons="OkCancel") == "Cancel"
        assert dialog.ask(app, "m") is True
        assert dialog.confirm(app, "m") is False
        assert dialog.message(app, "m", buttons=["x", "y", "z"]) == "z"
        assert dialog.pick(app, directory=True) == [tmp_path / "a"]
        assert dialog.save(app) is None
        assert dialog.save(app, filters=[("Text", ["txt"])]) == tmp_path / "s"


@pytest.mark.parametrize("permission", ["dialog:allow-message", "dialog:allow-ask", "dialog:allow-confirm"])
def test_each_permission_for_a_message_allows_what_newer_clients_call(asked: list[Any], permission: str) -> None:
    with with_plugins(dialog.init(), permissions=[permission]) as application:
        ANSWERS.append(0)
        assert call(application, "message", message="m") == "Ok"
        assert "not allowed by ACL" in rejection(application.page, "plugin:dialog|open", {"options": {}})


def test_an_answer_that_nobody_waits_for_is_ignored() -> None:
    with with_plugins(dialog.init()) as application:
        assert call(application, "answered", id="x", index=0) is None


def test_a_message_that_a_page_draws_ends_with_the_page() -> None:
    with with_plugins(dialog.init()) as application:
        page = application.app.get_webview("main")
        assert page is not None
        table = page.resources_table()

        async def asked() -> list[int | None]:
            dialogs = PageDialogs()
            first = asyncio.ensure_future(dialogs.show(page, "m", None, "info", ["Ok"]))
            second = asyncio.ensure_future(dialogs.show(page, "m", None, "info", ["Ok", "Cancel"]))
            await asyncio.sleep(0)
            [identity, _] = dialogs._waiting
            dialogs.answered(identity, 0)
            found = [await first]
            assert len(table.names()) == 1  # nothing is left of the first
            page.reload()
            return [*found, await asyncio.wait_for(second, SOON)]

        assert asyncio.run(asked()) == [0, None]
