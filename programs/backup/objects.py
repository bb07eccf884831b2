"""What backups ask of an object store. Each kind is a module that implements it, such as backup.s3."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Protocol

from backup.streams import Guarded, Readable
from common.object_store import Codes


class ObjectStore(Protocol):
    """One bucket. Keys are whole: folders within the bucket are those of backup.bucket.

    Each error of the store is a Failure with one of the codes. Methods are called from several threads at once.
    """

    # Which bucket it is, for messages, as in "s3://bucket/prefix/ at AWS".
    where: str

    @property
    def codes(self) -> Codes:
        """What its failures end a program with."""

    def create(self) -> None:
        """Create the bucket, unless something else just does."""

    def time(self, prefix: str) -> datetime | None:
        """The time by the clock of the store, or None if it tells none that can be read.

        Lists the prefix for it, and so fails if the bucket is missing.
        """

    def list(self, prefix: str) -> Iterator[tuple[str, int, str]]:
        """Key, size and ETag of all objects whose keys start with a prefix.

        An ETag is any text that another content of the key would not have.
        """

    def folders(self, prefix: str) -> Iterator[str]:
        """What keys with a prefix have up to the next slash, with both, each once."""

    def open(self, key: str) -> Guarded:
        """A stream of the object with its size and ETag. Raises Missing when there is none."""

    def write(self, key: str, stream: Readable, size: int) -> None:
        """Write a stream of so many bytes: the object is there whole or not at all, also if the stream fails."""

    def remove(self, key: str) -> None:
        """Remove an object; one that is missing is no error."""

    def remove_folders(self, path: str) -> None:
        """Remove the empty folder at a path, with those in it, where a folder is more than a part of keys."""


def time_of(date: str) -> datetime | None:
    """What the header `Date` of an answer says, or None if it says none."""
    with contextlib.suppress(ValueError, TypeError):
        return parsedate_to_datetime(date).astimezone(timezone.utc)
    return None
