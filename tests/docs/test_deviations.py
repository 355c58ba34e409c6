"""Every row of `docs/deviations.md` holds: its text is provoked and compared to the letter, its test is there."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.test_clients import NAMES
from tests.docs import refusals
from tests.docs.outcomes import bundle, environment_for, run_all
from tests.docs.pairs import KINDS, Pair
from tests.mock_app import Running, context, invoke_buffers, running
from tests.repository.tree import ROOT, tables
from transom import Builder, WebviewWindowBuilder
from transom.core import PluginApi, PluginBuilder
from transom.handles import AppHandle, BaseDirectory, PathResolver
from transom.ipc import CallbackFn, CapabilityBuilder, InvokeRequest, RuntimeAuthority
from transom.runtimes._mock import MockPage, MockRejection

RELEASE, DEVELOPMENT, PYTHON, _, BEHAVIOUR = tables((ROOT / "docs" / "deviations.md").read_text("utf-8"))


def text_in(cell: str) -> str:
    """Return what the code in a cell stands for: `\\n` is a line break."""
    code = re.fullmatch(r"(`+) ?(.*?) ?\1", cell)
    assert code is not None, f"{cell!r} is not code from its beginning to its end"
    return code[2].replace("\\n", "\n")


def said(table: list[list[str]]) -> dict[str, str]:
    """Return what transom says by case."""
    rows = table[1:]
    assert len({row[0] for row in rows}) == len(rows)
    return {case: text_in(ours) for case, _, ours, _ in rows}


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize(("table", "calls"), [(RELEASE, refusals.CALLS), (DEVELOPMENT, refusals.DEVELOPMENT)])
def test_every_row_has_a_call_and_every_call_a_row(table: list[list[str]], calls: dict[str, Any]) -> None:
    assert list(said(table)) == list(calls)


@pytest.mark.parametrize("row", [*RELEASE[1:], *DEVELOPMENT[1:], *PYTHON[1:]], ids=lambda row: row[0])
def test_what_is_called_the_same_is_the_same_and_a_hint_comes_after(row: list[str]) -> None:
    _, tauri, ours, why = row
    assert (tauri == ours) is why.startswith("the same")
    if why == "a hint":
        assert text_in(ours).startswith(f"{text_in(tauri)}; ")


# Without a page


@pytest.fixture(scope="module", params=["release", "development"])
def refusing(request: pytest.FixtureRequest) -> Iterator[tuple[Running, dict[str, Any], dict[str, str]]]:
    development = request.param == "development"
    logging.disable(logging.CRITICAL)
    with running(builder=refusals.build(), setup=refusals.allow, development=development) as application:
        yield (
            application,
            refusals.DEVELOPMENT if development else refusals.CALLS,
            said(DEVELOPMENT if development else RELEASE),
        )
    logging.disable(logging.NOTSET)


def call(page: MockPage, command: str, args: Any) -> Any:
    if args is refusals.RAW:
        return invoke_buffers(page, 1000, command, "null", [[[], "Uint8Array", 0, 0, len(args)]], args)
    return page.invoke(command, args)


def test_the_text_is_the_one_of_the_table(refusing: tuple[Running, dict[str, Any], dict[str, str]]) -> None:
    application, calls, texts = refusing
    told = {}
    for case, (command, args) in calls.items():
        with pytest.raises(MockRejection) as rejection:
            call(application.page, command, args)
        told[case] = as_text(rejection.value.value)
    assert told == texts


# In a page


def refusal_page(calls: dict[str, Any]) -> str:
    """Return a script that makes the calls one after the other and logs each with why it rejects."""
    listed = [[case, command, "raw" if args is refusals.RAW else args] for case, (command, args) in calls.items()]
    return f"""
    for (const [name, command, args] of {json.dumps(listed)}) {{
      const value = args === 'raw' ? new Uint8Array({list(refusals.RAW)}) : args;
      const reason = await invoke(command, value).then((result) => ['resolved', result], (error) => error);
      console.log(JSON.stringify([name, typeof reason === 'string' ? reason : JSON.stringify(reason)]));
    }}
    """


@pytest.mark.parametrize("runtime", ["web", "webkitgtk"])
@pytest.mark.parametrize("mode", ["release", "development"])
def test_a_page_of_the_npm_client_is_told_the_same(
    mode: str, runtime: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    development = mode == "development"
    calls = refusals.DEVELOPMENT if development else refusals.CALLS
    texts = said(DEVELOPMENT if development else RELEASE)
    program = Path(refusals.__file__).read_text("utf-8") + "\nbuilder = build()\n"
    expected = {kind: [""] * len(calls) if kind == "page logs" else [] for kind in KINDS}
    pair = Pair("refusals", (), {"main.py": program}, refusal_page(calls), expected)
    environment = {**environment_for(runtime, request), "TRANSOM_DEV": "1" if development else None}
    outcome = run_all(runtime, bundle([pair], tmp_path), environment)["refusals"]
    assert outcome.trouble is None
    assert dict(map(json.loads, outcome.lines["page logs"])) == texts


# In Python


def wrong_key() -> None:
    call = InvokeRequest(cmd="ping", callback=CallbackFn(1), error=CallbackFn(2), invoke_key="another")
    with running(refusals.ping) as application:
        webview = application.app.get_webview("main")
        assert webview is not None
        webview.on_message(call, lambda *answer: None)


def failing_plugin() -> None:
    def setup(app: AppHandle, api: PluginApi) -> None:
        raise OSError("no disk")

    builder = Builder().plugin(PluginBuilder("own").setup(setup).build())
    builder.build(context("main"), "mock").run()


MISSPELT = '{"identifier": "x", "window": ["main"], "permissions": []}'
# Case -> what raises. Add here, and a row to the table.
RAISED: dict[str, Callable[[], object]] = {
    "a custom message system delivers a call with a wrong key": wrong_key,
    "a window label is invalid": lambda: WebviewWindowBuilder(None, "a b"),  # type: ignore[arg-type]
    "a permission identifier is invalid": lambda: CapabilityBuilder("x").permission("ping:"),
    "a field of a capability is misspelled": lambda: RuntimeAuthority().add_capability(MISSPELT),
    "the setup of a plugin fails": failing_plugin,
    "the system has no such folder": lambda: PathResolver(context("main").config).resolve("x", BaseDirectory.RUNTIME),
}


def test_every_row_for_python_has_its_cause_and_the_other_way_round() -> None:
    assert list(said(PYTHON)) == list(RAISED)


@pytest.mark.parametrize("case", RAISED)
def test_what_python_is_told_is_the_text_of_the_table(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the text is compared as a whole
        RAISED[case]()
    notes = getattr(raised.value, "__notes__", [])
    assert "; ".join([str(raised.value), *notes]) == said(PYTHON)[case]


# What behaves otherwise


@pytest.mark.parametrize("row", BEHAVIOUR[1:], ids=[row[0] for row in BEHAVIOUR[1:]])
def test_what_shows_a_behaviour_is_there(row: list[str]) -> None:
    shown = row[-1]
    if shown.startswith("test_"):
        sources = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
        assert any(f"def {shown}(" in source for source in sources), shown
    else:
        assert shown in {name.partition(": ")[2] for name in NAMES}
