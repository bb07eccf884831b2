"""backup.bucket: a folder of a bucket, in any kind of object store."""

import contextlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backup.bucket import Bucket
from backup.settings import read_settings
from backup.streams import Guarded, Unreadable
from common.exit_codes import ExitCode
from common.object_store import STORE, Missing
from common.process import Failure
from verification.databases import Server

NAMES = ["a", "a/b", "ü", "a b", "new\nline", "%41", "a//b", "../a", "."]


@dataclass
class Memory:
    """Implements backup.objects.ObjectStore."""

    contents: dict[str, bytes] = field(default_factory=dict)
    failure: Failure | None = None
    is_created: bool = True
    where = "memory://"
    codes = STORE

    def create(self):
        self.is_created = True

    def time(self, _prefix):
        if not self.is_created:
            raise Failure(STORE.bucket_missing, "no bucket")

    def list(self, prefix):
        for key, content in self.contents.items():
            if key.startswith(prefix):
                yield key, len(content), "etag"

    def folders(self, prefix):
        rests = [key[len(prefix) :] for key in self.contents if key.startswith(prefix)]
        yield from dict.fromkeys(f"{prefix}{rest.split('/')[0]}/" for rest in rests if "/" in rest)

    def open(self, key):
        if self.failure:
            raise self.failure
        if key not in self.contents:
            raise Missing(STORE.other, key)
        return Guarded(io.BytesIO(self.contents[key]), contextlib.nullcontext, len(self.contents[key]), "etag")

    def write(self, key, stream, size):
        self.contents[key] = stream.read()
        assert len(self.contents[key]) == size

    def remove(self, key):
        self.contents.pop(key, None)

    def remove_folders(self, path):
        assert not any(key.startswith(f"{path}/") for key in self.contents)


@pytest.mark.parametrize("prefix", ["", "a/", "a/b/"])
def test_what_is_written_is_read_listed_and_removed_below_the_folder_alone(prefix):
    others = {"z": b"", "ab": b"", "a": b""} | ({"a/b": b"", "zz/a/b/c": b""} if prefix else {})
    memory = Memory(dict(others) if prefix else {})
    bucket = Bucket(memory, prefix)
    for name in NAMES:
        bucket.write(f"one/{name}", io.BytesIO(name.encode()), len(name.encode()))
        bucket.put_back(f"two/{name}", io.BytesIO(b"x"), 1, "etag")
    assert bucket.sizes("one") == {f"one/{name}": len(name.encode()) for name in NAMES}
    assert {"one", "two"} <= set(bucket.folders()) <= {"one", "two", "b"}
    assert [bucket.read(f"one/{name}") for name in NAMES] == [name.encode() for name in NAMES]
    assert {f"one/{name}" for name in NAMES} < {key for key, _, _ in bucket.objects()}
    bucket.remove_folder("one")
    assert bucket.sizes("one") == {}
    assert len(bucket.sizes("two")) == len(NAMES)
    bucket.remove_folder("two")
    assert memory.contents == (others if prefix else {})


def test_what_is_missing_or_too_large_or_refused_is_no_small_file():
    memory = Memory({"a": b"123"})
    bucket = Bucket(memory, "")
    assert bucket.read("b") is None
    with pytest.raises(Unreadable, match="3 bytes"):
        bucket.read("a", 2)
    for code in (STORE.login, STORE.other):
        memory.failure = Failure(code, "no")
        with pytest.raises(Unreadable, match="no"):
            bucket.read("a")
    memory.failure = Failure(STORE.unreachable, "no")
    with pytest.raises(Failure) as error:
        bucket.read("a")
    assert error.value.code is ExitCode.STORE_UNREACHABLE


def test_a_missing_bucket_is_created_and_no_other_failure_is_hidden(monkeypatch):
    memory = Memory(is_created=False)
    Bucket(memory, "").create_if_missing()
    assert memory.is_created

    def refuse(_):
        raise Failure(STORE.login, "no")

    monkeypatch.setattr(memory, "time", refuse)
    with pytest.raises(Failure) as error:
        Bucket(memory, "").create_if_missing()
    assert error.value.code is STORE.login


@pytest.fixture
def full(tmp_path):
    """A store of backups whose local file has no space for a dump."""
    (tmp_path / "dump").symlink_to("/dev/full")
    return Bucket(Memory({"name/dump": b"x" * 2**17}), "", str(tmp_path), "backup.verification.temporaryStorage")


def test_a_full_disk_is_named_with_the_key_that_gives_it_space(full):
    with pytest.raises(Failure, match=r"dump: No space left.*\(raise backup\.verification\.temporary") as error:
        full.get("name/dump")
    assert error.value.code is ExitCode.STORE_FULL


def test_a_verification_that_fills_its_disk_by_a_download_has_the_code_of_that(full):
    manifest: Any = {"files": {"dump": {"size": 2**17, "sha256": "0" * 64}}}
    server = Server.__new__(Server)  # the constructor starts one
    with pytest.raises(Failure, match=r"No space left.*\(raise backup\.verification\.temporaryStorage\)$") as error:
        server.get_file(full, "name", manifest, "dump")
    assert error.value.code is ExitCode.TEMPORARY_STORAGE
    full.client.failure = Failure(STORE.unreachable, "no")
    (Path(full.work) / "dump").unlink()
    with pytest.raises(Failure) as error:
        server.get_file(full, "name", manifest, "dump")
    assert error.value.code is ExitCode.STORE_UNREACHABLE


@pytest.mark.parametrize(
    ("logs_in", "key"), [(True, "backup.temporaryStorage"), (False, "backup.verification.temporaryStorage")]
)
def test_each_program_has_the_space_of_its_own_key(logs_in, key):
    given = {"BACKUP_TRACKING_DATABASE": "mlflow", "BACKUP_WORK": "/work", "BACKUP_FOLDER": "/backups"}
    login = {"PGHOST": "db", "PGUSER": "mlflow", "PGPASSWORD": "secret"}
    assert read_settings(given | login, logs_in=logs_in).space == key


def test_files_on_their_way_go(tmp_path):
    bucket = Bucket(Memory(), "a/", str(tmp_path))
    path = bucket.local_path("name/dump")
    with open(path, "wb") as file:
        file.write(b"dump")
    bucket.put("name/dump", path)
    assert not list(tmp_path.iterdir())
    with open(bucket.get("name/dump"), "rb") as file:
        assert file.read() == b"dump"
