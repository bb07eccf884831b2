"""A bucket of Google Cloud Storage, as `prepare` checks it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from common import gcs
from common.object_store import Codes, explained
from common.process import log

if TYPE_CHECKING:
    from google.cloud.storage import Client

# Seconds for an answer. None is tried again by Google's client: what goes wrong is logged, and waited for here.
TIMEOUT = 15


class GcsBucket:
    """Implements prepare.bucket.CheckedBucket."""

    name = "Google Cloud Storage"

    def __init__(self, settings: gcs.BucketSettings) -> None:
        self.settings = settings
        self._client: Client | None = None

    @property
    def codes(self) -> Codes:
        """See CheckedBucket."""
        return self.settings.codes

    @contextlib.contextmanager
    def client(self) -> Iterator[Client]:
        """A client, whose errors become failures. MLflow's own would go on without a login if it finds none."""
        with explained(gcs.failure_of, self.settings):
            if self._client is None:
                self._client, _ = gcs.create_client(self.settings, patience=0)
            yield self._client

    def create(self) -> None:
        """See CheckedBucket."""
        with self.client() as client:
            gcs.create_bucket(client, self.settings)

    def check(self) -> None:
        """See CheckedBucket."""
        settings = self.settings
        with gcs.listing(settings), self.client() as client:
            list(client.list_blobs(settings.bucket, prefix=settings.prefix, max_results=1, retry=None, timeout=TIMEOUT))
        log(f"{settings.where} is reachable")
