"""Creates Secrets with random values."""
