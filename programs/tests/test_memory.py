"""server.memory: when a worker uses more than its share of the container."""

import pytest

from server import memory

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
