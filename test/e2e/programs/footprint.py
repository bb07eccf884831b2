"""What the processes of a container hold, seen from inside of it: one line of JSON, in bytes.

`memory`: the proportional memory (PSS) of all but this one. `temporary`: files below /tmp, those included that have
no name any more and that a process holds open.
"""

import contextlib
import json
import os
import pathlib


def memory(folder):
    rollup = (folder / "smaps_rollup").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in rollup if line.startswith("Pss:"))


def open_files(folder):
    for descriptor in (folder / "fd").iterdir():
        with contextlib.suppress(OSError):
            if os.readlink(descriptor).startswith("/tmp"):
                yield descriptor.stat()


def named_files():
    for folder, _, names in os.walk("/tmp"):
        for name in names:
            with contextlib.suppress(OSError):
                yield os.lstat(os.path.join(folder, name))


def main():
    held, files = 0, list(named_files())
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            # It may end meanwhile.
            with contextlib.suppress(OSError, StopIteration):
                held += memory(folder)
                files.extend(open_files(folder))
    sizes = {(each.st_dev, each.st_ino): 512 * each.st_blocks for each in files}
    print(json.dumps({"memory": held, "temporary": sum(sizes.values())}))


main()
