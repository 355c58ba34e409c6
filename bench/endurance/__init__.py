"""Endurance: much traffic for long, and whether memory, files, threads, tasks and objects stay what they were."""
