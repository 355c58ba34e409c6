from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.mock_app import context
from transom.config import AppConfig, BuildConfig, Config, WindowConfig
from transom.core import warn_of_missing_documents

BEGIN = """
import sys
from transom import Builder
from tests.mock_app import context
"""
WARNING = "a Builder was made, but its application was never run; end the program with Builder.run(generate_context())"


def _end(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", BEGIN + program], capture_output=True, text=True, check=False, timeout=60
    ).stderr


@pytest.mark.parametrize("program", ["Builder()", "Builder().build(context('main'), 'mock')"])
def test_a_program_that_never_runs_its_application_is_told_at_its_end(program: str) -> None:
    assert _end(program).count(WARNING) == 1


@pytest.mark.parametrize(
    "program",
    [
        "sys.exit(Builder().setup(lambda app: app.exit(0)).run(context('main'), 'mock'))",
        "Builder(); raise OSError('the reason')",
        "Builder().build(context('main')).asgi()",
    ],
)
def test_a_program_that_runs_its_application_or_fails_is_told_nothing(program: str) -> None:
    assert WARNING not in _end(program)


def _config(folder: Path, *windows: WindowConfig) -> Config:
    config = context("main").config
    build = BuildConfig(frontend_dist=".")
    return msgspec.structs.replace(config, folder=folder, build=build, app=AppConfig(windows=windows))


def test_a_window_without_its_document_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    warn_of_missing_documents(
        _config(
            tmp_path,
            WindowConfig(),
            WindowConfig(label="later", create=False),
            WindowConfig(label="elsewhere", url="https://example.org/x"),
        )
    )
    [record] = caplog.records
    assert record.getMessage().startswith("the window 'main' loads index.html, but ")
    (tmp_path / "index.html").touch()
    warn_of_missing_documents(_config(tmp_path, WindowConfig(), WindowConfig(label="route", url="users/7?x=1#y")))
    assert len(caplog.records) == 1
