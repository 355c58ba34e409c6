"""The project's own benchmark: the same work on transom, on its peers and on a floor written in C. See `docs/performance.md`."""
