"""What time it is: no single clock decides, because one that is wrong would name, order and remove backups wrongly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from backup.store import Store
from common.postgresql import query
from common.process import log

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

# How far clocks may differ, and how far a backup may be ahead of them, before one of them counts as wrong.
TOLERANCE = timedelta(seconds=60)
# How much later than its time a run may begin, by startingDeadlineSeconds of the CronJob.
LATENESS = timedelta(hours=1)


def longest_step(interval: timedelta) -> timedelta:
    """The longest time between two backups that the schedule explains: one run was missed.

    `interval`: the longest time between two runs of the schedule.
    """
    return 2 * interval + LATENESS


@dataclass(frozen=True)
class Clock:
    """The clock that is trusted, by how far it is ahead of that of this pod."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(timezone.utc) + self.ahead

    def is_future(self, time: datetime) -> bool:
        """Whether this time is yet to come."""
        return time > self.now() + TOLERANCE


def read_clocks(connection: Connection, store: Store) -> dict[str, timedelta]:
    """How far the clocks of the database and of the store, if it has one, are ahead of that of this pod."""
    sources: dict[str, Callable[[], datetime | None]] = {
        "this pod": lambda: datetime.now(timezone.utc),
        "the database": lambda: query(connection, "SELECT clock_timestamp()")[0][0],
        "the store": store.clock,
    }
    # Each is compared at once: a store may answer only after many attempts.
    read = ((name, source(), datetime.now(timezone.utc)) for name, source in sources.items())
    return {name: time - own for name, time, own in read if time}


def choose(readings: Mapping[str, datetime], created: Collection[datetime], interval: timedelta) -> str:
    """The name of the clock to trust: the earliest that fits the existing backups, because it removes the fewest.

    `interval`: the longest time between two runs of the schedule. A backup that all clocks are yet to reach was named
    by a wrong one, and says nothing about them.
    """
    latest = max(readings.values()) + TOLERANCE
    reached = sorted(time for time in created if time <= latest)

    def fits(reading: datetime) -> bool:
        before = [time for time in reached if time <= reading + TOLERANCE]
        after = reached[len(before) :]
        # The run after those before a jump, if not after all.
        continues = bool(before and after) and reading - before[-1] <= longest_step(interval) < after[0] - before[-1]
        return continues or not after

    return min((name for name, reading in readings.items() if fits(reading)), key=lambda name: readings[name])


def trusted_clock(ahead: Mapping[str, timedelta], created: Collection[datetime], interval: timedelta) -> Clock:
    """The clock to trust, of those that were read; logs a warning if they differ."""
    if max(ahead.values()) - min(ahead.values()) <= TOLERANCE:
        return Clock()
    now = datetime.now(timezone.utc)
    readings = {name: now + difference for name, difference in ahead.items()}
    name = choose(readings, created, interval)
    times = ", ".join(f"{each} says {time:%Y-%m-%dT%H:%M:%SZ}" for each, time in readings.items())
    log(f"warning: a clock is wrong: {times}; this backup goes by {name} (synchronize the clocks of all nodes)")
    return Clock(ahead[name])
