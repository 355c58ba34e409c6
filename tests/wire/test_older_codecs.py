"""Whatever a page of an older generation sends, it is told one thing; and what it sends and gets is what arrives and was sent."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.acl.core_permissions import core_authority
from tests.requirements import NODE_MODULES, needs_node
from transom.acl import CapabilityBuilder, Origin
from transom.errors import NotAllowed
from transom.wire import OlderClients, initialization_script

GENERATIONS = ("1.x", "1.0-beta", "0.x")
# Names at the top of a message that are not arguments, in some generation.
RESERVED = {"cmd", "callback", "error", "mainThread", "__tauriModule", "__invokeKey", "__TAURI_INVOKE_KEY__"}

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(["__proto__", "constructor", "then", "toString"])  # fmt: skip
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53), 2.0**53)  # above, JavaScript writes other digits
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ARGUMENTS = st.dictionaries(TEXTS.filter(lambda name: name not in RESERVED), VALUES, max_size=4)
# Names that mean something, with values of every kind.
MESSAGES = VALUES | st.dictionaries(
    st.sampled_from([*sorted(RESERVED), "message", "a"]),
    VALUES | st.sampled_from(["tauri", "Event", "Window", "listen", "init", "openDialog", "plugin:store|get", "_1"]),
    max_size=5,
)
OUTCOMES = {"resolved", "rejected", "console"}


class Page:
    """A page of one generation."""

    def __init__(self, process: subprocess.Popen[str], generation: str) -> None:
        self._process = process
        self.generation = generation

    def send(self, message: Any, answer: Any = None, ok: bool = True) -> tuple[list[Any], list[Any]]:
        """Send a message; return the calls of 2.x that became of it, and what the page was told."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"message": message, "answer": answer, "ok": ok}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the page ended"
        result = json.loads(line)
        return result["calls"], result["outcome"]


