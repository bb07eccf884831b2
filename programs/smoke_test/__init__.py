"""Uses a running server once, as a client does."""
