"""What the plugin says of an update server that it cannot ask."""

from __future__ import annotations

import socket

import pytest

from transom.errors import CommandError
from transom.plugins.updater._fetch import fetch


def test_a_server_that_is_not_there_is_told_without_angle_brackets() -> None:
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(
            CommandError, match=r"the update server cannot be reached: \[Errno \d+\] Connection refused$"
        ):
            fetch(address, "application/json", (), 2000, None)
