"""Where the artifacts of an instance are."""

from __future__ import annotations

from backup.artifacts import Source
from backup.bucket import Bucket
from backup.files import Files, FilesSettings
from backup.manifest import Location
from common import s3


def open_source(settings: s3.BucketSettings | FilesSettings) -> Source:
    """A bucket, or the folder of a volume."""
    return Files(settings) if isinstance(settings, FilesSettings) else Bucket(settings)


def location_of(settings: s3.BucketSettings | FilesSettings) -> Location:
    """What a manifest says of it, for people."""
    if isinstance(settings, FilesSettings):
        return {"folder": settings.folder}
    return {"bucket": settings.bucket, "prefix": settings.prefix}
