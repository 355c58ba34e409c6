"""docs/older-clients.md says which plugins the functions of 1.x need, as `tests/wire/older_v1_calls.json` has them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

from tests.mock_app import running
from tests.requirements import ROOT
from transom import Builder, v0


def test_the_plugins_behind_each_module_are_those_that_its_functions_call() -> None:
    text = (ROOT / "docs" / "older-clients.md").read_text("utf-8")
    told = {
        module: set(re.findall(r"`([\w-]+)`", plugins))
        for module, plugins in re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)
    }
    calls = json.loads((ROOT / "tests" / "wire" / "older_v1_calls.json").read_text("utf-8"))
    called = defaultdict(set)
    for name, report in calls.items():
        called[name.partition(".")[0]] |= {re.split(r"[:|]", command)[1] for command, *_ in report["calls"]}
    assert told == called


def test_the_examples_run() -> None:
    text = (ROOT / "docs" / "older-clients.md").read_text("utf-8")
    choice, handler = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    exec(choice, {"Builder": Builder})
    names: dict[str, Any] = {"__name__": "example"}
    exec(handler, names)
    answered = Builder().invoke_handler(v0.invoke_handler(names["handler"]))
    headers = {"tauri-callback": "0a-1b-2c-3d-4e", "tauri-error": "5a-1b-2c-3d-4e"}
    with running(builder=answered) as application:
        assert application.page.invoke("doSomething", {"count": 4}, headers) == 8
