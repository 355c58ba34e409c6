"""Content security policies: read, and extended by what transom itself needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["apply_csp", "parse_csp"]


def parse_csp(policy: str) -> dict[str, list[str]]:
    """Return the directives of a policy, names in lower case, with their sources."""
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        if name and name.lower() not in directives:  # CSP 3, 2.2.1: of two directives of one name the first counts
            directives[name.lower()] = sources
    return directives


def _sources(directives: Mapping[str, list[str]], name: str) -> list[str]:
    return directives.get(name, _fallback(directives, name) or [])


def _fallback(directives: Mapping[str, list[str]], name: str) -> list[str] | None:
    """Return the sources that count for a directive that the policy lacks; `None` when nothing restricts it."""
    if name == "frame-src" and "child-src" in directives:  # CSP 3, 6.8.3
        return directives["child-src"]
    return directives.get("default-src")


def apply_csp(policy: str, nonce: str | None, sources: Mapping[str, Iterable[str]]) -> str:
    """Return the policy with what transom itself needs added.

    A directive that the policy lacks starts as a copy of its `default-src`, `frame-src` as one of its `child-src` if it has one. Where that is missing too, nothing is
    restricted and nothing is added. `'none'` goes when a source comes.

    Args:
        policy: The application's policy.
        nonce: Nonce of the document's `<script>` and `<style>` elements, or `None`.
        sources: Sources to add, by directive.
    """
    directives = parse_csp(policy)
    wanted = {name: list(values) for name, values in sources.items()}
    if nonce is not None:
        elements = [name for name in ("script-src-elem", "style-src-elem") if name in directives]
        for name in ("script-src", "style-src", *elements):
            # A nonce makes browsers ignore 'unsafe-inline', which would break the very code it is there for.
            if not any(source.lower() == "'unsafe-inline'" for source in _sources(directives, name)):
                wanted.setdefault(name, []).append(f"'nonce-{nonce}'")
    for name, values in wanted.items():
        present = directives.get(name, _fallback(directives, name))
        if present is None or not values:
            continue
        kept = [value for value in present if value.lower() != "'none'"]
        directives[name] = list(dict.fromkeys([*kept, *values]))
    return "; ".join(" ".join((name, *values)) for name, values in directives.items())
