"""What the server container runs first when metrics are on: `python start.py FOLDER COMMAND [ARGUMENT...]`.

Empties FOLDER, then becomes COMMAND. The server's processes keep their metrics in files there, named by process ids.
The volume outlives a container that restarts, and the next server would add to what the one before counted.
"""

from __future__ import annotations

import os
import shutil
import sys


def empty(folder: str) -> None:
    """Remove everything in a folder."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)


def main() -> None:
    """Never returns: the process becomes the command."""
    folder, *command = sys.argv[1:]
    empty(folder)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
