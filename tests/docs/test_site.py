"""The site: every page is in its navigation, links lead somewhere, every public name is in the reference, and the tutorial works.

`make docs` builds it, and fails if Sphinx finds more.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import transom
from tests.docs import error_pages
from tests.docs.tutorial import write_tutorial
from tests.requirements import NODE_MODULES, ROOT, needs_chromium, needs_global_api, needs_node, needs_npm_package
from transom import Builder, errors, generate_handler
from transom.cli._new import new
from transom.explanations import EXPLANATIONS, parts_of
from transom.testing import running
from transom.testing.browser import served

DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|(?:!\[[^\]]*\]\(|<img src=\")([^)\"\s]+)")


def _prose(path: Path) -> str:
    return re.sub(r"<!--.*?-->", "", _FENCE.sub("", path.read_text("utf-8")), flags=re.DOTALL)


def _anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub and the site make of a page's headings."""
    headings = re.findall(r"^#{1,4} (.+)$", _FENCE.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_navigation_once() -> None:
    text = "".join((DOCS / name).read_text("utf-8") for name in ("index.md", "errors.md"))
    listed = [
        line
        for block in re.findall(r"^```\{toctree\}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
        if line and not line.startswith(":")
    ]
    there = [str(path.relative_to(DOCS).with_suffix("")) for path in PAGES]
    assert sorted([*listed, "index"]) == sorted(there), "add a new page to a toctree of docs/index.md"


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES], ids=lambda path: path.stem)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    wrong = []
    for link in filter(None, (first or second for first, second in _LINK.findall(_prose(path)))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            wrong.append(link)
    assert wrong == []


def test_every_public_name_is_in_the_reference_once() -> None:
    text = "".join(path.read_text("utf-8") for path in (DOCS / "reference").glob("*.md"))
    listed = re.findall(r"^\.\. auto(?:class|function|data):: transom\.(\w+)$", text, re.MULTILINE)
    assert sorted([*listed, *errors.__all__]) == sorted({*transom.__all__, *errors.__all__}), "see docs/reference"
    plugins = set(re.findall(r"^\.\. automodule:: transom\.plugins\.(\w+)$", text, re.MULTILINE))
    table = (DOCS / "plugins.md").read_text("utf-8")
    assert {f"## {name.replace('_', '-')}" for name in plugins} <= set(table.splitlines())


def test_the_texts_of_errors_are_those_of_the_program() -> None:
    # Literals that continue on the next line are one text.
    files = [path for path in (ROOT / "src").rglob("*.py") if "explanations" not in path.parts]
    source = "".join(re.sub(r'"\s*\n\s*f?"', "", path.read_text("utf-8")) for path in files)
    source += "".join(path.read_text("utf-8") for path in (ROOT / "src" / "transom" / "wire" / "js").rglob("*.js"))
    plain = source.replace("`", "")
    # Those with an example are said by it; see `tests/test_explanations.py`.
    parts = [part for this in EXPLANATIONS if not this.example for part in parts_of(this.text)]
    assert [part for part in parts if part not in plain] == []


def test_the_pages_about_errors_are_those_of_the_table_in_the_code() -> None:
    written = {file: file.read_text("utf-8") for file in (DOCS / "errors.md", *(DOCS / "errors").glob("*.md"))}
    assert written == dict(error_pages.pages()), "run python -m tests.docs.error_pages"


def _examples(page: str) -> list[dict[str, Any]]:
    names = []
    for code in re.findall(r"^```python\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL):
        names.append({"__name__": "example"})
        exec(compile(code, page, "exec"), names[-1])
    return names


def test_the_first_lines_of_the_readme_run_in_a_new_project(tmp_path: Path) -> None:
    [lines] = re.findall(r"^```py\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len([line for line in lines.splitlines() if line]) == 5
    new(tmp_path / "hello", "single")
    (tmp_path / "hello" / "app.py").write_text(lines, "utf-8")
    with served(tmp_path / "hello" / "app.py") as address:
        assert address.startswith("http://")
    names: dict[str, Any] = {}
    exec(compile(lines.rpartition("\n\n")[0], "README.md", "exec"), names)
    with running(Builder().invoke_handler(generate_handler(names["greet"]))) as application:
        assert application.page.invoke("greet", name="Ada") == "Hello, Ada!"


def test_the_first_example_is_a_command() -> None:
    [first] = _examples("index.md")
    with running(Builder().invoke_handler(generate_handler(first["greet"]))) as application:
        assert application.page.invoke("greet", name="Ada") == "Hello, Ada!"


def test_commands_of_other_systems_answer_as_they_did() -> None:
    of_pytauri, of_pywebview = _examples("migrate.md")
    with running(of_pytauri["builder"]) as application:
        greeted, numbers = application.page.listen("greeted"), application.page.channel()
        assert application.page.invoke("greet", body={"name": "Ada"}) == "Hello, Ada!"
        assert greeted.wait(1)[0] == "Ada"
        application.page.invoke("count", to=3, onNumber=numbers)
        assert numbers.wait(3) == [0, 1, 2]
    with running(of_pywebview["builder"]) as application:
        assert application.page.invoke("add", a=1, b=2) == 3


def test_the_tests_of_the_tutorial_pass(tmp_path: Path) -> None:
    needs_global_api()
    write_tutorial(tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "src")]),
        "PYTEST_ADDOPTS": "",
    }
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1].partition(" in ")[0]) == (0, "2 passed"), done.stdout


_VISIT = """
import { chromium } from 'playwright-core';
const [program, address, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
const page = await browser.newPage();
await page.goto(address);
const status = async (text) => {
  await page.getByLabel('Text').fill(text);
  await page.getByText('Find', { exact: true }).click();
  await page.waitForFunction(() => !['', 'Searching ...'].includes(document.getElementById('status').textContent));
  return page.locator('#status').textContent();
};
await page.getByLabel('Folder').fill(folder);
const found = [await status('needle'), await page.locator('#hits').innerText(), await status(''), await page.evaluate(() => typeof window.__TAURI__.dialog.open)];
console.log(JSON.stringify(found));
await browser.close();
"""


def test_the_page_of_the_tutorial_works(tmp_path: Path) -> None:
    needs_global_api()
    needs_npm_package("playwright-core")
    write_tutorial(tmp_path / "find")
    texts, visit = tmp_path / "texts", tmp_path / "visit" / "visit.mjs"
    texts.mkdir()
    (texts / "a.txt").write_text("hay\na needle\n", "utf-8")
    visit.parent.mkdir()
    (visit.parent / "node_modules").symlink_to(NODE_MODULES, target_is_directory=True)
    visit.write_text(_VISIT, "utf-8")
    with served(tmp_path / "find" / "app.py") as address:
        command = [needs_node(), visit, needs_chromium(), address, texts]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["1 lines", "a.txt:2 a needle", "Write what to look for.", "function"]
