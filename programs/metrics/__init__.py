"""The metrics of a server pod."""
