"""verification: what is found without PostgreSQL, and what a run reads."""

import json
import math
import random
import shutil
from types import SimpleNamespace
from typing import Any

import pytest

from backup import chosen
from backup.folder import Folder
from backup.manifest import read_manifest
from backup.source import location_of
from common import azure, gcs, object_store, s3
from common.buckets import BucketSettings
from common.exit_codes import ExitCode
from common.process import Failure
from tests.backed_up import NAME, SETTINGS, Restoring, backup
from verification import objects, references
from verification.__main__ import verify_backup

__all__ = ["backup"]


def verify(path, settings=SETTINGS, named=()):
    store = Folder(str(path))
    manifest = read_manifest(store, NAME)
    assert manifest is not None
    server: Any = Restoring(named)
    chosen.check_manifest(store.where, manifest)
    chosen.check_sizes(store, NAME, manifest)
    verify_backup(settings, store, server, NAME, manifest)


def test_a_good_backup_passes(backup):
    verify(backup)


def flip(path, choose):
    data = bytearray(path.read_bytes())
    data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
    path.write_bytes(data)


def cut(path, choose):
    data = path.read_bytes()
    path.write_bytes(data[: choose.randrange(len(data))])


def lengthen(path, choose):
    path.write_bytes(path.read_bytes() + choose.randbytes(choose.randrange(1, 9)))


def overwrite(path, choose):
    data = path.read_bytes()
    path.write_bytes(choose.randbytes(len(data)))


def exchange(path, choose):
    """Two files of one size that are each at the place of the other."""
    others = [each for each in path.parent.rglob("*") if each.is_file() and each != path]
    shutil.copyfile(choose.choice(others) if others else path.parent.parent.parent / NAME / "manifest.json", path)


def remove(path, _choose):
    path.unlink()


@pytest.mark.parametrize("damage", [flip, cut, lengthen, overwrite, exchange, remove])
def test_any_damage_of_any_file_is_found(backup, tmp_path, damage):
    files = sorted(each.relative_to(backup) for each in backup.rglob("*") if each.is_file())
    files = [each for each in files if each.name != "manifest.json"]
    assert len(files) == 8
    for seed in range(60):
        choose, copy = random.Random(seed), tmp_path / f"copy{seed}"
        shutil.copytree(backup, copy)
        damage(copy / choose.choice(files), choose)
        with pytest.raises(Failure) as error:
            verify(copy)
        assert error.value.code is ExitCode.BACKUP_DAMAGED
        shutil.rmtree(copy)


@pytest.mark.parametrize("changed", [{"objects": 5}, {"objects": 7}, {"bytes": 1}])
def test_a_manifest_that_counts_other_artifacts_is_found(backup, changed):
    path = backup / NAME / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["artifacts"] |= changed
    path.write_text(json.dumps(manifest))
    with pytest.raises(Failure, match="the manifest says") as error:
        verify(backup)
    assert error.value.code is ExitCode.BACKUP_DAMAGED


@pytest.mark.parametrize("percentage", [1, 7, 10, 30, 34, 49, 50, 51, 99, 100])
def test_consecutive_runs_read_every_object_and_each_run_its_share(percentage):
    keys = [f"artifacts/{number}" for number in range(3000)]
    runs = 100 // percentage
    first = random.Random(percentage).randrange(10_000)
    parts = [objects.of_run(keys, percentage, first + run) for run in range(runs)]
    assert sorted(each for part in parts for each in part) == sorted(keys)
    assert all(len(part) <= 1.4 * len(keys) / runs + 10 for part in parts)
    # At least the share, but for chance, by which parts differ.
    share = percentage / 100
    deviation = math.sqrt(len(keys) * share * (1 - share))
    assert all(len(part) >= len(keys) * share - 4 * deviation for part in parts)
    # What is added meanwhile is read by the run that it belongs to.
    assert set(parts[0]) <= set(objects.of_run([*keys, "artifacts/new"], percentage, first))


