"""A container of Azure Blob Storage, as backups use it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from backup.objects import time_of
from backup.streams import Guarded, Readable
from common import azure
from common.object_store import Codes, Missing, explained

# Bytes of one block of an upload, and of one request of a download: so many are in memory for each object on its way.
BLOCK = 8 * 2**20
CONFIG = {
    "connection_timeout": 10,
    "read_timeout": 60,
    "retry_total": 4,
    "initial_backoff": 1,
    "increment_base": 2,
    "max_single_get_size": BLOCK,
    "max_chunk_get_size": BLOCK,
}


class AzureObjects:
    """Implements backup.objects.ObjectStore."""

    def __init__(self, settings: azure.ContainerSettings) -> None:
        self.settings = settings
        self.where = f"{settings.account_url}/{settings.bucket}/{settings.folder}"
        with self.errors():
            self.client = azure.create_client(settings, **CONFIG)

    def errors(self) -> AbstractContextManager[None]:
        """Turn errors of the store into failures."""
        return explained(azure.failure_of, self.settings)

    @property
    def codes(self) -> Codes:
        """See ObjectStore."""
        return self.settings.codes

    def create(self) -> None:
        """See ObjectStore."""
        with self.errors():
            azure.create_container(self.client, self.settings)

    def time(self, prefix: str) -> datetime | None:
        """See ObjectStore."""
        dates: list[str] = []

        def note(answer: Any) -> None:
            dates.append(answer.http_response.headers.get("date", ""))

        with self.errors():
            pages = self.client.list_blobs(
                name_starts_with=prefix or None, results_per_page=1, raw_response_hook=note
            ).by_page()
            next(pages, None)
        return time_of(dates[-1]) if dates else None

    def list(self, prefix: str) -> Iterator[tuple[str, int, str]]:
        """See ObjectStore. An account with a hierarchical namespace lists folders too, which are no objects."""
        with self.errors():
            for each in self.client.list_blobs(name_starts_with=prefix or None, include=["metadata"]):
                if not is_folder(each):
                    yield each.name, each.size, each.etag.strip('"')

    def folders(self, prefix: str) -> Iterator[str]:
        """See ObjectStore."""
        from azure.storage.blob import BlobPrefix

        with self.errors():
            for each in self.client.walk_blobs(name_starts_with=prefix or None, delimiter="/"):
                if isinstance(each, BlobPrefix):
                    yield each.name

    def open(self, key: str) -> Guarded:
        """See ObjectStore. Each request after the first asks for the same ETag."""
        with self.errors():
            download = self.client.download_blob(key)
        return Guarded(Download(download), self.errors, download.size, download.properties.etag.strip('"'))

    def write(self, key: str, stream: Readable, size: int) -> None:
        """See ObjectStore. There are 50 000 blocks at most, and the end of the stream is read before the last step."""
        block = max(BLOCK, -(-size // 45_000))
        data = read_block(stream, block)
        with self.errors():
            blob = self.client.get_blob_client(key)
        if len(data) < block:
            with self.errors():
                blob.upload_blob(data, overwrite=True)
            return
        ids: list[Any] = []
        while data:
            with self.errors():
                ids.append(staged(blob, data))
            data = read_block(stream, block)
        with self.errors():
            blob.commit_block_list(ids)

    def remove(self, key: str) -> None:
        """See ObjectStore."""
        with contextlib.suppress(Missing), self.errors():
            self.client.delete_blob(key, delete_snapshots="include")

    def remove_folders(self, path: str) -> None:
        """See ObjectStore. An account with a hierarchical namespace keeps them."""
        with self.errors():
            listed = self.client.list_blobs(name_starts_with=path, include=["metadata"])
            folders = [each.name for each in listed if is_folder(each) and f"{each.name}/".startswith(f"{path}/")]
        # Those within others first.
        for name in sorted(folders, reverse=True):
            with contextlib.suppress(Missing), self.errors():
                self.client.delete_blob(name)


def is_folder(blob: Any) -> bool:
    """Whether what is listed with its metadata is a folder."""
    return (blob.metadata or {}).get("hdi_isfolder") == "true"


class Download:
    """A stream that can be closed, which that of the SDK cannot: it has no connection open between two requests."""

    def __init__(self, download: Any) -> None:
        self.read = download.read

    def close(self) -> None:
        """Nothing is open."""


def read_block(stream: Readable, amount: int) -> bytes:
    """So many bytes, and fewer only at the end of the stream, which was read then."""
    data = b""
    while len(data) < amount:
        part = stream.read(amount - len(data))
        if not part:
            break
        data += part
    return data


def staged(blob: Any, data: bytes) -> Any:
    """A block that waits for the others of its object."""
    from azure.storage.blob import BlobBlock

    name = uuid.uuid4().hex
    blob.stage_block(name, data, length=len(data))
    return BlobBlock(name)
