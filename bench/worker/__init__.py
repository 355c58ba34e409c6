"""An application whose pages work for its back end: they request, do and report work with the npm package."""

TOKEN = "TRANSOM_BENCH_TOKEN"
"""Names the variable with a program's `Builder.web(token=...)`: a browser is started more than once."""
