"""Each explanation of an error is true: its example leads to the error, and the mended one does not."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from transom import Builder, generate_context, generate_handler
from transom.commands._command import options_of
from transom.explanations import EXPLANATIONS, Explanation, explanation_of
from transom.testing import Rejected, TestPage, running

EXAMPLES = [explanation for explanation in EXPLANATIONS if explanation.example]
CALL = re.compile(r"invoke\('([^']+)'(?:, (\{.*\}))?\);")


def said_by_config(text: str, folder: Path) -> str:
    """Start a project with this `tauri.conf.json`; return what it says."""
    (folder / "dist").mkdir(exist_ok=True)
    (folder / "dist" / "index.html").write_text("", "utf-8")
    (folder / "tauri.conf.json").write_text(text, "utf-8")
    try:
        Builder().web(open_browser=False).setup(lambda app: app.exit(0)).run(generate_context(folder), "web")
    except Exception as error:  # noqa: BLE001 - which one is the question
        return str(error)
    return ""


def call(page: TestPage, script: str) -> None:
    """Make the calls of a script, as far as a regular expression understands them."""
    for name, arguments in CALL.findall(script):
        text = re.sub(r"new Channel\(\)", '"channel"', arguments or "{}")
        text = re.sub(r"(\w+): ", r'"\1": ', text).replace("'", '"')
        given: dict[str, Any] = {
            key: page.channel() if value == "channel" else value for key, value in json.loads(text).items()
        }
        page.invoke(name, **given)


def said_by_python(code: str, script: str) -> str:
    """Run an example, and what its page calls; return what it says."""
    module = sys.modules["example"] = ModuleType("example")  # where dataclasses look for the names in annotations
    names: dict[str, Any] = vars(module)
    try:
        exec(compile(code, "example.py", "exec"), names)
        commands = [value for value in names.values() if options_of(value) is not None]
        builder = names.get("builder") or Builder().invoke_handler(generate_handler(*commands))
        if script:
            with running(builder) as app:
                call(app.page, script)
    except Rejected as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - which one is the question
        return str(error)
    return ""


@pytest.mark.filterwarnings("ignore:coroutine 'read' was never awaited:RuntimeWarning")
@pytest.mark.parametrize("explanation", EXAMPLES, ids=lambda explanation: explanation.name)
def test_an_example_leads_to_its_error_and_the_mended_one_does_not(
    explanation: Explanation, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "transom")
    script = explanation.call
    if explanation.name == "channel-full":
        script = "await invoke('count', { onNumber: new Channel() });"

    def said(code: str, script: str) -> tuple[str, str]:
        caplog.clear()
        text = said_by_config(code, tmp_path) if code.startswith("{") else said_by_python(code, script)
        return text, caplog.text

    if explanation.name != "channel-full":  # pages of tests read at once
        wrong, logged = said(explanation.example, script)
        assert explanation.matches(wrong) or explanation.matches(logged), (wrong, logged)
        assert explanation_of(wrong or logged) == explanation
    if explanation.mended or explanation.mended_call:
        right, logged = said(explanation.mended or explanation.example, explanation.mended_call or script)
        assert right == ""
        assert not explanation.matches(logged), logged


def test_names_are_unique_and_every_explanation_is_found_by_its_name_and_its_text() -> None:
    assert len({explanation.name for explanation in EXPLANATIONS}) == len(EXPLANATIONS)
    for explanation in EXPLANATIONS:
        assert explanation_of(explanation.name) == explanation
        assert explanation_of(f"file.json:3: {explanation.text} and more") == explanation
    assert explanation_of("something else") is None
