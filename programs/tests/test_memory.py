"""server.memory: when a worker uses more than its share of the container, and what it gives back."""

import ctypes
import subprocess
import sys

import pytest

from server import memory
from tests import hoarding

MIB = 1 << 20
RESIDENT = 232 * MIB


@pytest.mark.parametrize(
    ("limit", "workers", "used", "exceeded"),
    [
        (2048, 2, 700, False),
        (2048, 2, 850, True),
        # What two workers share is one's alone once the other has ended: no growth.
        (700, 2, 232, False),
        (700, 2, 400, True),
        # Less than two workers need.
        (300, 2, 232, False),
        (None, 2, 10_000, False),
    ],
)
def test_a_worker_exceeds_its_share(monkeypatch, limit, workers, used, exceeded):
    monkeypatch.setattr(memory, "read_limit", lambda: limit and limit * MIB)
    # It begins with two others, a loader and a worker, with which it shares everything.
    monkeypatch.setattr(memory, "read_used", lambda kind="Pss": RESIDENT if kind == "Rss" else RESIDENT // 3)
    share = memory.Share(workers)
    monkeypatch.setattr(memory, "read_used", lambda: used * MIB)
    assert share.is_exceeded() is exceeded


KEPT = """
from server import memory
from server.memory import read_used
from tests.hoarding import hoard

memory.use_one_arena()
memory.TRIM_SECONDS = 3600.0
freed = memory.FreedMemory()
begin = read_used()
freed.give_back()
stays = hoard()
freed.give_back()
kept = read_used() - begin
freed.next_time = 0.0
freed.give_back()
print(kept >> 20, (read_used() - begin) >> 20)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="not glibc")
def test_what_glibc_keeps_is_given_back_now_and_then():
    done = subprocess.run([sys.executable, "-c", KEPT], check=True, capture_output=True, text=True)
    kept, later = map(int, done.stdout.split())
    assert kept >= hoarding.FREED_MIB
    assert later <= hoarding.BLOCK_MIB + 3
