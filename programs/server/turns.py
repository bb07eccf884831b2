"""Turns of requests: so many run at once, and the others wait in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

Waiting = TypeVar("Waiting")


class Turns(Generic[Waiting]):
    """Turns, of which so many are had at once. Threads may share them."""

    def __init__(self, most: int) -> None:
        self.free = most
        self.waiting: deque[tuple[Waiting, float]] = deque()
        self.lock = threading.Lock()

    def begin(self, request: Waiting, deadline: float) -> bool:
        """Whether a request has a turn at once. If not, it waits until `end` or `late` gives it."""
        with self.lock:
            if self.free > 0:
                self.free -= 1
                return True
            self.waiting.append((request, deadline))
            return False

    def end(self) -> Waiting | None:
        """After a turn: the request whose turn it is now, if one waits."""
        with self.lock:
            if self.waiting:
                return self.waiting.popleft()[0]
            self.free += 1
            return None

    def late(self, now: float) -> list[Waiting]:
        """The requests that have waited until their deadline, and wait no longer."""
        with self.lock:
            late = [request for request, deadline in self.waiting if deadline < now]
            self.waiting = deque(each for each in self.waiting if each[1] >= now)
            return late
