"""backup.inventory: what counts as a backup, whatever is in the store."""

import errno
import json
import os
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from backup import chosen, retention
from backup.folder import Folder
from backup.inventory import take_inventory
from backup.manifest import shrank_suspiciously
from backup.retention import expired
from backup.settings import Retention
from common.exit_codes import ExitCode
from common.process import Failure

OURS, THEIRS = "mlflow/mlflow", "other/mlflow"
GOOD, EARLIER, LATER = "20260101T000000Z-3.18.0", "00010101T000000Z-3.18.0", "99991231T235959Z-3.18.0"
ENTRY = {"database": "mlflow", "file": "tracking.dump", "schema": {"alembic_version": "1"}, "rows": {"runs": 2}}
MANIFEST: Any = {
    "format": 1,
    "name": GOOD,
    "instance": OURS,
    "mlflow": "3.18.0",
    "databases": {"tracking": ENTRY},
    "artifacts": {"bucket": "b", "prefix": "", "objects": 1, "bytes": 1},
    "files": {"tracking.dump": {"size": 1, "sha256": "x"}},
    "accepted": False,
    "ahead": [],
    "jump": False,
}
ODD: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 1.5, float("nan"), 2**63, 10**400, [], [1], {}, {"x": 1}),
    *("", "x", "\ud800", "a\nb", "\x1b[31m", "../x", "x" * 5000),
)


@pytest.fixture
def store(tmp_path):
    put(tmp_path, GOOD, MANIFEST)
    return Folder(str(tmp_path))


def put(path: Any, name: str, manifest: Any) -> None:
    (path / name).mkdir(exist_ok=True)
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    (path / name / "manifest.json").write_bytes(text)


def settings(instance: str) -> Any:
    return SimpleNamespace(instance=instance)


def assert_usable(store):
    """Everything that looks at backups gets along with what is there."""
    inventory = take_inventory(store, OURS)
    inventory.warn()
    assert list(inventory.own) == [GOOD]
    for each in (inventory.own | inventory.others).values():
        chosen.summary(each).encode()
        chosen.check_release(each)
    retention.check_owner(settings(OURS), store, inventory)
    assert chosen.choose("latest", store, inventory) == GOOD
    return inventory


def paths(value, path=()):
    """The places of a manifest."""
    yield path
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from paths(each, (*path, key))


def changed(value, path, new):
    """The same with something else in a place."""
    if not path:
        return new
    return value | {path[0]: changed(value[path[0]], path[1:], new)}


def without(value, path):
    """The same without a key."""
    if len(path) > 1:
        return value | {path[0]: without(value[path[0]], path[1:])}
    return {key: each for key, each in value.items() if key != path[0]}


@pytest.fixture(autouse=True)
def _release(monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _: "3.18.0")


@pytest.mark.parametrize("name", [EARLIER, LATER])
@pytest.mark.parametrize("path", list(paths(MANIFEST)))
def test_a_manifest_of_any_shape_stops_nothing(store, tmp_path, name, path):
    foreign = MANIFEST | {"instance": THEIRS}
    for manifest in [changed(foreign, path, new) for new in ODD] + ([without(foreign, path)] if path else []):
        put(tmp_path, name, manifest)
        assert name in assert_usable(store).foreign
        # Of this instance, it is one that can be used, or none.
        put(tmp_path, name, {**manifest, "instance": OURS} if isinstance(manifest, dict) else manifest)
        existing = take_inventory(store, OURS).own
        expired(existing, Retention(1, 1, 1))
        shrank_suspiciously(existing)
        for each in existing.values():
            chosen.summary(each).encode()
            chosen.check_release(each)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"format":1,"x":' + b"9" * 5000 + b"}",
        b" " * (5 * 2**20),
        json.dumps(MANIFEST).encode()[:-1],
    ],
)
def test_a_manifest_that_is_no_json_stops_nothing(store, tmp_path, text):
    put(tmp_path, EARLIER, text)
    assert EARLIER in assert_usable(store).unreadable


def loop(path):
    path.symlink_to(path.name)


def dangling(path):
    path.symlink_to("nowhere")


def unwritten(path):
    path.symlink_to("/dev/full")


def sparse(path):
    with path.open("wb") as file:
        file.truncate(2**40)


KINDS = {
    "a folder": lambda path: path.mkdir(),
    "a link to itself": loop,
    "a link to nothing": dangling,
    "a pipe": os.mkfifo,
    "a device": unwritten,
    "a file without content": lambda path: path.touch(),
    "a very large file": sparse,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_of_any_kind_of_file_stops_nothing(store, tmp_path, kind):
    (tmp_path / EARLIER).mkdir()
    KINDS[kind](tmp_path / EARLIER / "manifest.json")
    inventory = assert_usable(store)
    assert EARLIER in inventory.unreadable
    assert retention.remove_incomplete(store, inventory) == []
    assert (tmp_path / EARLIER).exists()


def test_an_error_of_the_volume_is_no_damaged_manifest(store, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("os.open", fail)
    with pytest.raises(Failure, match="Input/output error") as error:
        take_inventory(store, OURS)
    assert error.value.code is ExitCode.STORE_OTHER


def test_the_backups_of_another_instance_can_be_restored_by_name_or_if_there_are_no_others(store, tmp_path):
    put(tmp_path, LATER, MANIFEST | {"instance": THEIRS})
    assert chosen.choose(LATER, store, take_inventory(store, OURS)) == LATER
    assert chosen.choose("latest", store, take_inventory(store, THEIRS)) == LATER
    assert chosen.choose("latest", store, take_inventory(store, "new/mlflow")) == LATER
    with pytest.raises(Failure, match=r"contains backups of .*backup.destination.prefix"):
        retention.check_owner(settings("new/mlflow"), store, take_inventory(store, "new/mlflow"))


class Removals:
    """A store whose removals fail so often."""

    def __init__(self, failures: int) -> None:
        self.left = failures
        self.removed: list[str] = []
        self.where = "store"

    def remove_folder(self, name):
        if self.left:
            self.left -= 1
            raise Failure(ExitCode.STORE_OTHER, "store: busy")
        self.removed.append(name)

    def remove(self, keys):
        """Nothing to do."""


@pytest.mark.parametrize(("failures", "removed"), [(0, True), (2, True), (3, False)])
def test_a_removal_is_tried_again_and_ends_no_backup(store, capsys, monkeypatch, failures, removed):
    monkeypatch.setattr(retention, "PAUSES", (0, 0))
    inventory = replace(take_inventory(store, OURS), incomplete=[EARLIER])
    begun: Any = Removals(failures)
    assert retention.remove_incomplete(begun, inventory) == ([] if removed else [EARLIER])
    existing = {EARLIER: MANIFEST, GOOD: MANIFEST | {"artifacts": None}}
    stubborn: Any = Removals(failures)
    monkeypatch.setattr("backup.artifacts.remove_unused", lambda *_: None)
    retention.retain(Retention(1, None, 86_400), stubborn, existing, inventory)
    assert stubborn.removed == ([EARLIER] if removed else [])
    assert ("cannot be removed now" in capsys.readouterr().out) is not removed


def test_a_folder_that_is_gone_is_removed(store, tmp_path):
    put(tmp_path, EARLIER, MANIFEST)
    retention.remove_backup(store, EARLIER)
    assert not (tmp_path / EARLIER).exists()
    store.remove_folder(EARLIER)
