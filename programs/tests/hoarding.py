"""Memory that threads free and that glibc keeps, because a block above it stays."""

from __future__ import annotations

import threading

THREADS = 4
BLOCKS = 3
BLOCK_MIB = 4
FREED_MIB = THREADS * BLOCKS * BLOCK_MIB


def allocate() -> bytearray:
    """A block, larger than any hole between those of a program, so that it is above them."""
    return bytearray(BLOCK_MIB << 20)


def hoard() -> bytearray:
    """Allocate FREED_MIB in threads, and free them. Returns the block that has to stay as long."""
    done = threading.Barrier(THREADS + 1)
    large = bytearray(2 * BLOCK_MIB << 20)
    del large  # from now on, glibc keeps blocks of this size

    def use() -> None:
        blocks = [allocate() for _ in range(BLOCKS)]
        done.wait()
        done.wait()
        del blocks
        done.wait()

    for _ in range(THREADS):
        threading.Thread(target=use, daemon=True).start()
    done.wait()
    stays = allocate()
    done.wait()
    done.wait()
    return stays
