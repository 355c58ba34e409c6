"""An application whose pages work for its back end: they ask for work, do it with the unmodified npm package, and report."""
