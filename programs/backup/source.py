"""Where the artifacts of an instance are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from backup.bucket import open_bucket
from backup.files import Files, FilesSettings
from backup.manifest import Location
from backup.streams import Guarded, Readable
from common.buckets import BucketSettings
from common.object_store import Codes


class Source(Protocol):
    """Where artifacts are: a folder of a bucket, or of a volume."""

    where: str

    @property
    def codes(self) -> Codes:
        """What its failures end a program with."""

    def create_if_missing(self) -> None:
        """Create it unless it exists."""

    def objects(self) -> Iterator[tuple[str, int, str]]:
        """Key, size and ETag of all."""

    def open(self, key: str) -> Guarded:
        """A stream of what a key has now. Raises Missing when it has nothing any more."""

    def put_back(self, key: str, stream: Readable, size: int, etag: str) -> None:
        """Write a stream of so many bytes under a key, whole or not at all."""


def open_source(settings: BucketSettings | FilesSettings) -> Source:
    """A bucket, or the folder of a volume."""
    return Files(settings) if isinstance(settings, FilesSettings) else open_bucket(settings)


def location_of(settings: BucketSettings | FilesSettings) -> Location:
    """What a manifest says of it."""
    if isinstance(settings, FilesSettings):
        return {"folder": settings.folder}
    return {"bucket": settings.bucket, "prefix": settings.prefix, "root": settings.uri}
