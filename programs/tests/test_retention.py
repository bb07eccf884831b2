"""backup.retention: which backups are removed."""

from datetime import datetime, timezone

import pytest

from backup.manifest import format_bytes
from backup.retention import created, expired, newest
from backup.settings import Retention

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
