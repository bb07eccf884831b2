"""Backs up the databases, and the artifacts when they are part of it. The restore reads what it writes."""
