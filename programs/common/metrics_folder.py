"""The folder in which the processes of a server keep their metrics, as prometheus_client's multiprocess mode does.

Each process has a file for each kind of metric, named by its id. The files of one that ended are merged into files of
the kind's own, so that what it counted stays, and a server whose processes are replaced for ever fills no volume.
A reader and the merge exclude each other: in between, what was counted would be there twice or not at all.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import shutil
import sys
import time
from collections.abc import Iterator

LOCK = "lock"
PROCESSES = "processes"
# In place of a process id.
ENDED = "ended"
# Kinds whose values add up. A gauge says what is, which ends with its process.
SUMS = ("counter", "histogram", "summary")


def prepare(folder: str) -> None:
    """Empty the folder: the volume outlives a container that restarts, and would add its counts to the next one's."""
    os.makedirs(folder, exist_ok=True)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
    with open(os.path.join(folder, LOCK), "wb"):
        pass


@contextlib.contextmanager
def locked(folder: str, *, exclusive: bool, patience: float = 5) -> Iterator[bool]:
    """Whether the lock was obtained. It is not if the folder has none yet, or somebody holds it for too long."""
    try:
        descriptor = os.open(os.path.join(folder, LOCK), os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _lock(descriptor, exclusive, time.monotonic() + patience)
    finally:
        os.close(descriptor)  # with the lock


def _lock(descriptor: int, exclusive: bool, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)


def files(folder: str) -> list[str]:
    """The files of all processes."""
    return glob.glob(os.path.join(glob.escape(folder), "*.db"))


def used(path: str) -> int:
    """The bytes of a file that have values. It is larger, so that it need not grow often."""
    with open(path, "rb") as file:
        return int.from_bytes(file.read(4), sys.byteorder)


def note_processes(folder: str, count: int) -> None:
    """Say how many processes have run."""
    path = os.path.join(folder, PROCESSES)
    with open(f"{path}.new", "w", encoding="ascii") as file:
        file.write(str(count))
    os.replace(f"{path}.new", path)


def read_processes(folder: str) -> int:
    """How many processes have run; more than the server has workers: some were replaced."""
    try:
        with open(os.path.join(folder, PROCESSES), encoding="ascii") as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


def merge_ended(folder: str, pid: int) -> None:
    """Merge the files of a process that ended into those of all that did."""
    with locked(folder, exclusive=True) as mine:
        if not mine:
            return  # its files stay, and are read all the same
        for kind in SUMS:
            path = os.path.join(folder, f"{kind}_{pid}.db")
            if os.path.exists(path):
                _merge(path, os.path.join(folder, f"{kind}_{ENDED}.db"))
        for path in glob.glob(os.path.join(glob.escape(folder), f"gauge_*_{pid}.db")):
            os.unlink(path)


def _merge(path: str, target: str) -> None:
    from prometheus_client.mmap_dict import MmapedDict

    new = f"{target}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(new)
    values: dict[str, float] = {}
    for source in (target, path):
        if os.path.exists(source):
            for key, value, *_ in MmapedDict.read_all_values_from_file(source):
                values[key] = values.get(key, 0) + value
    merged = MmapedDict(new)
    for key, value in values.items():
        merged.write_value(key, value, 0)
    merged.close()
    os.unlink(path)
    os.replace(new, target)
