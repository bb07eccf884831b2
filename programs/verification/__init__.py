"""Verifies that the newest backup can be restored."""
