"""Where backups are stored: a folder of a volume or of a bucket, with the same methods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from backup.bucket import open_bucket
from backup.folder import Folder
from backup.settings import Settings
from backup.streams import Guarded, Readable


class Store(Protocol):
    """A key is a path below the folder. What is written under a key is there whole or not at all."""

    where: str

    def clock(self) -> datetime | None:
        """The time by the clock of the store, or None if it has none of its own."""

    def folders(self) -> list[str]:
        """The names of the folders at its top."""

    def sizes(self, folder: str) -> dict[str, int]:
        """The size of each key below a folder."""

    def open(self, key: str) -> Guarded:
        """A stream of what a key has."""

    def read(self, key: str, limit: int | None = None) -> bytes | None:
        """The whole of a small file, or None when there is none. Raises Unreadable if it is no file, or is larger."""

    def write(self, key: str, stream: Readable, size: int) -> None:
        """Write a stream of so many bytes under a key."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove keys; one that is missing is no error."""

    def remove_folder(self, folder: str) -> None:
        """Remove all keys below a folder."""

    def local_path(self, key: str) -> str:
        """Where a file is written before put() stores it."""

    def put(self, key: str, path: str) -> None:
        """Store the file that was written to local_path(key)."""

    def get(self, key: str) -> str:
        """A path where the file of a key can be read."""


def open_store(settings: Settings) -> Store:
    """Where the backups of this instance are."""
    if isinstance(settings.destination, str):
        return Folder(settings.destination)
    return open_bucket(settings.destination, settings.work, settings.space)
