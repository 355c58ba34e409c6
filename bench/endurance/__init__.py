"""Endurance test: hours of traffic, and a check that memory, files, threads, tasks and objects do not grow."""
