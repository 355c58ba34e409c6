from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pairs import KINDS, read_pairs, write_pair

PYTHON = "```python\nfirst = 1\n```\n"
PAGE = "```javascript\none();\n```\n"
EXPECTED = "<!-- expect\npage logs: a: b\n-->\n"


def read(folder: Path, text: str) -> list[str]:
    (folder / "doc.md").write_text(text, "utf-8")
    return [pair.title for pair in read_pairs(folder / "doc.md")]


def test_a_section_is_a_pair_with_all_its_parts_in_order(tmp_path: Path) -> None:
    text = (
        "# Title\n\n## Chapter\n\nProse.\n\n### First pair\n\n```rust\nfn main() {}\n```\n"
        "<!-- page\nlast();\n-->\n"
        f"{PAGE}<!-- python\nhidden = 0\n-->\n{PYTHON}```python\n# other.py\nx = 2\n```\n"
        "<!-- file a/data.txt\nline\n-->\n"
        "<!-- expect\npage logs: a: b\npython prints: c\npage logs: d\n-->\n\n## Next chapter\n\n| table |\n"
    )
    (tmp_path / "doc.md").write_text(text, "utf-8")
    [pair] = read_pairs(tmp_path / "doc.md")
    assert (pair.title, pair.slug) == ("First pair", "first-pair")
    assert pair.rust == ("fn main() {}\n",)
    assert pair.page == "one();\n\nlast();\n"
    assert pair.files == {
        "main.py": "hidden = 0\n\n\nfirst = 1\n",
        "other.py": "# other.py\nx = 2\n",
        "a/data.txt": "line\n",
    }
    assert pair.expected == {**{kind: [] for kind in KINDS}, "page logs": ["a: b", "d"], "python prints": ["c"]}
    write_pair(pair, tmp_path / "project")
    assert (tmp_path / "project" / "a" / "data.txt").read_text("utf-8") == "line\n"
    assert (tmp_path / "project" / "page.ts").read_text("utf-8") == pair.page


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (PYTHON, "code outside of a section"),
        (f"### A\n{PYTHON}{PAGE}", "A: the section has no expectation"),
        (f"### A\n{PYTHON}{EXPECTED}", "A: the section has no half of Tauri's"),
        (f"### A\n```rust\nx\n```\n{PYTHON}{EXPECTED}", "A: the section has no page script"),
        (f"### A\n{PAGE}{EXPECTED}", "A: the section has no Python"),
        (f"### A\n{PYTHON}{PAGE}<!-- expect\n-->\n", "A: the section has no expectation"),
        (f"### A\n{PYTHON}{PAGE}<!-- expect\npage log: x\n-->\n", "'page log: x' is no expectation"),
        (f"### A\n{PYTHON}{PAGE}{EXPECTED}<!-- expected\nx\n-->\n", "'expected' is none of the parts"),
        (f"### A\n{PYTHON}{PAGE}{EXPECTED}<!-- a note -->\n", "'<!--' is none of the parts"),
        (f"### A\n{PYTHON}{PAGE}{EXPECTED}```ruby\nx\n```\n", "'ruby' is none of the parts"),
        (f"### A\n{PYTHON}{PAGE}{EXPECTED}```python title\nx\n```\n", "'```' is none of the parts"),
        (f"### A b\n{PYTHON}{PAGE}{EXPECTED}### A: b\n{PYTHON}{PAGE}{EXPECTED}", "two sections are called 'a-b'"),
    ],
)
def test_what_could_not_be_tested_is_an_error_of_the_document(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="^(?s:.*)$") as error:
        read(tmp_path, text)
    assert problem in str(error.value)
