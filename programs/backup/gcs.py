"""A bucket of Google Cloud Storage, as backups use it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from backup.objects import time_of
from backup.streams import Guarded, Readable
from common import gcs
from common.object_store import Codes, Missing, explained

# Bytes of one part of an upload or a download: one is in memory for each object that is on its way.
PART = 8 * 2**20
TIMEOUT = (10, 60)
FIELDS = "items(name,size,md5Hash,crc32c,generation),prefixes,nextPageToken"


class GcsObjects:
    """Implements backup.objects.ObjectStore."""

    def __init__(self, settings: gcs.BucketSettings) -> None:
        self.settings = settings
        self.where = f"gs://{settings.bucket}/{settings.folder} at {settings.address}"
        with self.errors():
            self.client, self.session = gcs.create_client(settings)
            self.bucket = self.client.bucket(settings.bucket)

    def errors(self) -> AbstractContextManager[None]:
        """Turn errors of the store into failures."""
        return explained(gcs.failure_of, self.settings)

    def listing(self) -> AbstractContextManager[None]:
        """The same for a listing."""
        return gcs.listing(self.settings)

    @property
    def codes(self) -> Codes:
        """See ObjectStore."""
        return self.settings.codes

    def create(self) -> None:
        """See ObjectStore."""
        with self.errors():
            gcs.create_bucket(self.client, self.settings)

    def time(self, prefix: str) -> datetime | None:
        """See ObjectStore. Google's client shows no headers of answers."""
        url = f"{(self.settings.endpoint or gcs.URL).rstrip('/')}/storage/v1/b/{self.settings.bucket}/o"
        with self.listing():
            list(self.client.list_blobs(self.bucket, prefix=prefix, max_results=1, timeout=TIMEOUT))
            answer = self.session.get(url, params={"maxResults": 1, "fields": "kind"}, timeout=TIMEOUT)
        return time_of(answer.headers.get("date", ""))

    def list(self, prefix: str) -> Iterator[tuple[str, int, str]]:
        """See ObjectStore."""
        with self.listing():
            for blob in self.client.list_blobs(self.bucket, prefix=prefix, fields=FIELDS, timeout=TIMEOUT):
                yield blob.name, blob.size, etag_of(blob)

    def folders(self, prefix: str) -> Iterator[str]:
        """See ObjectStore."""
        with self.listing():
            listed = self.client.list_blobs(self.bucket, prefix=prefix, delimiter="/", fields=FIELDS, timeout=TIMEOUT)
            for page in listed.pages:
                yield from page.prefixes

    def open(self, key: str) -> Guarded:
        """See ObjectStore. All parts of the stream are of the same generation of the object, as it is stored."""
        with self.errors():
            blob = self.bucket.blob(key)
            blob.reload(timeout=TIMEOUT)
            stream = blob.open(
                "rb",
                chunk_size=PART,
                raw_download=True,
                if_generation_match=blob.generation,
                timeout=TIMEOUT,
            )
        return Guarded(stream, self.errors, blob.size, etag_of(blob))

    def write(self, key: str, stream: Readable, size: int) -> None:
        """See ObjectStore."""
        from google.cloud.storage.retry import DEFAULT_RETRY

        blob = self.bucket.blob(key, chunk_size=PART)
        with self.errors():
            blob.upload_from_file(
                Sized(stream, size),
                size=size,
                content_type="application/octet-stream",
                timeout=TIMEOUT,
                retry=DEFAULT_RETRY,
            )

    def remove(self, key: str) -> None:
        """See ObjectStore."""
        with contextlib.suppress(Missing), self.errors():
            self.bucket.blob(key).delete(timeout=TIMEOUT)

    def remove_folders(self, path: str) -> None:
        """See ObjectStore. A folder is nothing but a part of keys here."""


class Sized:
    """A stream as Google's client reads one: it knows its position, and what it reads last is checked at its end.

    The client stops at the size, before a stream that fails at its end has been asked for more.
    """

    def __init__(self, stream: Readable, size: int) -> None:
        self.stream, self.size, self.position = stream, size, 0

    def read(self, amount: int = -1) -> bytes:
        """As many bytes as requested, except at the end."""
        data = self.stream.read(amount)
        self.position += len(data)
        if self.position >= self.size:
            self.stream.read(1)
        return data

    def tell(self) -> int:
        """How many bytes were read."""
        return self.position


def etag_of(blob: Any) -> str:
    """What another content of the object would not have. Objects that were composed of others have no MD5."""
    return str(blob.md5_hash or f"{blob.crc32c}-{blob.generation}")
