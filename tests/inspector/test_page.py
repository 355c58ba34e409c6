"""The inspector's page in a real browser, while another page calls commands; and who may open it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus

from tests.conformance.application import Program
from tests.conformance.raw_page import RawPage, request
from tests.inspector.program import TOKEN
from tests.runtimes.browser import Tab, browser

CALLS = """(async () => {
  const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
  await invoke('greet', { name: 'Ada' });
  await invoke('fail').catch(() => 0);
  await invoke('plugin:window|set_title', { value: 'x' }).catch(() => 0);
  await invoke('count', { onNumber: `__CHANNEL__:${transformCallback(() => 0)}` });
  await invoke('weigh', { data: 'abc', twice: true });
  void invoke('wait_long');
})()"""
ROWS = "[...document.querySelectorAll('#%s tbody tr')]"
TEXT = "document.querySelector('#%s').innerText"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("inspected")
    command = [sys.executable, Path(__file__).parent / "program.py", folder]
    with Program(command, {"XDG_DATA_HOME": str(folder / "data")}) as running:
        running.wait_for_error("inspector: http")
        yield running


@pytest.fixture(scope="module")
def address(program: Program) -> str:
    line = next(line for line in program.errors if "inspector: http" in line)
    return line.rpartition(" ")[2].strip().partition("?")[0]


@pytest.fixture(scope="module")
def tabs(program: Program, address: str) -> Iterator[tuple[Tab, Tab]]:
    with browser() as chromium:
        page, inspector = chromium.tab(), chromium.tab()
        page.goto(program.address())
        assert inspector.goto(f"{address}?token={TOKEN}") == 200
        page.wait("!!window.__TAURI_INTERNALS__")
        page.eval(CALLS)
        inspector.wait(f"{ROWS % 'calls'}.length >= 6")
        yield page, inspector


def _choose(inspector: Tab, command: str) -> str:
    inspector.eval(f"{ROWS % 'calls'}.find((row) => row.innerText.includes({json.dumps(command)})).click()")
    text: str = inspector.eval(TEXT % "detail")
    return text


def _filtered(inspector: Tab, words: str) -> list[str]:
    inspector.eval(
        f"document.querySelector('#filter').value = {json.dumps(words)}, "
        "document.querySelector('#filter').dispatchEvent(new Event('input'))"
    )
    inspector.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[str] = inspector.eval(f"{ROWS % 'calls'}.map((row) => row.cells[2].innerText)")
    return found


def test_calls_are_listed_with_their_state_and_a_waterfall(tabs: tuple[Tab, Tab]) -> None:
    rows = tabs[1].eval(f"{ROWS % 'calls'}.map((row) => [row.cells[2].innerText, row.cells[3].innerText])")
    assert dict(rows) == {
        "wait_long": "running",
        "weigh": "resolved",
        "count": "resolved",
        "plugin:window|set_title": "denied",
        "fail": "rejected",
        "greet": "resolved",
    }
    lefts = tabs[1].eval(f"{ROWS % 'calls'}.map((row) => row.querySelector('.r').getBoundingClientRect().left)")
    assert lefts == sorted(lefts, reverse=True), "the later, the further right; the newest comes first"
    assert tabs[1].do("said") == []


def test_a_call_shows_its_arguments_its_traceback_its_denial_and_its_code(tabs: tuple[Tab, Tab]) -> None:
    inspector = tabs[1]
    assert 'raise ValueError("the shelf is empty")' in _choose(inspector, "fail")
    denied = _choose(inspector, "set_title")
    assert "no capability" in denied
    assert "core:window:allow-set-title" in denied
    greeted = _choose(inspector, "greet")
    assert '"name": "Ada"' in greeted
    assert '"Hello, Ada!"' in greeted
    _choose(inspector, "weigh")
    assert inspector.eval(TEXT % "as-javascript") == 'await invoke("weigh", {\n  "data": "abc",\n  "twice": true\n})'
    assert inspector.eval(TEXT % "as-python") == 'page.invoke("weigh", data="abc", twice=True)'


def test_the_copied_code_does_the_same(tabs: tuple[Tab, Tab]) -> None:
    page, inspector = tabs
    _choose(inspector, "weigh")
    code = inspector.eval(TEXT % "as-javascript")
    assert page.eval(f"(async (invoke) => {code})(window.__TAURI_INTERNALS__.invoke)") == 6


def test_the_filter_finds_by_words_and_by_state(tabs: tuple[Tab, Tab]) -> None:
    inspector = tabs[1]
    assert _filtered(inspector, "is:denied") == ["plugin:window|set_title"]
    assert _filtered(inspector, "is:failed -set_title") == ["fail"]
    assert _filtered(inspector, "hello ada") == ["greet"]
    assert len(_filtered(inspector, "")) >= 6


def test_pause_keeps_what_comes_until_it_ends(tabs: tuple[Tab, Tab]) -> None:
    page, inspector = tabs
    inspector.eval("document.querySelector('#pause').click()")
    page.eval("window.__TAURI_INTERNALS__.invoke('greet', { name: 'Paused' })")
    # The message to a second reader comes after the one to the page that is paused.
    inspector.eval(
        "new Promise((done) => { const { invoke, transformCallback } = window.__TAURI_INTERNALS__; void invoke('follow', "
        "{ onChanges: `__CHANNEL__:${transformCallback((m) => JSON.stringify(m).includes('Paused') && done())}` }); })"
    )
    assert "Paused" not in json.dumps(_filtered(inspector, "Paused"))
    inspector.eval("document.querySelector('#pause').click()")
    inspector.wait(f"{ROWS % 'calls'}.length === 1")
    assert _filtered(inspector, "Paused") == ["greet"]
    _filtered(inspector, "")


def test_a_call_is_replayed(tabs: tuple[Tab, Tab]) -> None:
    inspector = tabs[1]
    _choose(inspector, "weigh")
    inspector.eval("document.querySelector('#detail button').click()")
    inspector.wait(f"{ROWS % 'calls'}.some((row) => row.innerText.includes('weigh (replay)'))")
    _choose(inspector, "set_title")
    inspector.eval("document.querySelector('#detail button').click()")
    inspector.wait(
        f"{ROWS % 'calls'}.some((row) => row.innerText.includes('set_title (replay)') && row.innerText.includes('denied'))"
    )


def test_events_channels_and_the_application_are_shown(tabs: tuple[Tab, Tab]) -> None:
    inspector = tabs[1]
    inspector.eval("document.querySelector('#tab-events').click()")
    inspector.wait(f"{ROWS % 'events'}.some((row) => row.innerText.includes('greeted'))")
    assert '{"name":"Ada"}' in inspector.eval(TEXT % "events")
    inspector.eval("document.querySelector('#tab-channels').click()")
    inspector.wait(f"{ROWS % 'channels'}.some((row) => row.innerText.includes('50'))")
    inspector.eval(f"{ROWS % 'channels'}[0].click()")
    inspector.wait(f"({TEXT % 'messages'}).includes('49')")
    inspector.eval("document.querySelector('#tab-application').click()")
    inspector.wait(f"({TEXT % 'application'}).includes(\"Shelf(books=['Dune'])\")")
    inspector.eval("document.querySelector('#tab-calls').click()")
    assert inspector.do("said") == []


def test_the_export_is_a_file_of_json(tabs: tuple[Tab, Tab]) -> None:
    inspector = tabs[1]
    inspector.eval(
        "window.saved = new Promise((done) => { const make = URL.createObjectURL; "
        "URL.createObjectURL = (blob) => { void blob.text().then(done); return make.call(URL, blob); }; })"
        ", document.querySelector('#export').click()"
    )
    found: Any = json.loads(inspector.eval("window.saved"))
    assert found["overview"]["name"] == "Library"
    assert {call["command"] for call in found["calls"]} >= {"greet", "fail", "weigh"}


# Who may open it


def test_the_page_is_nobodys_without_the_token(address: str) -> None:
    for path in ("", "?token=", "?token=wrong", "main.js", "index.html"):
        answer = request(address + path)
        assert answer.status in (401, 403, 404), path
        assert "Waterfall" not in answer.text


def test_the_applications_own_token_and_page_do_not_open_it(program: Program, tabs: tuple[Tab, Tab]) -> None:
    own = tabs[0].do("url")
    assert urlsplit(own).port is not None
    answer = request(f"{own.partition('?')[0]}?token={TOKEN}")
    assert answer.status in (401, 403), "nor does the inspector's token open the application"
    found = tabs[0].eval(
        "window.__TAURI_INTERNALS__.invoke('follow', {}).then(() => 'followed', (reason) => JSON.stringify(reason))"
    )
    assert "not found" in found


def test_a_strange_host_and_a_strange_origin_are_refused(address: str) -> None:
    token = f"{address}?token={TOKEN}"
    assert request(token, {"Host": "evil.example"}).status in (400, 403, 421)
    page = RawPage(token)
    for changes in ({"origin": "http://evil.example"}, {"host": "evil.example"}, {"cookie": "x=y"}, {"origin": None}):
        with pytest.raises(InvalidStatus) as refused:
            page.socket(**changes)
        assert refused.value.response.status_code in (400, 401, 403, 421), changes


def test_it_listens_on_loopback_only(address: str) -> None:
    port = urlsplit(address).port
    listening = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    assert [line[1] for line in listening if line[3] == "0A" and int(line[1].rpartition(":")[2], 16) == port] == [
        f"0100007F:{port:04X}"
    ]
