"""Which logins are right, at a bounded cost for the server.

A password costs 0.14 s of CPU to check, and MLflow checks it for each request, before anything else. Here a right login
is remembered for a while, so that it costs nothing; wrong ones are checked at a bounded rate, so that guessing neither
slows the others down nor gets far; and a user who does not exist is refused at the cost of one who does.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextvars
import enum
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from server.outages import UnavailableError
from server.refusals import Refusal

Login = tuple[str, bytes]
# Whose allowances a login uses: each kind, and who it is of that kind.
Keys = dict[str, str]

# The login of the request at hand, once it was found right.
right_login: contextvars.ContextVar[tuple[str, str] | None] = contextvars.ContextVar("right_login", default=None)


@dataclass
class Client:
    """Who sent a request, and what became of the login in it."""

    address: str
    # The response to a login that could not be checked, which MLflow takes for a wrong one.
    refusal: Refusal | None = None


client_of_request: contextvars.ContextVar[Client | None] = contextvars.ContextVar("client_of_request", default=None)


class Verdict(enum.Enum):
    """What is known of a login."""

    RIGHT = enum.auto()
    WRONG = enum.auto()
    # Not checked: too many wrong ones came before it.
    LATER = enum.auto()


@dataclass(frozen=True)
class Limits:
    """How much is remembered and allowed, by one process of the server."""

    # Seconds that a right login is not checked again: a changed or deleted one goes on for up to that long.
    remembered: float
    # Seconds that a wrong login is not checked again: a client that repeats one must not use up what others may try. A
    # login that becomes right in the meantime is refused for up to that long.
    refused: float = 20.0
    # Wrong logins from one address, or for one user, in a row; then so many a second.
    burst: int = 10
    rate: float = 0.2
    # The same for all together: each takes a thread and 0.14 s of CPU.
    total_burst: int = 4
    total_rate: float = 1.0
    # Logins, users and addresses that are remembered.
    entries: int = 10_000


class Allowances:
    """One for each key, each refilled with time. Only keys that used some take memory."""

    def __init__(self, burst: int, rate: float, entries: int, clock: Callable[[], float]) -> None:
        self.burst, self.rate, self.entries, self.clock = burst, rate, entries, clock
        # When each key will have its whole burst again.
        self.full_at: collections.OrderedDict[Hashable, float] = collections.OrderedDict()

    def is_used_up(self, key: Hashable) -> bool:
        """Whether nothing is left for a key."""
        return self.full_at.get(key, 0) - self.clock() > (self.burst - 1) / self.rate

    def use(self, key: Hashable) -> None:
        """Use one."""
        self.full_at[key] = max(self.full_at.get(key, 0), self.clock()) + 1 / self.rate
        self.full_at.move_to_end(key)
        while len(self.full_at) > self.entries:
            self.full_at.popitem(last=False)

    def give_back(self, key: Hashable) -> None:
        """Undo one use."""
        if key in self.full_at:
            self.full_at[key] -= 1 / self.rate


class Logins:
    """Checks logins with `check`, which is slow, as seldom as possible. Safe for threads."""

    def __init__(
        self,
        check: Callable[[str, str], bool],
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.check = check
        self.limits = limits
        self.clock = clock
        self.key = secrets.token_bytes(32)
        self.lock = threading.Lock()
        # When each right login is to be checked again; as keyed digests, so that no password stays in memory.
        self.right: collections.OrderedDict[Login, float] = collections.OrderedDict()
        self.wrong: collections.OrderedDict[Login, float] = collections.OrderedDict()
        self.checking: dict[Login, concurrent.futures.Future[Verdict]] = {}
        self.allowances = {
            "address": Allowances(limits.burst, limits.rate, limits.entries, clock),
            "user": Allowances(limits.burst, limits.rate, limits.entries, clock),
            "all": Allowances(limits.total_burst, limits.total_rate, 1, clock),
        }
        # One at a time: the requests of others need the CPU too.
        self.turn = threading.Lock()
        # When the database did not answer the last time.
        self.unavailable_at: float | None = None

    def recall(self, username: str, password: str) -> bool:
        """Whether a login was right a moment ago. Costs next to nothing."""
        with self.lock:
            return self.right.get(self._login(username, password), 0) > self.clock()

    def judge(self, username: str, password: str, address: str) -> Verdict:
        """Whether a login is right. One that was right before is checked however many wrong ones there are."""
        login = self._login(username, password)
        keys = {"address": address, "user": username, "all": ""}
        with self.lock:
            checked_until = self.right.get(login)
            if checked_until is not None and checked_until > self.clock():
                return Verdict.RIGHT
            if self.wrong.get(login, 0) > self.clock():
                return Verdict.WRONG
            future = self.checking.get(login)
            if future is None:
                if checked_until is None and self._is_used_up(keys):
                    return Verdict.LATER
                mine = self.checking[login] = concurrent.futures.Future()
        if future is not None:
            return future.result()
        try:
            verdict = self._check_in_turn(login, password, keys, was_right=checked_until is not None)
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(verdict)
        finally:
            with self.lock:
                del self.checking[login]
        return verdict

    def _check_in_turn(self, login: Login, password: str, keys: Keys, *, was_right: bool) -> Verdict:
        began = self.clock()
        with self.turn:
            # One connection that is refused after seconds is enough for all who waited for it.
            if self.unavailable_at is not None and self.unavailable_at >= began:
                raise UnavailableError
            with self.lock:
                # Only now: of many that wait for each other, none may be wrong.
                if not was_right and self._is_used_up(keys):
                    return Verdict.LATER
                for kind, key in keys.items():
                    self.allowances[kind].use(key)
            right: bool | None = None
            try:
                right = self.check(login[0], password)
            except UnavailableError:
                self.unavailable_at = self.clock()
                raise
            finally:
                with self.lock:
                    if right is not None:
                        self._remember(login, right)
                    if right is not False:  # right, or an error that says nothing of the login
                        for kind, key in keys.items():
                            self.allowances[kind].give_back(key)
            return Verdict.RIGHT if right else Verdict.WRONG

    def _is_used_up(self, keys: Keys) -> bool:
        return any(self.allowances[kind].is_used_up(key) for kind, key in keys.items())

    def forget(self, username: str) -> None:
        """Check the logins of a user again, who was created, changed or deleted."""
        with self.lock:
            for known in (self.right, self.wrong):
                for login in [login for login in known if login[0] == username]:
                    del known[login]

    def _remember(self, login: Login, right: bool) -> None:
        self.right.pop(login, None)
        known, seconds = (self.right, self.limits.remembered) if right else (self.wrong, self.limits.refused)
        known[login] = self.clock() + seconds
        known.move_to_end(login)
        while len(known) > self.limits.entries:
            known.popitem(last=False)

    def _login(self, username: str, password: str) -> Login:
        return username, hmac.new(self.key, password.encode(), hashlib.sha256).digest()
