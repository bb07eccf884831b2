"""backup.retention and backup.manifest: names of backups, and which ones are removed."""

from datetime import datetime, timedelta, timezone

import pytest

from backup import retention
from backup.manifest import format_bytes, shrank_suspiciously
from backup.retention import created, expired, new_name, newest
from backup.settings import Retention
from common.exit_codes import ExitCode
from common.process import Failure

NAMES = [f"2026010{day}T000000Z-3.18.0" for day in range(1, 6)]
NOW = datetime(2026, 1, 6, tzinfo=timezone.utc)
DAY = 86_400


@pytest.mark.parametrize(
    ("count", "seconds", "removed"),
    [
        (5, None, []),
        (2, None, NAMES[:3]),
        (1, None, NAMES[:4]),
        (5, 2 * DAY + 1, NAMES[:3]),
        (2, 10 * DAY, NAMES[:3]),
        # The newest stays, however old it is.
        (5, 1, NAMES[:4]),
    ],
)
def test_too_many_and_too_old_backups_are_removed(count, seconds, removed):
    assert expired(NAMES, Retention(count=count, seconds=seconds), NOW) == removed


def test_names_say_when_a_backup_was_created():
    assert newest(NAMES) == NAMES[-1]
    assert newest([]) is None
    assert created(NAMES[0]) == datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(("size", "text"), [(0, "0.0 MiB"), (3 * 2**19, "1.5 MiB"), (5 * 2**30, "5.0 GiB")])
def test_sizes_are_readable(size, text):
    assert format_bytes(size) == text


class Clock(datetime):
    """A clock that only a sleep moves."""

    current = NOW

    @classmethod
    def now(cls, tz=None):
        return cls.current.astimezone(tz)

    @classmethod
    def sleep(cls, seconds):
        cls.current += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(Clock, "current", NOW)
    monkeypatch.setattr(retention, "datetime", Clock)
    monkeypatch.setattr("time.sleep", Clock.sleep)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "3.18.0")


@pytest.mark.parametrize(
    ("last", "name"),
    [
        (None, "20260106T000000Z-3.18.0"),
        ("20260105T235959Z-3.18.0", "20260106T000000Z-3.18.0"),
        # In the same second, also of a release that comes earlier in the alphabet, and after the clock went back.
        ("20260106T000000Z-3.18.0", "20260106T000001Z-3.18.0"),
        ("20260106T000000Z-3.1.0", "20260106T000001Z-3.18.0"),
        ("20260106T000100Z-3.18.0", "20260106T000101Z-3.18.0"),
    ],
)
@pytest.mark.usefixtures("clock")
def test_a_new_name_is_later_than_all_others(last, name):
    assert new_name([last] if last else []) == name


@pytest.mark.usefixtures("clock")
def test_a_backup_of_the_future_is_an_error():
    with pytest.raises(Failure, match="is of the future: a clock is wrong") as error:
        new_name(["20260106T000101Z-3.18.0"])
    assert error.value.code is ExitCode.CONFIGURATION
    assert Clock.current == NOW


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
