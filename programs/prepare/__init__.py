"""Prepares everything that an MLflow server needs, before it starts. No library for other programs."""
