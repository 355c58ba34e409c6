"""A page in Node.js: our script with the mock transport, and one of the programs of `tests/js`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.mock_app import SOON
from tests.requirements import NODE_MODULES, needs_node
from transom.wire import initialization_script


class NodePage:
    """A program that reads a JSON text a line, and answers what it is asked with one.

    Args:
        program: Its name in `tests/js`; its first argument is the path of our script.
        folder: Where the script is written.
        arguments: What comes after that.
    """

    def __init__(self, program: str, folder: Path, *arguments: str) -> None:
        script = folder / "transom.js"
        script.write_text(initialization_script("mock", label="main", key="key", settings={"maxMessageBytes": 1 << 20}))
        command = [needs_node(), NODE_MODULES.parent / program, script, *arguments]
        self._node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, message: Any) -> None:
        assert self._node.stdin is not None
        self._node.stdin.write(json.dumps(message) + "\n")

    def ask(self, message: Any) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self.tell(message)
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def end(self) -> None:
        self._node.communicate(timeout=SOON)
