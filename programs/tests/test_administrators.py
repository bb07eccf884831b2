"""server.administrators: who is remembered, and how long."""

import pytest

from server.administrators import Administrators


class Users:
    """A table of users, which counts what is asked."""

    def __init__(self):
        self.administrators = {"admin"}
        self.asked = 0
        self.during = lambda: None

    def __call__(self, username):
        self.asked += 1
        found = username in self.administrators
        self.during()
        return found


@pytest.fixture
def users():
    return Users()


@pytest.fixture
def now():
    return [1000.0]


@pytest.fixture
def known(now):
    return Administrators(60, lambda: now[0])


def test_an_administrator_is_looked_up_once_for_the_time(known, users, now):
    assert all(known.includes("admin", users) for _ in range(5))
    assert users.asked == 1
    users.administrators.clear()
    now[0] += 61
    assert not known.includes("admin", users)


def test_others_are_looked_up_each_time(known, users):
    assert not any(known.includes("reader", users) for _ in range(5))
    assert users.asked == 5
    users.administrators.add("reader")
    assert known.includes("reader", users)


def test_a_changed_administrator_is_looked_up(known, users):
    known.includes("admin", users)
    users.administrators.clear()
    known.forget("admin")
    assert not known.includes("admin", users)


def test_a_look_up_during_the_change_is_not_remembered(known, users):
    users.during = lambda: known.forget("admin")
    assert known.includes("admin", users)
    users.administrators.clear()
    assert not known.includes("admin", users)


def test_nobody_is_remembered_for_no_time(users, now):
    known = Administrators(0, lambda: now[0])
    assert known.includes("admin", users)
    users.administrators.clear()
    assert not known.includes("admin", users)
