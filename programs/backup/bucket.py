"""A folder of a bucket: a store of backups, or where artifacts are."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime

from backup.azure import AzureObjects
from backup.folder import FULL
from backup.gcs import GcsObjects
from backup.objects import ObjectStore
from backup.s3 import S3Objects
from backup.streams import CHUNK, Guarded, Readable, Unreadable
from common import azure, gcs
from common.buckets import BucketSettings
from common.exit_codes import ExitCode
from common.object_store import Codes, Missing
from common.process import Failure


def open_bucket(settings: BucketSettings, work: str = "", space: str = "") -> Bucket:
    """The folder of a bucket that settings name, in a store of their kind."""
    return Bucket(open_objects(settings), settings.folder, work, space)


def open_objects(settings: BucketSettings) -> ObjectStore:
    """All objects of the bucket."""
    if isinstance(settings, gcs.BucketSettings):
        return GcsObjects(settings)
    return AzureObjects(settings) if isinstance(settings, azure.ContainerSettings) else S3Objects(settings)


class Bucket:
    """Implements backup.store.Store and backup.source.Source with what any object store has.

    `prefix`: the folder, with a slash at its end, or nothing. `work`: a folder for files on their way, which artifacts
    do not need. `space`: the key that says how much it may contain.
    """

    def __init__(self, objects: ObjectStore, prefix: str, work: str = "", space: str = "") -> None:
        self.client, self.prefix, self.work, self.space = objects, prefix, work, space
        self.where = objects.where

    @property
    def codes(self) -> Codes:
        """See Source."""
        return self.client.codes

    def create_if_missing(self) -> None:
        """See Source."""
        try:
            self.clock()
        except Failure as failure:
            if failure.code != self.codes.bucket_missing:
                raise
            self.client.create()

    def objects(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        """Key, size and ETag of all below a folder."""
        for key, size, etag in self.client.list(self.prefix + prefix):
            yield key[len(self.prefix) :], size, etag

    def clock(self) -> datetime | None:
        """See Store."""
        return self.client.time(self.prefix)

    def folders(self) -> list[str]:
        """See Store."""
        return [each[len(self.prefix) : -1] for each in self.client.folders(self.prefix)]

    def sizes(self, folder: str) -> dict[str, int]:
        """See Store."""
        return {key: size for key, size, _ in self.objects(f"{folder}/")}

    def open(self, key: str) -> Guarded:
        """See Store."""
        return self.client.open(self.prefix + key)

    def read(self, key: str, limit: int | None = None) -> bytes | None:
        """See Store. An object may be encrypted by another key, or archived, although the bucket was listed."""
        try:
            with contextlib.closing(self.open(key)) as stream:
                if limit is not None and stream.size > limit:
                    raise Unreadable(f"{self.where}{key} has {stream.size} bytes")
                return stream.read()
        except Missing:
            return None
        except Failure as failure:
            if failure.code in (self.codes.login, self.codes.other):
                raise Unreadable(f"{self.where}{key}: {failure}") from failure
            raise

    def put_back(self, key: str, stream: Readable, size: int, etag: str) -> None:  # noqa: ARG002 - as Source
        """See Source."""
        self.write(key, stream, size)

    def write(self, key: str, stream: Readable, size: int) -> None:
        """See Store."""
        self.client.write(self.prefix + key, stream, size)

    def remove(self, keys: Iterable[str]) -> None:
        """See Store."""
        for key in keys:
            self.client.remove(self.prefix + key)

    def remove_folder(self, folder: str) -> None:
        """See Store."""
        self.remove(self.sizes(folder))
        self.client.remove_folders(self.prefix + folder)

    def local_path(self, key: str) -> str:
        """See Store."""
        return os.path.join(self.work, os.path.basename(key))

    def put(self, key: str, path: str) -> None:
        """See Store. The local file goes."""
        with open(path, "rb") as file:
            self.write(key, file, os.path.getsize(path))
        os.unlink(path)

    def get(self, key: str) -> str:
        """See Store."""
        path = self.local_path(key)
        try:
            with open(path, "wb") as file, contextlib.closing(self.open(key)) as stream:
                shutil.copyfileobj(stream, file, CHUNK)
        except OSError as error:
            message = f"{path}: {error.strerror}"
            if error.errno in FULL:
                raise Failure(ExitCode.STORE_FULL, f"{message} (raise {self.space})") from error
            raise Failure(ExitCode.STORE_OTHER, message) from error
        return path
