"""The programs of the peers, which run in an environment of their own."""
