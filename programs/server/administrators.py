"""Which users are administrators, who need no permission."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Administrators:
    """Remembers administrators as long as their logins, and no other user. Safe for threads.

    So a request of an administrator needs no query, and what others may do is looked up for each.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self.clock = seconds, clock
        self.lock = threading.Lock()
        # When each administrator is to be looked up again.
        self.known: dict[str, float] = {}
        # A look-up that began before a user was changed may have read what was before.
        self.changes = 0

    def includes(self, username: str, look_up: Callable[[str], bool]) -> bool:
        """Whether a user is an administrator, by a look-up if that is not remembered."""
        with self.lock:
            if self.known.get(username, 0) > self.clock():
                return True
            self.known.pop(username, None)
            changes = self.changes
        found = look_up(username)
        with self.lock:
            if found and changes == self.changes:
                self.known[username] = self.clock() + self.seconds
        return found

    def forget(self, username: str) -> None:
        """Look a user up again, who was changed or deleted."""
        with self.lock:
            self.changes += 1
            self.known.pop(username, None)
