"""What a page, a stranger or a machine can get wrong: each has one clear error, and the application goes on."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conformance import commands
from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import RawPage
from tests.requirements import needs_webkitgtk
from transom import generate_context
from transom.errors import ConfigError, RuntimeUnavailable


class Wrong(NamedTuple):
    """One row of a table: what is sent, and what has to come back.

    Attributes:
        message: A command's name and arguments, or a frame as it is.
        error: Parts of the error, in their order.
    """

    message: tuple[str, Any] | str | bytes
    error: tuple[str, ...]


BIG = "9" * 4000


def _chunk(number: int, size: int, data: bytes) -> bytes:
    return struct.pack("<B3xIII", 2, number, size & 0xFFFFFFFF, size >> 32) + data


# A call that can be read is answered.
CALLS = {
    "an unknown command": Wrong(("ecko", {}), ("Command ecko not found", "did you mean `echo`?")),
    "an unknown command like no other": Wrong(("zzzzzz", {}), ("Command zzzzzz not found", "generate_handler")),
    "a missing argument": Wrong(
        ("add", {}), ("invalid args `leftSide` for command `add`", "missing required key leftSide")
    ),
    "a wrong type": Wrong(
        ("add", {"leftSide": []}), ("invalid args `leftSide` for command `add`", "Expected `int`, got `array`")
    ),
    "a wrong type in a model": Wrong(
        ("show_picture", {"picture": {"fileName": "a"}}),
        ("`picture` for command `show_picture`", "missing required field `pixels`"),
    ),
    "a misspelled argument": Wrong(
        ("add", {"leftSid": 1, "rightSide": 2}), ("missing required key leftSide", "the page sent `leftSid`")
    ),
    "arguments that are a list": Wrong(("add", [1]), ("`leftSide`", "must be an object")),
    "arguments that are null": Wrong(("add", None), ("`leftSide`", "got null")),
    "a number out of range": Wrong(("bounded", {"level": 99}), ("`level`", "<= 9")),
    "what is no channel": Wrong(("stream", {"onEvent": "x", "count": 1}), ("`onEvent`", "`__CHANNEL__:ID` format")),
    "a plugin's command with a hyphen": Wrong(("plugin:event|emit-to", {}), ("emit-to not found", "`emit_to`")),
    "a plugin that is none": Wrong(("plugin:fs|read_file", {}), ("plugin fs not found", "plugin:fs|read_file")),
    "a plugin's command that is none": Wrong(("plugin:event|shout", {}), ("Command shout not found", "plugin event")),
    "a wrong event name": Wrong(("plugin:event|emit", {"event": "a b"}), ("Event name must include only", "'a b'")),
    "an event target of no kind": Wrong(
        ("plugin:event|listen", {"event": "a", "target": {"kind": "Nobody"}, "handler": 1}), ("`target`", "Nobody")
    ),
    "an event target without a label": Wrong(
        ("plugin:event|emit_to", {"event": "a", "target": {"kind": "Window"}}), ("`target`", "needs a label")
    ),
    "a resource that nobody holds": Wrong(("plugin:resources|close", {"rid": 5}), ("The resource id 5 is invalid.",)),
}

# A message in which no call can be read is named in the page's console and in the log.
MESSAGES = {
    "a message that is not JSON": Wrong("x{", ("not a list of messages", "JSON is malformed")),
    "a message that is no list": Wrong("{}", ("not a list of messages", "Expected `array`, got `object`")),
    "a message of no kind": Wrong("[[99]]", ("not a list of messages", "99")),
    "a call without a number": Wrong('[[0,"x"]]', ("not a list of messages", "Expected `int`, got `str`")),
    "a call that is nested without end": Wrong(
        f'[[0,5,"echo",{"[" * 100_000}{"]" * 100_000}]]', ("not a list of messages", "recursion")
    ),
    "an empty binary frame": Wrong(b"", ("binary frame of 0 bytes is neither",)),
    "a binary frame of no kind": Wrong(b"\7" * 20, ("binary frame of 20 bytes is neither",)),
    "a binary batch that ends early": Wrong(
        struct.pack("<B3xI", 1, 5) + b"[]", ("binary frame of 10 bytes is neither",)
    ),
    "a pack over the limit": Wrong(
        _chunk(1, 1 << 40, b""), ("1099511627776 bytes is over the limit", "max_message_bytes")
    ),
    "a pack that is longer than announced": Wrong(_chunk(2, 4, b"12345"), ("pack 2 was announced with 4 bytes",)),
    "100 MB of garbage": Wrong("x" * 100_000_000, ("not a list of messages", "JSON is malformed")),
    "100 MB of garbage in binary": Wrong(b"x" * 100_000_000, ("binary frame of 100000000 bytes is neither",)),
}


def _in_order(text: str, parts: tuple[str, ...]) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at) + 1
        if not at:
            return False
    return True


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path / "project")
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RawPage]:
    folder = write_project(tmp_path_factory.mktemp("bad"))
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")
    with Program.application(folder, "web") as application:
        with RawPage(application.address()) as page:
            yield page
        assert application.end() == 143
        assert "Traceback" not in "".join(application.errors)


@pytest.mark.parametrize("wrong", CALLS.values(), ids=CALLS.keys())
def test_a_wrong_call_rejects_with_a_clear_error(page: RawPage, wrong: Wrong) -> None:
    command, args = wrong.message
    resolved, error = page.invoke(str(command), args)
    assert not resolved
    assert _in_order(error, wrong.error), error
    assert page.invoke("echo", {"value": "on"}) == [True, "on"]


@pytest.mark.parametrize("wrong", MESSAGES.values(), ids=MESSAGES.keys())
def test_an_unreadable_message_is_named_and_the_link_goes_on(page: RawPage, wrong: Wrong) -> None:
    page.send(wrong.message)
    while (report := page.next(7))[1] != "error":
        pass
    assert report[2].startswith("transom: ")
    assert _in_order(report[2], wrong.error), report[2]
    assert len(report[2]) < 400
    assert page.invoke("echo", {"value": "on"}) == [True, "on"]


@pytest.mark.parametrize(
    "message",
    [
        f'[[0,{BIG},"echo",{{}}]]',
        f'[[0,-{BIG},"echo",{{}}]]',
        f"[[1,{BIG}],[2,{BIG}],[3,{BIG}],[4,{BIG}]]",
        f'[[0,2,"echo",{{"value":null}},null,[[["value"],"Uint8Array",0,{BIG},{BIG}]]]]',
        f'[[0,2,"echo",{{"value":null}},null,[[[{BIG}],"Uint8Array",{BIG},0,0]]]]',
        f'[[0,1e{BIG},"echo",{{}}]]',
        '[[0,1.5,"echo",{}]]',
    ],
)
def test_numbers_without_end_cost_no_other_call(page: RawPage, message: str) -> None:
    page.send(message)
    assert page.invoke("echo", {"value": 1}) == [True, 1]


def test_cancelling_and_forgetting_what_is_not_there_does_nothing(page: RawPage) -> None:
    page.send("[[1,99],[2,99],[3,0]]")
    assert page.invoke("echo", {"value": "on"}) == [True, "on"]


def test_a_front_end_folder_that_does_not_exist_is_named_with_its_field(tmp_path: Path) -> None:
    folder = write_project(tmp_path, "../missing/dist")
    with pytest.raises(ConfigError) as caught:
        commands.build().run(generate_context(folder), "web")
    assert _in_order(
        str(caught.value),
        ("tauri.conf.json", "build.frontendDist", "missing/dist", "does not exist", "build the front end"),
    )


def test_a_port_in_use_is_named_with_what_to_do(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeUnavailable) as caught:
            commands.build().web(port=port, open_browser=False).run(generate_context(project), "web")
    assert _in_order(
        str(caught.value),
        (f"cannot listen on 127.0.0.1:{port}", "ddress already in use", "Builder.web(host=..., port=...)"),
    )


def test_an_unknown_runtime_is_named_with_those_there_are(project: Path) -> None:
    with pytest.raises(RuntimeUnavailable, match=r"'qt'.*web.*webkitgtk"):
        commands.build().run(generate_context(project), "qt")


def test_a_machine_without_a_display_is_told_what_to_do(project: Path) -> None:
    needs_webkitgtk()
    with Program.application(project, "webkitgtk", {"DISPLAY": None, "WAYLAND_DISPLAY": None}) as application:
        assert application.status() == 1
        said = "".join(application.errors).strip()
    assert _in_order(said, ("transom: the webkitgtk runtime needs a display", "xvfb-run", "TRANSOM_RUNTIME=web"))
    assert "\n" not in said, "a sentence and no traceback"


def test_without_a_display_and_without_a_choice_the_browser_runtime_is_used(project: Path) -> None:
    environment = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "TRANSOM_RUNTIME": None}
    program = "import sys; from tests.conformance import commands as c; sys.exit(c.build().run(c.generate_context(sys.argv[1])))"
    root = str(Path(__file__).resolve().parents[2])
    with Program([sys.executable, "-c", program, project], {**environment, "PYTHONPATH": root}) as application:
        with RawPage(application.address()) as page:
            assert page.invoke("echo", {"value": 1}) == [True, 1]
        assert application.end() == 143
