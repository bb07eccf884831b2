"""Memory that threads free and that glibc keeps, below small blocks that stay."""

from __future__ import annotations

import threading

THREADS = 4
MIB = 3 * 4 * THREADS


def hoard() -> list[object]:
    """Have threads allocate and free so many MIB. Returns the blocks that stay, which must be kept as long."""
    done, end = threading.Barrier(THREADS + 1), threading.Event()
    large = bytearray(8 << 20)
    del large  # from now on, glibc keeps blocks of this size

    def use() -> None:
        first = [bytes(1000) * 5 for _ in range(3)]
        large = [bytearray(4 << 20) for _ in range(3)]
        last = bytearray(3000)
        done.wait()
        done.wait()
        del large
        del last
        done.wait()
        end.wait()
        del first

    for _ in range(THREADS):
        threading.Thread(target=use, daemon=True).start()
    done.wait()
    small = [bytearray(2000) for _ in range(100)]
    done.wait()
    done.wait()
    return [small, end]
