"""A bucket of S3, as `prepare` checks it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from common import s3
from common.object_store import Codes, explained
from common.process import Failure, log

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# None of boto3's own: what goes wrong is logged, and waited for here.
CONFIG = {"connect_timeout": 5, "read_timeout": 15, "retries": {"max_attempts": 0}}


class S3Bucket:
    """Implements prepare.bucket.CheckedBucket."""

    name = "S3"

    def __init__(self, settings: s3.BucketSettings) -> None:
        self.settings = settings
        self._client: S3Client | None = None

    @property
    def codes(self) -> Codes:
        """See CheckedBucket."""
        return self.settings.codes

    @contextlib.contextmanager
    def client(self) -> Iterator[S3Client]:
        """A client, whose errors become failures. With an identity, it gets its first keys here."""
        with explained(s3.failure_of, self.settings):
            self._client = self._client or s3.create_client(self.settings, **CONFIG)
            yield self._client

    def create(self) -> None:
        """See CheckedBucket."""
        with self.client() as client:
            s3.create_bucket(client, self.settings)

    def check(self) -> None:
        """See CheckedBucket. A listing, unlike HeadBucket, is answered with the reason of a refusal."""
        settings = self.settings
        with self.client() as client:
            listing = client.list_objects_v2(Bucket=settings.bucket, Prefix=settings.prefix, MaxKeys=1)
        if "Name" not in listing:
            raise Failure(settings.codes.other, f"what answers at {settings.address} is not an S3 server")
        log(f"{settings.where} is reachable")
        if listing["ResponseMetadata"].get("RetryAttempts"):  # it retries nothing else; an upload may not get that far
            log(
                f"warning: the store sent the request on to another region than {client.meta.region_name}; set "
                "artifacts.s3.region to the bucket's, or uploads may fail"
            )
