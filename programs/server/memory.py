"""The memory of the server: a worker's share of the container's, and what is given back."""

from __future__ import annotations

import ctypes
import os
import re
import time

from common.process import log

LIMIT = "/sys/fs/cgroup/memory.max"
USED = "/proc/self/smaps_rollup"
CHECK_SECONDS = 10.0
TRIM_SECONDS = 1.0
# See mallopt(3).
M_ARENA_MAX = -8


def read_limit(path: str = LIMIT) -> int | None:
    """The bytes that the container may use, or None without a limit (or without version 2 of control groups)."""
    try:
        with open(path, encoding="ascii") as file:
            text = file.read().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def read_used(path: str = USED, kind: str = "Pss") -> int:
    """The bytes that this process uses, with its part of what several share, or ("Rss") with all of that."""
    try:
        with open(path, encoding="ascii") as file:
            match = re.search(rf"^{kind}:\s+(\d+) kB", file.read(), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) * 1024 if match else 0


def use_one_arena() -> None:
    """Have all threads of this process and its children allocate from one arena, before there are any.

    glibc's `malloc_trim` gives back the free end of the main arena alone. Other C libraries have no such option.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(M_ARENA_MAX, 1)


class FreedMemory:
    """Memory that was freed and that glibc keeps for later blocks: tens of MiB after large artifacts.

    To give back each block when it is freed (M_MMAP_THRESHOLD) would make uploads a quarter slower.
    """

    def __init__(self) -> None:
        self.trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self.next_time = 0.0

    def give_back(self) -> None:
        """Give it back to the system, at most once per second."""
        if self.trim and time.monotonic() >= self.next_time:
            self.trim(0)
            self.next_time = time.monotonic() + TRIM_SECONDS


class Share:
    """What a worker may use. One that grows beyond it is replaced, before the container is killed."""

    def __init__(self, workers: int, limit: int | None = None) -> None:
        limit = limit or read_limit()
        # Room for a loader, which has the size of a worker that begins. A small container is no reason to replace
        # workers without end, and a worker whose siblings have ended has alone what they shared.
        resident = read_used(kind="Rss")
        self.bytes = None if limit is None else max((0.9 * limit - resident) / workers, 1.5 * resident)
        self.next_check = 0.0

    def is_exceeded(self) -> bool:
        """Whether the worker should be replaced. Looks now and then."""
        if self.bytes is None or time.monotonic() < self.next_check:
            return False
        self.next_check = time.monotonic() + CHECK_SECONDS
        used = read_used()
        share = int(self.bytes)
        if used <= share:
            return False
        self.bytes = None  # it is said once
        log(f"worker {os.getpid()} uses {used >> 20} MiB, more than its share of {share >> 20} MiB")
        return True
