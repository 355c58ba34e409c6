"""The page about an error."""

from __future__ import annotations

from ._explanation import Explanation

__all__ = ["page_of"]


def page_of(explanation: Explanation) -> str:
    """Return the page about an error, as Markdown."""
    this = explanation
    parts = [
        f"# `{this.text}`",
        f"**Cause:** {this.why}.",
        this.rule,
        f"**Fix:** {this.fix}.",
    ]
    wrong, right = _example(this.example, this.call), _example(this.mended, this.mended_call or this.call)
    if this.mended_call and not this.mended:
        right = _block("javascript", this.mended_call)
    if wrong:
        parts += ["## An example that fails", wrong]
    if right:
        parts += ["## An example that works", right]
    return "\n\n".join(parts) + "\n"


def _example(code: str, call: str) -> str:
    if not code:
        return ""
    shown = _block("json" if code.startswith("{") else "py", code.rstrip())
    return f"{shown}\n\n{_block('javascript', call)}" if call else shown


def _block(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```"
