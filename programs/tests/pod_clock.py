"""The clock of a pod that makes backups, which the test sets."""

from datetime import datetime, timedelta, timezone

import pytest

NOW = datetime(2026, 1, 6, tzinfo=timezone.utc)


class FakeTime(datetime):
    """A clock of this pod that only a sleep moves."""

    current = NOW

    @classmethod
    def now(cls, tz=None):
        return cls.current.astimezone(tz)

    @classmethod
    def sleep(cls, seconds):
        cls.current += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def pod_clock(monkeypatch):
    """A test module that imports it starts each test at NOW, as MLflow 3.18.0."""
    monkeypatch.setattr(FakeTime, "current", NOW)
    monkeypatch.setattr("backup.clocks.datetime", FakeTime)
    monkeypatch.setattr("time.sleep", FakeTime.sleep)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "3.18.0")
    return FakeTime
