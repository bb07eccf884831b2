"""What several programs share. Nothing here imports anything of a single program."""
