"""backup.artifacts: copies, and when they are tried again."""

import contextlib
import hashlib
import io
import threading
import time
from dataclasses import replace
from typing import ClassVar

import pytest

from backup import artifacts, parallel
from backup.folder import Folder
from backup.streams import Checked, Guarded, Stopped
from common import object_store
from common.exit_codes import ExitCode
from common.process import Failure

CODES = replace(object_store.ARTIFACTS, unreachable=ExitCode.SERVER_UNREACHABLE)


@pytest.mark.parametrize(
    ("code", "attempts"),
    [
        (CODES.unreachable, parallel.ATTEMPTS),
        (object_store.STORE.unreachable, parallel.ATTEMPTS),
        (object_store.ARTIFACTS.unreachable, 1),
        (CODES.full, 1),
    ],
)
def test_a_copy_is_tried_again_while_one_of_its_two_buckets_is_unreachable(monkeypatch, code, attempts):
    monkeypatch.setattr(threading.Event, "wait", lambda *_: False)
    tried = []

    def fail():
        tried.append(code)
        raise Failure(code, "no")

    with pytest.raises(Failure):
        parallel.retry(fail, CODES, threading.Event())
    assert len(tried) == attempts


class Bucket:
    """Contains objects by their keys; what is an error is raised at its key."""

    contents: ClassVar[dict[str, bytes | Exception]] = {}

    codes = object_store.ARTIFACTS

    def objects(self):
        for key in self.contents:
            yield key, 3, f"etag-{key}"

    def open(self, key):
        body = self.contents[key]
        if isinstance(body, Exception):
            raise body
        return Guarded(io.BytesIO(body), contextlib.nullcontext, 3, f"etag-{key}")


@pytest.fixture
def copied(tmp_path):
    """Copies a bucket with these contents."""

    def copy(contents):
        Bucket.contents = contents
        return artifacts.copy_out(Bucket(), Folder(str(tmp_path)), None)  # type: ignore[arg-type]  # it writes nothing

    return copy


def test_an_object_that_was_deleted_meanwhile_is_no_error(copied):
    entries, counts = copied({"a": b"one", "b": object_store.Missing(ExitCode.S3_OTHER, "gone")})
    assert [entry["key"] for entry in entries] == ["a"]
    assert (counts.objects, counts.bytes, counts.gone) == (1, 3, 1)


def test_an_object_with_the_name_of_that_error_is_not_taken_for_deleted(copied):
    with pytest.raises(Failure, match="NoSuchKey"):
        copied({"NoSuchKey": Failure(ExitCode.S3_LOGIN, "access to 'NoSuchKey' is refused")})


class Cut:
    """Fails after its first byte."""

    def __init__(self, failure):
        self.failure, self.count = failure, 0

    def read(self, _amount=-1):
        self.count += 1
        if self.count > 1:
            raise self.failure
        return b"x"

    def close(self):
        pass


@pytest.fixture
def copied_from(tmp_path):
    """Copies a bucket with one object, whose streams are given one after the other."""

    def copy(streams, store=None):
        class Changing(Bucket):
            def objects(self):
                yield "a", 3, "etag"

            def open(self, _key):
                return Guarded(streams.pop(0), contextlib.nullcontext, 3, f"etag-{len(streams)}")

        return artifacts.copy_out(Changing(), store or Folder(str(tmp_path)), None)  # type: ignore[arg-type]

    return copy


def test_an_object_that_is_deleted_while_it_is_read_is_no_error(copied_from, tmp_path):
    entries, counts = copied_from([Cut(object_store.Missing(ExitCode.S3_OTHER, "gone"))])
    assert (entries, counts.objects, counts.gone) == ([], 0, 1)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_an_object_that_is_replaced_while_it_is_read_is_copied_as_it_is_then(copied_from, tmp_path):
    changed = object_store.Changed(ExitCode.S3_OTHER, "another version")
    entries, counts = copied_from([Cut(changed), Cut(changed), io.BytesIO(b"new")])
    assert [(entry["etag"], entry["sha256"]) for entry in entries] == [("etag-0", hashlib.sha256(b"new").hexdigest())]
    assert (counts.objects, counts.bytes, counts.gone) == (1, 3, 0)
    assert [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()] == [b"new"]


def test_an_object_that_is_replaced_all_the_time_is_an_error_at_last(copied_from):
    streams = [Cut(object_store.Changed(ExitCode.S3_OTHER, "another version")) for _ in range(100)]
    with pytest.raises(object_store.Changed, match="another version"):
        copied_from(streams)
    assert 90 <= len(streams) < 98


@pytest.mark.parametrize("kind", [object_store.Missing, object_store.Changed])
def test_what_the_store_of_backups_misses_was_not_deleted_by_anyone(copied_from, tmp_path, kind):
    class Broken(Folder):
        def write(self, key, stream, size):  # noqa: ARG002 - as Store
            raise kind(object_store.STORE.other, "the upload does not exist")

    with pytest.raises(Failure, match="the upload") as error:
        copied_from([io.BytesIO(b"one")] * 9, Broken(str(tmp_path)))
    assert error.value.code is ExitCode.STORE_OTHER


class Slow:
    """Bytes for some seconds."""

    def __init__(self):
        self.end = time.monotonic() + 5

    def read(self, amount=-1):
        time.sleep(0.01)
        return b"x" * amount if time.monotonic() < self.end else b""


def test_running_copies_end_when_the_program_is_terminated():
    stop, started, said = threading.Event(), threading.Barrier(parallel.THREADS), []

    def copy(number):
        started.wait()
        if number == 0:
            raise SystemExit(143)
        try:
            Checked(Slow(), stop=stop).drain()
        except Stopped:
            said.append(number)
            raise

    began = time.monotonic()
    with pytest.raises(SystemExit):
        list(parallel.map_in_threads(copy, range(parallel.THREADS), stop))
    assert time.monotonic() - began < 3
    assert sorted(said) == list(range(1, parallel.THREADS))


def test_a_pause_before_another_attempt_ends_too():
    stop = threading.Event()
    stop.set()

    def fail():
        raise Failure(CODES.unreachable, "no")

    with pytest.raises(Stopped):
        parallel.retry(fail, CODES, stop)
