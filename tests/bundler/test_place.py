"""A full disk: nothing is left half made, and what was there before stays."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bundler.project import write_project
from tests.requirements import needs_linux
from transom.bundler import SecretKey, plan_of, sign_file
from transom.bundler._build import _make
from transom.bundler._place import placed
from transom.errors import AuthorError
from transom.project import load_config

needs_linux()


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """Let no file become larger: the same error path as a full disk, for this process alone."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("target", ["tar.gz", "deb", "wheel", "sdist"])
def test_a_bundle_that_does_not_fit_is_named_and_the_one_before_stays(target: str, tmp_path: Path) -> None:
    program = write_project(tmp_path / "project")
    plan = plan_of(load_config(program.parent), program)
    frozen = tmp_path / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "sample-notes").write_bytes(b"\x7fELF")
    made = _make(target, plan, frozen)
    before = made.read_bytes()
    # Random enough that it cannot be compressed.
    noise = SecretKey.generate().text().encode() * 3000
    (frozen / "noise").write_bytes(noise)
    (program.parent / "ui" / "noise.js").write_bytes(noise)
    with full_after(len(noise) // 2 if target == "deb" else 2000), pytest.raises(AuthorError) as caught:
        _make(target, plan, frozen)
    assert f"the {target} cannot be made: " in str(caught.value)
    assert "File too large" in str(caught.value)
    assert made.read_bytes() == before
    assert list(made.parent.iterdir()) == [made]


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "dir" / "app"
    with placed(target) as partial:
        partial.mkdir()
        (partial / "version").write_text("1")
    source = tmp_path / "new"
    source.mkdir()
    (source / "version").write_text("2")
    (source / "large").write_bytes(bytes(10_000))
    with full_after(5_000), pytest.raises(OSError, match="File too large"), placed(target) as partial:
        shutil.copytree(source, partial)
    assert [path.name for path in target.parent.iterdir()] == ["app"]
    assert (target / "version").read_text() == "1"
    with placed(target) as partial:
        shutil.copytree(source, partial)
    assert (target / "version").read_text() == "2"
    assert [path.name for path in target.parent.iterdir()] == ["app"]


def test_a_signature_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    package = tmp_path / "package.deb"
    package.write_bytes(b"!<arch>\n")
    key = SecretKey.generate()
    with (
        full_after(10),
        pytest.raises(AuthorError, match=r"the signature .*package\.deb\.sig cannot be made: .*too large"),
    ):
        sign_file(key, package)
    assert list(tmp_path.iterdir()) == [package]
