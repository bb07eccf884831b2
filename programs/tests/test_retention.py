"""backup.retention and backup.manifest: which backups are removed, whatever the clocks say."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from backup.clocks import trusted_clock
from backup.manifest import format_bytes, shrank_suspiciously
from backup.names import ahead_of, created, in_order, new_name
from backup.retention import expired, is_jump
from backup.settings import Retention
from tests.pod_clock import NOW, FakeTime, pod_clock  # noqa: F401 - a fixture for all tests

NAMES = [f"2026010{day}T000000Z-3.18.0" for day in range(1, 6)]
DAY = 86_400


def manifests(*names):
    return {name: {} for name in names}


@pytest.mark.parametrize(
    ("count", "seconds", "removed"),
    [
        (5, None, []),
        (2, None, NAMES[:3]),
        (1, None, NAMES[:4]),
        (5, 2 * DAY, NAMES[:2]),
        (2, 10 * DAY, NAMES[:3]),
        # The newest stays, whatever its age.
        (5, 1, NAMES[:4]),
    ],
)
def test_too_many_and_too_old_backups_are_removed(count, seconds, removed):
    assert expired(manifests(*NAMES), Retention(count, seconds, DAY)) == removed


@pytest.mark.parametrize(("size", "text"), [(0, "0.0 MiB"), (3 * 2**19, "1.5 MiB"), (5 * 2**30, "5.0 GiB")])
def test_sizes_are_readable(size, text):
    assert format_bytes(size) == text


FUTURE = "20270106T000000Z-3.18.0"
PAST = "20250106T000000Z-3.18.0"


@pytest.mark.parametrize(
    ("existing", "count", "seconds", "removed"),
    [
        # Those of the future displace none, and leave when as many are newer.
        ({FUTURE: {}, NAMES[4]: {"ahead": [FUTURE]}, NAMES[3]: {}}, 2, None, []),
        ({NAMES[2]: {}, FUTURE: {}, NAMES[4]: {"ahead": [FUTURE]}}, 2, None, []),
        (
            {NAMES[2]: {}, FUTURE: {}, NAMES[3]: {"ahead": [FUTURE]}, NAMES[4]: {"ahead": [FUTURE]}},
            2,
            None,
            [NAMES[2], FUTURE],
        ),
        ({NAMES[0]: {}, FUTURE: {}, NAMES[4]: {"ahead": [FUTURE]}}, 9, 3 * DAY, []),
        # The way to a clock that was behind, and back, is no time that passed.
        ({NAMES[3]: {}, PAST: {"ahead": [NAMES[3]], "jump": True}, NAMES[4]: {"jump": True}}, 9, DAY // 2, []),
        (
            {NAMES[0]: {}, PAST: {"ahead": [NAMES[0]], "jump": True}, NAMES[1]: {"jump": True}, NAMES[4]: {}},
            9,
            DAY,
            [NAMES[0], PAST, NAMES[1]],
        ),
        ({PAST: {}, NAMES[3]: {"jump": True}, NAMES[4]: {}}, 9, 9 * DAY, []),
        # One of a program from before these keys, and its neighbors, while its time is yet to come.
        ({NAMES[3]: {}, FUTURE: {}, NAMES[4]: {"ahead": [FUTURE], "jump": True}}, 9, DAY // 2, []),
        ({PAST: {}, NAMES[3]: {}, NAMES[4]: {}}, 9, 9 * DAY, [PAST]),
    ],
)
def test_backups_of_wrong_clocks_are_kept_as_long_as_their_neighbors(existing, count, seconds, removed):
    ordered = {name: existing[name] for name in in_order(existing)}
    assert expired(ordered, Retention(count, seconds, DAY)) == removed


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, False),
        (NAMES[3], False),
        # A run that failed is no jump.
        (NAMES[2], False),
        (NAMES[1], True),
        (PAST, True),
        (FUTURE, True),
    ],
)
def test_time_that_the_schedule_does_not_explain_is_a_jump(last, expected):
    assert is_jump(last, NAMES[4], timedelta(days=1)) is expected


@dataclass
class Store:
    """Backups of a simulated cluster, with what nobody knows there: when each was created, and in which order."""

    retention: Retention
    manifests: dict[str, Any] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    times: dict[str, datetime] = field(default_factory=dict)

    def run(self, now, pod, database):
        """One run at a time, with what the clocks of the pod and of the database are ahead; then what is checked."""
        FakeTime.current = now + pod
        ahead = {"this pod": timedelta(0), "the database": database - pod}
        interval = timedelta(seconds=self.retention.interval)
        clock = trusted_clock(ahead, [created(name) for name in self.manifests], interval)
        name = new_name(self.manifests, clock)
        jump = is_jump(next(reversed(self.manifests), None), name, interval)
        self.manifests[name] = {"ahead": ahead_of(name, self.manifests), "jump": jump}
        # The name of one that was removed can come again.
        self.made = [*(each for each in self.made if each != name), name]
        self.times[name] = now
        assert in_order(self.manifests) == [each for each in self.made if each in self.manifests]
        self.manifests = {each: self.manifests[each] for each in in_order(self.manifests)}
        for old in expired(self.manifests, self.retention):
            newer = list(self.manifests)[list(self.manifests).index(old) + 1 :]
            is_old = now - self.times[old] > timedelta(seconds=(self.retention.seconds or 10**9) - 600)
            assert is_old or len(newer) >= self.retention.count, (old, self.made, self.times)
            self.manifests.pop(old)


# In intervals of the schedule: what it explains is no jump.
JUMPS = (-4000, -370, -40, -5, 5, 40, 366, 370, 4000)


@pytest.mark.parametrize("seed", range(200))
def test_no_jump_of_a_clock_removes_a_good_backup_or_stops_backups(seed):
    chance = random.Random(seed)
    interval, count = chance.choice([3600, DAY, 7 * DAY]), chance.randint(1, 12)
    seconds = chance.choice([None, 7 * DAY, 60 * DAY])
    store = Store(Retention(count, seconds, interval))
    now, kind = NOW, chance.choice(["pod", "database", "both"])
    for _ in range(6):
        # The clocks are right for some runs, then wrong for some, then right again.
        wrong = timedelta(seconds=interval * chance.choice(JUMPS) if chance.random() < 0.6 else 0)
        pod = wrong if kind != "database" else timedelta(0)
        database = wrong if kind != "pod" else timedelta(0)
        for _ in range(chance.randint(1, 6)):
            store.run(now, pod, database)
            now += timedelta(seconds=interval + chance.randint(-60, 60))
    for _ in range(count + 1):
        store.run(now, timedelta(0), timedelta(0))
        now += timedelta(seconds=interval)
    # Nothing of it is left: the space is that of the retention again.
    assert len(store.manifests) <= count


def test_the_clock_of_a_whole_cluster_jumps_by_a_year_and_stays_there():
    store = Store(Retention(14, 60 * DAY, DAY))
    right = [NOW + timedelta(days=day) for day in range(5)]
    for now in right:
        store.run(now, timedelta(0), timedelta(0))
    for day in range(5, 9):
        store.run(NOW + timedelta(days=day), timedelta(days=370), timedelta(days=370))
    assert len(store.manifests) == 9
    store.run(NOW + timedelta(days=9), timedelta(0), timedelta(0))
    assert len(store.manifests) == 10
    assert list(store.manifests)[-1].startswith("20260115T")


def manifest(experiments, runs, accepted=False):
    return {"databases": {"tracking": {"rows": {"experiments": experiments, "runs": runs}}}, "accepted": accepted}


@pytest.mark.parametrize(
    ("existing", "is_suspicious"),
    [
        ([manifest(1, 0)], False),
        ([manifest(1, 20), manifest(1, 20)], False),
        ([manifest(1, 20), manifest(1, 10)], False),
        ([manifest(1, 20), manifest(1, 9)], True),
        # Few runs may well be deleted.
        ([manifest(1, 9), manifest(1, 0)], False),
        # The small one is no measure the next time, unless a person accepted it.
        ([manifest(1, 20), manifest(1, 0), manifest(1, 0)], True),
        ([manifest(1, 20), manifest(1, 0, accepted=True), manifest(1, 0)], False),
        ([manifest(1, 20), manifest(1, 0, accepted=True)], False),
        ([manifest(1, 20, accepted=True), manifest(1, 0)], True),
        # A manifest without rows, as of an older program.
        ([manifest(1, 20), {"databases": {"tracking": {}}}], True),
    ],
)
def test_a_backup_of_lost_databases_is_suspicious(existing, is_suspicious):
    assert shrank_suspiciously({str(number): each for number, each in enumerate(existing)}) is is_suspicious


def test_one_missed_run_is_no_jump():
    first, second = "20260101T000000Z-3.18.0", "20260103T001000Z-3.18.0"
    assert not is_jump(first, second, timedelta(seconds=DAY))


def test_ten_thousand_backups_are_compared_in_moments():
    start = datetime(2025, 1, 1, tzinfo=timezone.utc)
    names = [f"{start + timedelta(hours=hour):%Y%m%dT%H%M%SZ}-3.18.0" for hour in range(10_000)]
    retention = Retention(count=9_000, seconds=None, interval=3600)
    # 1500 took 101 seconds by a comparison of each with each.
    assert expired(manifests(*names), retention) == names[:1_000]
