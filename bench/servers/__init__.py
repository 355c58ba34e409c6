"""The benchmark of a server for many users: the same work on transom and on its peers. See `docs/performance.md`."""
