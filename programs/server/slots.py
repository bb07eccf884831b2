"""The slots of the workers: a table in memory that all processes of the server share."""

from __future__ import annotations

import mmap
import time
from dataclasses import dataclass

# Twice as many as a server may have workers. The supervisor looks at each of them at every turn.
SLOTS = 128
FIELDS = 4
PID, HEARTBEAT, FULL, READY = range(FIELDS)


@dataclass(frozen=True)
class Slot:
    """What is known of one worker: it has the slot from its start to its end."""

    table: memoryview[float]
    index: int

    @property
    def pid(self) -> int:
        """The worker's process id; 0 without a worker."""
        return int(self._read(PID))

    @property
    def last_heartbeat(self) -> float:
        """When the worker last gave a sign of life, by the monotonic clock."""
        return self._read(HEARTBEAT)

    @property
    def is_full(self) -> bool:
        """Whether the worker should be replaced: by its memory, or by the requests that it answered."""
        return bool(self._read(FULL))

    @property
    def is_ready(self) -> bool:
        """Whether the worker has served."""
        return bool(self._read(READY))

    def assign(self, pid: int) -> None:
        """A worker has begun. Both it and its loader say so, at the same time, since either may end at any moment."""
        if self.pid != pid:
            self.renew()
            self._write(PID, pid)

    def heartbeat(self) -> None:
        """The worker serves."""
        self.renew()
        self._write(READY, 1)

    def renew(self) -> None:
        """Count from now on how long the worker stands still."""
        self._write(HEARTBEAT, time.monotonic())

    def mark_full(self) -> None:
        """The worker should be replaced."""
        self._write(FULL, 1)

    def release(self) -> None:
        """The worker has ended: another one may have the slot."""
        for field in (FULL, READY, PID):
            self._write(field, 0)

    def _read(self, field: int) -> float:
        value: float = self.table[FIELDS * self.index + field]
        return value

    def _write(self, field: int, value: float) -> None:
        self.table[FIELDS * self.index + field] = value


def create_slots() -> list[Slot]:
    """For this process and all that it forks."""
    table: memoryview[float] = memoryview(mmap.mmap(-1, 8 * FIELDS * SLOTS)).cast("d")
    return [Slot(table, index) for index in range(SLOTS)]
