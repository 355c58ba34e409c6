from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transom.project._toml_lines import toml_lines

TEXT = '''# a comment
identifier = "main"
permissions = [
  "core:default",  # a comment
  { identifier = "fs:scope", allow = [{ path = "$HOME" }] },
]
text = """
not = "a key"
"""
a.b = 1

[remote]
urls = ["https://example.org"]

[[permission]]
identifier = "one"
[[permission]]
"identifier" = "two"
[permission.commands]
allow = [
]
deny = ["x"]
'''


def test_tables_keys_and_items_have_the_lines_on_which_they_begin() -> None:
    assert dict(toml_lines(TEXT)) == {
        (): 1,
        ("identifier",): 2,
        ("permissions",): 3,
        ("permissions", 0): 4,
        ("permissions", 1): 5,
        ("text",): 7,
        ("a", "b"): 10,
        ("remote",): 12,
        ("remote", "urls"): 13,
        ("permission", 0): 15,
        ("permission", 0, "identifier"): 16,
        ("permission", 1): 17,
        ("permission", 1, "identifier"): 18,
        ("permission", 1, "commands"): 19,
        ("permission", 1, "commands", "allow"): 20,
        ("permission", 1, "commands", "deny"): 22,
    }


@given(st.text(alphabet="[]=\"'#a.\n{}, "))
def test_any_text_has_lines(text: str) -> None:
    assert max(toml_lines(text).values()) <= max(1, len(text.splitlines()))
