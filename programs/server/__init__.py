"""The server of a pod: how it starts, and what is in front of MLflow."""
