"""A container of Azure Blob Storage, as `prepare` checks it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from common import azure
from common.object_store import Codes, explained
from common.process import log

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

# None of the SDK's own retries: what goes wrong is logged, and waited for here.
CONFIG = {"connection_timeout": 5, "read_timeout": 15, "retry_total": 0}
# How long before its end a SAS is worth a warning.
SOON = timedelta(days=14)


class AzureContainer:
    """Implements prepare.bucket.CheckedBucket."""

    name = "Azure Blob Storage"

    def __init__(self, settings: azure.ContainerSettings) -> None:
        self.settings = settings
        self._client: ContainerClient | None = None

    @property
    def codes(self) -> Codes:
        """See CheckedBucket."""
        return self.settings.codes

    @contextlib.contextmanager
    def client(self) -> Iterator[ContainerClient]:
        """A client, whose errors become failures. With an identity, it gets its first token here."""
        with explained(azure.failure_of, self.settings):
            self._client = self._client or azure.create_client(self.settings, **CONFIG)
            yield self._client

    def create(self) -> None:
        """See CheckedBucket."""
        with self.client() as client:
            azure.create_container(client, self.settings)

    def check(self) -> None:
        """See CheckedBucket."""
        settings = self.settings
        with self.client() as client:
            names = client.list_blob_names(name_starts_with=settings.prefix or None, results_per_page=1)
            next(names.by_page(), None)
        log(f"{settings.where} is reachable")
        end = expiry(settings.access_key or "")
        if end and end - datetime.now(timezone.utc) < SOON:
            log(f"warning: the SAS is valid until {end.isoformat()}; replace it before (docs/azure-blob.md)")


def expiry(access_key: str) -> datetime | None:
    """When a SAS ends. One that refers to a policy of the container says no time."""
    for text in parse_qs(access_key.lstrip("?")).get("se", []):
        with contextlib.suppress(ValueError):
            end = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return end if end.tzinfo else end.replace(tzinfo=timezone.utc)
    return None