@pytest.fixture(scope="module", params=GENERATIONS)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    script: Path = tmp_path_factory.mktemp("codec") / "transom.js"
    given_to_page: dict[str, object] = {"maxMessageBytes": 1 << 20, "pathSeparator": "/", "pathDelimiter": ":"}
    clients = OlderClients({"": request.param}, ("main",))
    script.write_text(
        initialization_script("mock", label="main", key="key", settings=given_to_page, clients=clients), "utf-8"
    )
    command = [needs_node(), NODE_MODULES.parent / "older_codec.mjs", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Page(process, request.param)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


@settings(max_examples=150)
@given(arguments=ARGUMENTS, answer=VALUES)
def test_arguments_and_results_arrive_as_they_were_sent(page: Page, arguments: dict[str, Any], answer: Any) -> None:
    calls, outcome = page.send({"cmd": "command", **arguments}, answer)
    assert calls == [["command", arguments]]
    assert outcome == ["resolved", answer]


@settings(max_examples=100)
@given(reason=VALUES)
def test_errors_arrive_as_they_were_sent(page: Page, reason: Any) -> None:
    _, outcome = page.send({"cmd": "command"}, reason, ok=False)
    assert outcome == ["rejected", reason]


@settings(max_examples=300)
@given(message=MESSAGES, answer=VALUES)
def test_any_message_has_an_answer_or_a_line_in_the_console(page: Page, message: Any, answer: Any) -> None:
    _, outcome = page.send(message, answer)
    assert outcome[0] in OUTCOMES, outcome


# What is wrong with a message -> the message, and the generations' words for it: of the answer, or else of the console.
BAD: dict[str, tuple[Any, dict[str, str]]] = {
    "nothing": (None, {"1.x": "invalid ipc message", "1.0-beta": "invalid rpc message", "0.x": "the message has no cmd"}),
    "a text": ("x", {"1.x": "invalid ipc message", "1.0-beta": "invalid rpc message", "0.x": "the message has no cmd"}),
    "a list": ([1], {"1.x": "invalid ipc message", "1.0-beta": "invalid rpc message", "0.x": "the message has no cmd"}),
    "no command": ({}, {"1.x": "cmd must be a text", "1.0-beta": "invalid rpc message", "0.x": "the message has no cmd"}),
    "a command that is no text": ({"cmd": 7}, {"1.x": "cmd must be a text", "1.0-beta": "invalid rpc message", "0.x": "the message has no cmd"}),
    "a callback that is none": ({"cmd": "c", "callback": []}, {"1.x": "invalid ipc message", "1.0-beta": "invalid rpc message", "0.x": "Couldn't find callback id "}),
    "a callback of nobody": ({"cmd": "c", "callback": "alert"}, {"1.x": "invalid ipc message", "1.0-beta": "Couldn't find callback id alert", "0.x": "Couldn't find callback id alert"}),
    "an error that is no callback": ({"cmd": "c", "error": "alert"}, {"1.x": "invalid ipc message", "1.0-beta": "null", "0.x": "null"}),
    "a module that is none": ({"cmd": "tauri", "__tauriModule": "X", "message": {}}, {"1.x": "unknown variant `X`, expected one of `Event`", "1.0-beta": "unknown variant `X`", "0.x": "null"}),
    "a module without a message": ({"cmd": "tauri", "__tauriModule": "Event"}, {"1.x": "unknown variant `undefined`, expected one of `listen`", "1.0-beta": "unknown variant `undefined`", "0.x": "null"}),
    "a message of no module": ({"cmd": "tauri", "__tauriModule": "Event", "message": {"cmd": "x"}}, {"1.x": "unknown variant `x`, expected one of `listen`", "1.0-beta": "unknown variant `x`", "0.x": "null"}),
    "a window's type that is none": ({"cmd": "tauri", "__tauriModule": "Window", "message": {"cmd": "manage", "data": {"cmd": {"type": "toString"}}}}, {"1.x": "unknown variant `toString`, expected one of `scaleFactor`", "1.0-beta": "unknown variant `toString`", "0.x": "null"}),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_wrong_message_is_told_in_the_words_of_its_generation(page: Page, what: str) -> None:
    message, words = BAD[what]
    _, outcome = page.send(message)
    wanted = words[page.generation]
    text = "null" if outcome[1] is None else str(outcome[1])
    assert wanted in text, outcome


@pytest.mark.parametrize("development", [True, False])
@pytest.mark.parametrize("command", ["own", "plugin:window|close", "plugin:nowhere|go", "unknown"])
def test_a_page_of_another_site_is_refused_with_the_sentence_of_1x(page: Page, command: str, development: bool) -> None:
    authority = core_authority(development=development)
    authority.add_capability(CapabilityBuilder("here").window("*").permission("allow-own").permission("deny-own-too"))
    texts = {}
    for name, origin, called in (
        ("remote", Origin.remote("https://example.org"), command),
        ("denied", Origin.local(), "own_too"),
    ):
        with pytest.raises(NotAllowed) as refused:
            authority.authorize(called, "main", "main", origin)
        _, (kind, texts[name]) = page.send({"cmd": called}, str(refused.value), ok=False)
        assert kind == "rejected"
        assert texts[name].endswith(str(refused.value)[1:])
    sentence = "Scope not defined for window `main` and URL `https://example.org/page`. See https://tauri.app/v1/"
    known = development and command == "plugin:nowhere|go"  # it says which plugin is missing
    assert texts["remote"].startswith(sentence) is (page.generation == "1.x" and not known)
    assert not texts["denied"].startswith("Scope")


# The command of a message of 1.x -> what it becomes: the order in which 1.x looks.
ROUTES_V1: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "a module comes before the command's name": (
        {"cmd": "own", "__tauriModule": "App", "message": {"cmd": "getAppName"}},
        [["plugin:app|name", {}]],
    ),
    "a plugin's command goes to the plugin": ({"cmd": "plugin:mine|do", "a": 1}, [["plugin:mine|do", {"a": 1}]]),
    "anything else is the application's": ({"cmd": "getAppName", "a": 1}, [["getAppName", {"a": 1}]]),
    "the key in the message is no argument": ({"cmd": "c", "__TAURI_INVOKE_KEY__": 5}, [["c", {}]]),
}
# The same for 0.x: Tauri's own commands come first.
ROUTES_V0: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "a command of Tauri's own comes first": (
        {"cmd": "setTitle", "title": "x"},
        [["plugin:window|set_title", {"label": "", "value": "x"}]],
    ),
    "the startup message reaches nobody": ({"cmd": "__initialized"}, []),
    "the startup message of 0.8 reaches nobody": ({"cmd": "init"}, []),
    "anything else is the application's": ({"cmd": "own", "a": 1}, [["own", {"a": 1}]]),
    "a module of 1.x is none": ({"cmd": "own", "__tauriModule": "App"}, [["own", {"__tauriModule": "App"}]]),
}
ROUTES = {"1.x": ROUTES_V1, "0.x": ROUTES_V0, "1.0-beta": {"the names of the callbacks are no arguments": ({"cmd": "c", "a": 1, "mainThread": True, "__invokeKey": 1}, [["c", {"a": 1}]])}}  # fmt: skip


def test_a_message_goes_where_its_generation_sends_it(page: Page) -> None:
    found = {what: page.send(message)[0] for what, (message, _) in ROUTES[page.generation].items()}
    assert found == {what: calls for what, (_, calls) in ROUTES[page.generation].items()}
