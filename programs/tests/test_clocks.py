"""backup.clocks: which of several clocks a backup goes by."""

from datetime import datetime, timedelta, timezone

import pytest

from backup.clocks import Clock, choose, trusted_clock

NOW = datetime(2026, 1, 6, tzinfo=timezone.utc)
DAILY = [NOW - timedelta(days=day) for day in range(1, 6)]
DAY = timedelta(days=1)
WRONG = [timedelta(days=days) for days in (-4000, -366, -2, 2, 366, 4000)]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("which", ["this pod", "the database", "the store"])
def test_the_right_clock_is_chosen_if_one_is_wrong(which, wrong):
    readings = {"this pod": NOW, "the database": NOW, "the store": NOW}
    readings[which] += wrong
    assert readings[choose(readings, DAILY, DAY)] == NOW


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("which", ["this pod", "the database"])
@pytest.mark.parametrize("existing", [-400, 366, 400, 5000])
def test_a_backup_of_a_wrong_clock_does_not_confirm_it(which, wrong, existing):
    readings = {"this pod": NOW, "the database": NOW}
    readings[which] += wrong
    created = [*DAILY, NOW + timedelta(days=existing)]
    assert readings[choose(readings, created, DAY)] == NOW


def test_the_earliest_is_chosen_if_nothing_is_known():
    readings = {"this pod": NOW, "the database": NOW + DAY}
    assert choose(readings, [], DAY) == "this pod"


def test_a_wrong_clock_is_logged_and_corrected(capsys):
    ahead = {"this pod": timedelta(0), "the database": -timedelta(days=370)}
    now = datetime.now(timezone.utc)
    assert trusted_clock(ahead, [now - timedelta(days=371)], DAY) == Clock(-timedelta(days=370))
    assert "a clock is wrong: this pod says" in (said := capsys.readouterr().out)
    assert "goes by the database" in said


def test_clocks_that_nearly_agree_are_not_mentioned(capsys):
    assert trusted_clock({"this pod": timedelta(0), "the store": timedelta(seconds=59)}, [], DAY) == Clock()
    assert capsys.readouterr().out == ""
