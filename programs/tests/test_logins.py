"""server.logins: what is checked, remembered and refused."""

import threading
import time

import pytest

from server.logins import Limits, Logins, Verdict
from server.outages import UnavailableError

PASSWORDS = {"admin": "right"}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Checks:
    """Counts what is checked."""

    def __init__(self):
        self.count = 0

    def __call__(self, username, password):
        self.count += 1
        return PASSWORDS.get(username) == password


LIMITS = Limits(remembered=60, burst=3, rate=0.1, total_burst=5, total_rate=0.5, entries=4)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def checks():
    return Checks()


@pytest.fixture
def logins(checks, clock):
    return Logins(checks, LIMITS, clock)


def test_a_right_login_is_checked_once_for_its_time(logins, checks, clock):
    for _ in range(5):
        assert logins.judge("admin", "right", "a") is Verdict.RIGHT
    assert checks.count == 1
    assert logins.recall("admin", "right")
    clock.now += 61
    assert not logins.recall("admin", "right")
    assert logins.judge("admin", "right", "a") is Verdict.RIGHT
    assert checks.count == 2


def test_a_forgotten_login_is_checked_again(logins):
    logins.judge("admin", "right", "a")
    logins.forget("other")
    assert logins.recall("admin", "right")
    logins.forget("admin")
    assert not logins.recall("admin", "right")


def test_no_password_stays_in_memory(logins):
    logins.judge("admin", "right", "a")
    assert "right" not in repr(logins.right)


@pytest.mark.parametrize("username", ["admin", "nobody"])
def test_wrong_logins_are_refused_unchecked_after_a_few(logins, checks, clock, username):
    verdicts = [logins.judge(username, f"wrong {number}", "a") for number in range(6)]
    assert verdicts == [Verdict.WRONG] * 3 + [Verdict.LATER] * 3
    assert checks.count == 3
    clock.now += 10  # one more
    assert logins.judge(username, "wrong", "a") is Verdict.WRONG
    assert logins.judge(username, "wrong again", "a") is Verdict.LATER


def test_a_wrong_login_that_is_repeated_costs_no_other_a_try(logins, checks, clock):
    for _ in range(50):
        assert logins.judge("admin", "stale", "a") is Verdict.WRONG
    assert checks.count == 1
    assert logins.judge("admin", "right", "b") is Verdict.RIGHT
    clock.now += LIMITS.refused + 1
    assert logins.judge("admin", "stale", "a") is Verdict.WRONG
    assert checks.count == 3


def test_a_login_that_becomes_right_is_known_with_the_change(logins, monkeypatch):
    assert logins.judge("admin", "new", "a") is Verdict.WRONG
    monkeypatch.setitem(PASSWORDS, "admin", "new")
    assert logins.judge("admin", "new", "a") is Verdict.WRONG
    logins.forget("admin")
    assert logins.judge("admin", "new", "a") is Verdict.RIGHT


def test_an_address_and_a_user_are_counted_by_themselves(logins):
    for number in range(3):
        assert logins.judge(f"user{number}", "wrong", "a") is Verdict.WRONG
    assert logins.judge("user9", "wrong", "a") is Verdict.LATER  # the address
    assert logins.judge("user9", "wrong", "b") is Verdict.WRONG


def test_all_together_are_bounded(logins, checks):
    verdicts = [logins.judge(f"user{number}", "wrong", f"address{number}") for number in range(9)]
    assert verdicts.count(Verdict.WRONG) == checks.count == 5


def test_a_login_that_was_right_is_checked_whatever_others_do(logins, clock):
    logins.judge("admin", "right", "a")
    clock.now += 61
    for number in range(9):
        logins.judge("admin", f"wrong {number}", "a")
    assert logins.judge("admin", "new", "a") is Verdict.LATER
    assert logins.judge("admin", "right", "a") is Verdict.RIGHT


def test_right_logins_use_no_allowance(logins):
    for _ in range(20):
        assert logins.judge("admin", "right", "a") is Verdict.RIGHT
        logins.forget("admin")
    assert [logins.judge("admin", f"wrong {number}", "a") for number in range(3)] == [Verdict.WRONG] * 3


def test_an_error_of_the_database_says_nothing_of_a_login(clock):
    def fail(*_):
        raise ConnectionError

    logins = Logins(fail, LIMITS, clock)
    for _ in range(9):
        with pytest.raises(ConnectionError):
            logins.judge("admin", "right", "a")
    assert not logins.checking


def test_what_is_remembered_is_bounded(clock):
    logins = Logins(lambda *_: True, LIMITS, clock)
    for number in range(100):
        logins.judge(f"user{number}", "any", f"address{number}")
    assert len(logins.right) == LIMITS.entries
    assert all(len(each.full_at) <= LIMITS.entries for each in logins.allowances.values())


def test_many_at_once_cost_one_check(clock):
    entered, release = threading.Event(), threading.Event()
    count = []

    def check(*_):
        count.append(1)
        entered.set()
        assert release.wait(10)
        return True

    logins = Logins(check, LIMITS, clock)
    verdicts = []
    threads = [threading.Thread(target=lambda: verdicts.append(logins.judge("admin", "right", "a"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    assert entered.wait(10)
    release.set()
    for thread in threads:
        thread.join(10)
    assert verdicts == [Verdict.RIGHT] * 20
    assert len(count) == 1


def test_wrong_ones_at_once_are_no_way_around_the_limit(clock):
    release = threading.Event()
    count = []

    def check(*_):
        count.append(1)
        release.wait(10)
        return False

    logins = Logins(check, LIMITS, clock)
    threads = [threading.Thread(target=logins.judge, args=("admin", f"wrong {number}", "a")) for number in range(20)]
    for thread in threads:
        thread.start()
    release.set()
    for thread in threads:
        thread.join(10)
    assert len(count) == LIMITS.burst


def test_right_ones_at_once_of_many_users_are_no_guesses():
    def check(*_):
        time.sleep(0.02)
        return True

    logins = Logins(check, Limits(remembered=60))
    verdicts = []

    def judge(number):
        verdicts.append(logins.judge(f"user{number}", "right", "10.0.0.1"))

    threads = [threading.Thread(target=judge, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert verdicts == [Verdict.RIGHT] * 30


class Database:
    """Right logins of any number of users, and outages."""

    def __init__(self, seconds=0.0):
        self.is_away, self.asked, self.seconds = False, 0, seconds

    def check(self, _, password):
        self.asked += 1
        if self.is_away:
            time.sleep(self.seconds)
            raise UnavailableError
        return password == "right"


def test_after_an_outage_no_right_login_is_taken_for_a_guess():
    now, database = [0.0], Database()
    logins = Logins(database.check, Limits(remembered=60), lambda: now[0])
    names = [f"user{number}" for number in range(20)]
    for name in names:
        now[0] += 10
        assert logins.judge(name, "right", "10.0.0.1") is Verdict.RIGHT
    for database.is_away in (True, True, False):
        now[0] += 100
        for name in names:
            try:
                assert logins.judge(name, "right", "10.0.0.1") is Verdict.RIGHT
            except UnavailableError:
                assert database.is_away


def test_logins_that_wait_fail_with_the_outage_that_was_seen():
    database = Database(seconds=0.2)
    database.is_away = True
    logins = Logins(database.check, Limits(remembered=60, burst=100, total_burst=100))

    def fail(number):
        with pytest.raises(UnavailableError):
            logins.judge(f"user{number}", "right", "10.0.0.1")

    threads = [threading.Thread(target=fail, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.asked <= 3
