"""The processes of a container, seen from inside of it, without this one.

Prints one line of JSON: for each its id, its program, when it started (Unix time) and its proportional memory (PSS) in
KiB.
"""

import json
import os
import pathlib
import time

TICKS = os.sysconf("SC_CLK_TCK")


def process(folder, booted):
    # The program's name is in brackets and may contain anything.
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    rollup = (folder / "smaps_rollup").read_text().splitlines()
    return {
        "pid": int(folder.name),
        "program": (folder / "cmdline").read_text().replace("\0", " ").strip()[:80],
        "started": booted + int(fields[19]) / TICKS,
        "pss": next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")),
    }


def main():
    # /proc/stat has it in whole seconds only.
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    folders = [each for each in pathlib.Path("/proc").iterdir() if each.name.isdigit()]
    found = []
    for folder in sorted(folders, key=lambda each: int(each.name)):
        if int(folder.name) == os.getpid():
            continue
        try:
            found.append(process(folder, booted))
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
    print(json.dumps(found))


main()
