from __future__ import annotations

import re
from pathlib import Path

import pytest

from transom.core.isolation import IsolationApplication
from transom.errors import ConfigError


def application(folder: Path, html: str, **files: str) -> IsolationApplication:
    (folder / "index.html").write_text(html, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return IsolationApplication(folder)


def test_a_frame_has_the_scripts_inside_behind_its_own(tmp_path: Path) -> None:
    html = """<!doctype html><!-- <script src="none.js"></script> --><head><script src="/one.js" defer></script>
<script type='module' src=two.js></script><script>three()</script></head>"""
    made = application(tmp_path, html, one="one('</script><!--')", two="two()")
    content, policy = made.document("f")
    text = content.decode()
    [nonce] = re.findall(r"script-src 'nonce-([\w-]+)'", policy)
    assert policy == f"sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}'"
    assert text.startswith('<!doctype html><!-- <script src="none.js"></script> --><head><script nonce="')
    scripts = text[text.index("<head>") :].split("<script")[1:]
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert "__TAURI_ISOLATION_HOOK__" in scripts[0]
    assert [script.partition(">")[2].partition("</script>")[0] for script in scripts[1:]] == [
        r"one('\x3c/script>\x3c!--')",
        "two()",
        "three()",
    ]
    assert " defer" in scripts[1]
    assert "type='module'" in scripts[2]


def test_every_frame_has_a_key_of_its_own_and_every_run_others(tmp_path: Path) -> None:
    made, other = application(tmp_path, ""), application(tmp_path, "")
    frames = {made.new_frame() for _ in range(100)}
    keys = {made.key_of(frame) for frame in frames} | {other.key_of(frame) for frame in frames}
    assert len(frames) == 100
    assert len(keys) == 200
    assert {len(key) for key in keys} == {32}
    assert made.scheme != other.scheme
    assert made.document("a").content != made.document("a").content  # the nonce


def test_a_document_without_scripts_gets_transoms(tmp_path: Path) -> None:
    assert b"<p>x</p><script nonce=" in application(tmp_path, "<p>x</p>").document("f").content


def test_files_are_read_again_for_each_frame(tmp_path: Path) -> None:
    made = application(tmp_path, "<script src=a.js></script>", a="before()")
    (tmp_path / "a.js").write_text("after()")
    assert b">after()</script>" in made.document("f").content


def test_scripts_of_the_network_are_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"loads https://cdn.example/a.js; its frame loads nothing over the network"):
        application(tmp_path, '<script src="https://cdn.example/a.js"></script>')


@pytest.mark.parametrize("path", ["missing.js", "../secret.js", "%2e%2e/secret.js", ".hidden.js"])
def test_only_files_of_the_folder_are_put_in(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.js").write_text("secret()")
    folder = tmp_path / "isolation"
    folder.mkdir()
    (folder / ".hidden.js").write_text("hidden()")
    with pytest.raises(ConfigError, match="the isolation application has no file"):
        application(folder, f"<script src='{path}'></script>")
