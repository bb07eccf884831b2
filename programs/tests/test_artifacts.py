"""backup.artifacts: copies, and when they are tried again."""

import contextlib
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
