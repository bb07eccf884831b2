"""A bucket of S3, as backups use it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from backup.objects import time_of
from backup.streams import Guarded, Readable
from common import s3
from common.object_store import Codes, explained
from common.process import Failure, log

# Bytes of one part of an upload: one is in memory for each object that is on its way.
PART = 16 * 2**20
CONFIG = {
    "connect_timeout": 10,
    "read_timeout": 60,
    "max_pool_connections": 32,
    "retries": {"max_attempts": 5, "mode": "standard"},
}


class S3Objects:
    """Implements backup.objects.ObjectStore."""

    def __init__(self, settings: s3.BucketSettings) -> None:
        self.settings, self.bucket = settings, settings.bucket
        self.where = f"s3://{self.bucket}/{settings.folder} at {settings.address}"
        self.is_confirmed, self.confirming = not settings.encryption, threading.Lock()
        with self.errors():
            self.client = s3.create_client(settings, **CONFIG)

    def errors(self) -> AbstractContextManager[None]:
        """Turn errors of the store into failures."""
        return explained(s3.failure_of, self.settings)

    @property
    def codes(self) -> Codes:
        """See ObjectStore."""
        return self.settings.codes

    def create(self) -> None:
        """See ObjectStore."""
        with self.errors():
            s3.create_bucket(self.client, self.settings)

    def time(self, prefix: str) -> datetime | None:
        """See ObjectStore."""
        with self.errors():
            answer = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, MaxKeys=1)
        return time_of(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""))

    def pages(self, prefix: str, **more: Any) -> Iterator[Any]:
        """The pages of a listing."""
        with self.errors():
            paginator = self.client.get_paginator("list_objects_v2")
            yield from paginator.paginate(Bucket=self.bucket, Prefix=prefix, **more)

    def list(self, prefix: str) -> Iterator[tuple[str, int, str]]:
        """See ObjectStore."""
        for page in self.pages(prefix):
            for each in page.get("Contents", ()):
                yield each["Key"], each["Size"], each["ETag"].strip('"')

    def folders(self, prefix: str) -> Iterator[str]:
        """See ObjectStore."""
        for page in self.pages(prefix, Delimiter="/"):
            for each in page.get("CommonPrefixes", ()):
                yield each["Prefix"]

    def open(self, key: str) -> Guarded:
        """See ObjectStore."""
        with self.errors():
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
        return Guarded(answer["Body"], self.errors, answer["ContentLength"], answer["ETag"].strip('"'))

    def write(self, key: str, stream: Readable, size: int) -> None:
        """See ObjectStore."""
        from boto3.s3.transfer import TransferConfig

        # There are 10 000 parts at most.
        part = max(PART, -(-size // 9000))
        config = TransferConfig(multipart_threshold=part, multipart_chunksize=part, use_threads=False)
        self.confirm_encryption(key)
        with self.errors():
            # The types ask for a whole file, of which boto3 only reads.
            self.client.upload_fileobj(stream, self.bucket, key, self.encryption, Config=config)  # type: ignore[arg-type]

    @property
    def encryption(self) -> dict[str, str]:
        """What an upload says of it."""
        given = {"ServerSideEncryption": self.settings.encryption, "SSEKMSKeyId": self.settings.kms_key}
        return {name: value for name, value in given.items() if value}

    def confirm_encryption(self, key: str) -> None:
        """Before the first object, have the store confirm it for an empty one: some ignore what they do not know."""
        with self.confirming:
            if self.is_confirmed:
                return
            probe = f"{key}.probe"
            with self.errors():
                answer: Any = self.client.put_object(Bucket=self.bucket, Key=probe, Body=b"", **self.encryption)  # type: ignore[arg-type]
            self.remove_probe(probe)
            done = answer.get("ServerSideEncryption", "nothing")
            if done != self.settings.encryption:
                message = (
                    f"{self.where} does not confirm serverSideEncryption {self.settings.encryption} (it says {done}), "
                    "so it would not encrypt backups (use a store that does, or remove "
                    "backup.destination.s3.serverSideEncryption)"
                )
                raise Failure(self.codes.other, message)
            self.is_confirmed = True

    def remove_probe(self, probe: str) -> None:
        """Remove the empty object. A key that may write and not remove, as under an object lock, can back up too."""
        try:
            self.remove(probe)
        except Failure as failure:
            log(f"warning: the empty object {probe}, which asked whether the store encrypts, stays: {failure}")

    def remove(self, key: str) -> None:
        """See ObjectStore. One by one: not every store has the call for many."""
        with self.errors():
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def remove_folders(self, path: str) -> None:
        """See ObjectStore. A folder is nothing but a part of keys here."""
