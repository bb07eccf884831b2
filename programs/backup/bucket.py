"""A folder of a bucket: a store of backups, or where artifacts are."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from backup.folder import FULL
from backup.streams import CHUNK, Guarded, Readable, Unreadable
from common import s3
from common.exit_codes import ExitCode
from common.process import Failure, describe

# Bytes of one part of an upload: one is in memory for each object that is on its way.
PART = 16 * 2**20
CONFIG = {
    "connect_timeout": 10,
    "read_timeout": 60,
    "max_pool_connections": 32,
    "retries": {"max_attempts": 5, "mode": "standard"},
}


class Bucket:
    """Implements backup.store.Store; `work` is a folder for files on their way, which artifacts do not need."""

    def __init__(self, settings: s3.BucketSettings, work: str = "") -> None:
        self.settings, self.work, self.bucket = settings, work, settings.bucket
        self.prefix = f"{settings.prefix.strip('/')}/" if settings.prefix.strip("/") else ""
        self.where = f"s3://{self.bucket}/{self.prefix} at {settings.address}"
        with self.errors():
            self.client = s3.create_client(settings, **CONFIG)

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn errors of the store into failures."""
        try:
            yield
        except ValueError as error:  # of boto3, for a name or an endpoint that cannot be one
            raise Failure(self.settings.codes.other, f"{self.where}: {describe(error)}") from error
        except Exception as error:
            failure = None if isinstance(error, (Failure, ImportError)) else s3.failure_of(error, self.settings)
            if failure is None:
                raise
            raise failure from error

    def create_if_missing(self) -> None:
        """Create the bucket unless it exists."""
        try:
            with self.errors():
                self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, MaxKeys=1)
        except Failure as failure:
            if failure.code != self.settings.codes.bucket_missing:
                raise
            with self.errors():
                s3.create_bucket(self.client, self.settings)

    def pages(self, prefix: str = "", **more: Any) -> Iterator[Any]:
        """The pages of a listing."""
        with self.errors():
            paginator = self.client.get_paginator("list_objects_v2")
            yield from paginator.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix, **more)

    def objects(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        """Key, size and ETag of all below a folder."""
        for page in self.pages(prefix):
            for each in page.get("Contents", ()):
                yield each["Key"][len(self.prefix) :], each["Size"], each["ETag"].strip('"')

    def clock(self) -> datetime | None:
        """See Store. A store that says no time, or none that can be read, has no clock."""
        with self.errors():
            answer = self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, MaxKeys=1)
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        with contextlib.suppress(ValueError, TypeError):
            return parsedate_to_datetime(date).astimezone(timezone.utc)
        return None

    def folders(self) -> list[str]:
        """See Store."""
        pages = self.pages(Delimiter="/")
        return [each["Prefix"][len(self.prefix) : -1] for page in pages for each in page.get("CommonPrefixes", ())]

    def sizes(self, folder: str) -> dict[str, int]:
        """See Store."""
        return {key: size for key, size, _ in self.objects(f"{folder}/")}

    def open(self, key: str) -> Guarded:
        """See Store."""
        with self.errors():
            answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)
        return Guarded(answer["Body"], self.errors, answer["ContentLength"], answer["ETag"].strip('"'))

    def read(self, key: str, limit: int | None = None) -> bytes | None:
        """See Store. An object may be encrypted by another key, or archived, although the bucket was listed."""
        codes = self.settings.codes
        try:
            with contextlib.closing(self.open(key)) as stream:
                if limit is not None and stream.size > limit:
                    raise Unreadable(f"{self.where}{key} has {stream.size} bytes")
                return stream.read()
        except s3.Missing:
            return None
        except Failure as failure:
            if failure.code in (codes.login, codes.other):
                raise Unreadable(f"{self.where}{key}: {failure}") from failure
            raise

    @property
    def codes(self) -> s3.Codes:
        """What its failures end a program with."""
        return self.settings.codes

    def put_back(self, key: str, stream: Readable, size: int, etag: str) -> None:  # noqa: ARG002 - as Source
        """See Source."""
        self.write(key, stream, size)

    def write(self, key: str, stream: Readable, size: int) -> None:
        """See Store."""
        from boto3.s3.transfer import TransferConfig

        # There are 10 000 parts at most.
        part = max(PART, -(-size // 9000))
        config = TransferConfig(multipart_threshold=part, multipart_chunksize=part, use_threads=False)
        with self.errors():
            # The types ask for a whole file, of which boto3 only reads.
            self.client.upload_fileobj(stream, self.bucket, self.prefix + key, Config=config)  # type: ignore[arg-type]

    def remove(self, keys: Iterable[str]) -> None:
        """See Store."""
        for key in keys:  # one by one: not every store has the call for many
            with self.errors():
                self.client.delete_object(Bucket=self.bucket, Key=self.prefix + key)

    def remove_folder(self, folder: str) -> None:
        """See Store."""
        self.remove(self.sizes(folder))

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
            code = ExitCode.STORE_FULL if error.errno in FULL else ExitCode.STORE_OTHER
            message = f"{path}: {error.strerror}; backup.temporaryStorage is the space that the pod has for it"
            raise Failure(code, message) from error
        return path