def test_without_a_percentage_nothing_is_read_and_a_missing_object_is_still_found(backup):
    none: Any = SimpleNamespace(**vars(SETTINGS) | {"verification": SimpleNamespace(room=None, percentage=0)})
    found = sorted(each for each in (backup / "artifacts").rglob("*") if each.is_file())
    overwrite(found[0], random.Random(1))
    verify(backup, none)
    found[0].unlink()
    with pytest.raises(Failure, match="1 objects of artifacts are missing"):
        verify(backup, none)


def location(number, root):
    return ["run", f"run{number}", f"{root}1/run{number}/artifacts"]


DIRECT = [
    "s3://bucket/mlflow/",
    "gs://bucket/mlflow/",
    "wasbs://bucket@account.blob.core.windows.net/mlflow/",
]
ROOTS = ["mlflow-artifacts:/", "mlflow-artifacts://server:5000/", *DIRECT]


def note_root(backup, root):
    path = backup / NAME / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["artifacts"]["root"] = root
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("root", ROOTS)
def test_files_are_found_where_the_database_names_them(backup, capsys, root):
    note_root(backup, root if root in DIRECT else DIRECT[0])
    named = [
        *(location(number, root) for number in range(8)),
        location(1, "s3://elsewhere/"),
        location(1, "file:///x/"),
    ]
    verify(backup, named=named)
    said = capsys.readouterr().out
    assert "6 of the 8 newest runs and models with files" in said
    assert "warning: files of run run6, run run7 are not in the backup" in said


@pytest.mark.parametrize("root", ROOTS)
def test_artifacts_of_something_else_are_found(backup, root):
    note_root(backup, root if root in DIRECT else DIRECT[0])
    others = [location(number, f"{root}9/") for number in range(3)]
    verify(backup, named=others[:2])
    with pytest.raises(Failure, match="none of the 3 newest") as error:
        verify(backup, named=others)
    assert error.value.code is ExitCode.BACKUP_DAMAGED


@pytest.mark.parametrize("root", DIRECT)
@pytest.mark.parametrize("before", [*DIRECT, "wasbs://bucket@other.blob.core.windows.net/mlflow/"])
def test_locations_in_the_store_that_an_instance_had_before_are_not_looked_up(backup, capsys, root, before):
    note_root(backup, root)
    verify(backup, named=[location(number, f"{before}9/" if before != root else root) for number in range(6)])
    found = 6 if before == root else 0
    assert f"{found} of the {found} newest runs and models with files" in capsys.readouterr().out


@pytest.mark.parametrize("root", DIRECT)
def test_a_manifest_by_an_older_release_does_not_say_which_locations_are_in_its_store(backup, capsys, root):
    verify(backup, named=[location(number, f"{root}9/") for number in range(6)])
    assert "0 of the 0 newest runs and models with files" in capsys.readouterr().out


@pytest.mark.parametrize("prefix", ["", "mlflow", "a/b", "/a/b/"])
def test_a_location_is_below_the_root_of_the_backup_or_elsewhere(prefix):
    settings = s3.BucketSettings("b", object_store.ARTIFACTS, prefix)
    copied: Any = {**location_of(settings), "objects": 0, "bytes": 0}
    root = "/".join(part for part in ("s3://b", prefix.strip("/")) if part)
    assert references.folder_of(f"{root}/1/x", copied) == "1/x"
    for other in ("s3://b2/1/x", f"{root}2/1/x", f"gs{root[2:]}/1/x"):
        assert references.folder_of(other, copied) is None
    assert references.folder_of("s3://b/1/x", {"folder": "/x", "objects": 0, "bytes": 0}) is None


def test_the_root_of_each_kind_of_store_is_as_mlflow_has_it():
    codes, url = object_store.ARTIFACTS, "https://account.blob.core.windows.net"
    settings: list[BucketSettings] = [
        s3.BucketSettings("b", codes, "mlflow", endpoint="http://minio:9000"),
        gcs.BucketSettings("b", codes, "mlflow"),
        azure.ContainerSettings(url, "b", codes, "mlflow"),
    ]
    assert [location_of(each).get("root") for each in settings] == [each.replace("bucket", "b", 1) for each in DIRECT]
