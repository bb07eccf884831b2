"""Removes for good what users deleted long enough ago."""
