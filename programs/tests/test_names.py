"""backup.names: when a backup was created, and the order of backups whose clocks were wrong."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from backup.clocks import Clock
from backup.names import ahead_of, created, in_order, is_name, new_name
from tests.pod_clock import NOW, pod_clock  # noqa: F401 - a fixture for all tests

F, G, H = (f"20{year}0106T000000Z-3.18.0" for year in (50, 60, 70))
A, B = "20260101T000000Z-3.18.0", "20260102T000000Z-3.18.0"


def manifests(ahead):
    return {name: {"ahead": names} for name, names in ahead.items()}


def test_names_say_when_a_backup_was_created():
    assert created("20260101T023000Z-3.18.0") == datetime(2026, 1, 1, 2, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("20260101T023000Z-3.18.0", True),
        ("20991231T235959Z-3.18.0rc1", True),
        ("20261301T000000Z-3.18.0", False),
        ("20260230T000000Z-3.18.0", False),
        ("20260101T250000Z-3.18.0", False),
        ("20260101T000000Z-", False),
        ("artifacts", False),
        ("../20260101T023000Z-3.18.0", False),
    ],
)
def test_only_times_are_names(name, expected):
    assert is_name(name) is expected


@pytest.mark.parametrize(
    ("existing", "name"),
    [
        ([], "20260106T000000Z-3.18.0"),
        (["20260105T235959Z-3.18.0"], "20260106T000000Z-3.18.0"),
        # In the same second, also of a release that comes earlier in the alphabet, and after the clock went back.
        (["20260106T000000Z-3.18.0"], "20260106T000001Z-3.18.0"),
        (["20260106T000000Z-3.1.0"], "20260106T000001Z-3.18.0"),
        (["20260106T000100Z-3.18.0"], "20260106T000101Z-3.18.0"),
        # Of the future: nothing waits for it.
        (["20260106T000101Z-3.18.0"], "20260106T000000Z-3.18.0"),
        ([F, G, H], "20260106T000000Z-3.18.0"),
        (["20260106T000000Z-3.18.0", H], "20260106T000001Z-3.18.0"),
    ],
)
def test_a_new_name_is_later_than_all_that_the_clock_has_reached(existing, name):
    assert new_name(existing, Clock()) == name


def test_names_of_the_future_are_logged(capsys):
    new_name([A, F, G], Clock())
    assert f"warning: 2 backups are named in the future ({F}, {G})" in capsys.readouterr().out


def test_a_name_goes_by_the_trusted_clock():
    assert new_name([], Clock(timedelta(days=-1))) == "20260105T000000Z-3.18.0"


@pytest.mark.parametrize(
    ("ahead", "order"),
    [
        ({B: [], A: []}, [A, B]),
        ({A: [], F: [], B: [F]}, [A, F, B]),
        # Two wrong clocks, each of them earlier than the one before.
        ({B: [G, F], F: [G], G: []}, [G, F, B]),
        # One that was behind, and those after it.
        ({A: [B, F], B: [], F: [], G: []}, [B, F, A, G]),
        ({A: [F], B: [F], F: [], H: []}, [F, A, B, H]),
        # Backups that were removed meanwhile.
        ({A: [G, H], B: []}, [A, B]),
    ],
)
def test_the_order_is_that_of_creation(ahead, order):
    assert in_order(manifests(ahead)) == order


def test_a_manifest_of_an_older_program_says_nothing_of_the_order():
    older: Any = {F: {}, A: {}, B: {}}
    assert in_order(older) == [A, B, F]


def test_a_manifest_names_those_that_seem_later():
    assert ahead_of(B, [H, A, F]) == [F, H]
