"""The benchmark: the same workloads on transom, on its peers and on a floor in C. See `docs/performance.md`."""
