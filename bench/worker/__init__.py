"""An application whose pages work for its back end: they request, do and report work with the npm package."""
