"""What the server container runs first when metrics are on: `python start.py FOLDER COMMAND [ARGUMENT...]`.

Empties FOLDER, then becomes COMMAND. The server's processes keep their counts in files there, named by process ids. The
volume outlives a container that restarts, and the next server would go on adding up what the one before counted.
"""

import os
import shutil
import sys


def main():
    folder, *command = sys.argv[1:]
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
