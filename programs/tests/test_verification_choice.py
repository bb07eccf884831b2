"""verification: which backup is verified, and what follows when retention removes it meanwhile."""

import shutil
from types import SimpleNamespace
from typing import Any

import pytest

from backup import chosen
from common.exit_codes import ExitCode
from common.process import Failure
from tests.backed_up import NAME, SETTINGS, Restoring, create_backup
from verification import __main__ as verification

NEWER, NEWEST = "20260102T000000Z-3.18.0", "20260103T000000Z-3.18.0"


class Watched(Restoring):
    """Notes which backups are restored, after something has happened to each."""

    def __init__(self, meanwhile):
        super().__init__()
        self.restored, self.meanwhile = [], meanwhile

    def restore(self, store, name, manifest, label):
        self.restored.append(name)
        self.meanwhile(name)
        super().restore(store, name, manifest, label)


@pytest.fixture
def verify(tmp_path, monkeypatch):
    """Verifies what is in a folder: the names of the backups that were restored."""
    monkeypatch.setattr("importlib.metadata.version", lambda _: "3.18.0")
    monkeypatch.setattr(chosen, "check_release", lambda _: None)  # needs a package of the image

    def run(wanted="latest", meanwhile=lambda _: None):
        server = Watched(meanwhile)
        monkeypatch.setattr(verification, "start_server", lambda _: server)
        settings: Any = SimpleNamespace(
            **vars(SETTINGS),
            destination=str(tmp_path / "store"),
            instance="mlflow/mlflow",
            request=SimpleNamespace(backup=wanted),
        )
        verification.verify(settings)
        return server.restored

    return run


@pytest.fixture
def create(tmp_path):
    def create(name, instance="mlflow/mlflow"):
        create_backup(tmp_path / "store", name, instance)

    return create


def test_the_newest_of_the_instance_is_verified_whatever_others_there_are(verify, create):
    create(NAME)
    create(NEWER)
    create(NEWEST, "other/mlflow")
    assert verify() == [NEWER]


def test_a_backup_of_another_instance_alone_is_none_of_this_one(verify, create):
    create(NAME, "other/mlflow")
    with pytest.raises(Failure, match=f"no complete backup of mlflow/mlflow.*{NAME}") as error:
        verify()
    assert error.value.code is ExitCode.BACKUP_MISSING


def test_a_backup_of_another_instance_is_verified_by_its_name(verify, create):
    create(NAME, "other/mlflow")
    assert verify(NAME) == [NAME]


def test_without_any_backup_nothing_is_verified(verify, tmp_path):
    with pytest.raises(Failure, match="does not exist") as error:
        verify()
    assert error.value.code is ExitCode.BACKUP_MISSING
    (tmp_path / "store").mkdir()
    with pytest.raises(Failure, match="there is none") as error:
        verify()
    assert error.value.code is ExitCode.BACKUP_MISSING


@pytest.fixture
def replace(tmp_path, create):
    """Does what a backup does that retention follows: a newer one exists, and the old one is removed."""

    def replace(old, new):
        create(new)
        shutil.rmtree(tmp_path / "store" / old)

    return replace


def test_a_backup_that_retention_removes_meanwhile_is_no_failure(verify, create, replace, capsys):
    create(NAME)
    assert verify(meanwhile=lambda name: replace(name, NEWER) if name == NAME else None) == [NAME, NEWER]
    assert f"done: {NEWER} can be restored" in capsys.readouterr().out


def test_a_backup_that_was_named_is_not_exchanged_for_another(verify, create, replace):
    create(NAME)
    with pytest.raises((Failure, OSError)):
        verify(NAME, lambda name: replace(name, NEWER))


def test_backups_that_are_removed_again_and_again_are_a_failure(verify, create, replace):
    create(NAME)
    names = iter(f"2026020{day}T000000Z-3.18.0" for day in range(1, 9))
    with pytest.raises((Failure, OSError)):
        verify(meanwhile=lambda name: replace(name, next(names)))


def test_damage_is_a_failure_while_the_backup_exists(verify, create, tmp_path):
    create(NAME)
    with pytest.raises(Failure) as error:
        verify(meanwhile=lambda name: (tmp_path / "store" / name / "tracking.dump").write_bytes(b"x"))
    assert error.value.code is ExitCode.BACKUP_DAMAGED
