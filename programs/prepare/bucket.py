"""The bucket of the artifacts: it answers, and exists."""

from __future__ import annotations

from typing import Protocol

from common import azure, gcs
from common.buckets import BucketSettings
from common.object_store import Codes
from common.process import Failure, Wait
from prepare.azure import AzureContainer
from prepare.gcs import GcsBucket
from prepare.s3 import S3Bucket


class CheckedBucket(Protocol):
    """A bucket of one kind of store. Each error is a Failure with one of the codes, or an issue of the settings."""

    # What is waited for, as in "S3".
    name: str

    @property
    def codes(self) -> Codes:
        """What its failures end a program with."""

    def check(self) -> None:
        """List it once as MLflow does, without retries, and log that it is reachable."""

    def create(self) -> None:
        """Create it, unless another pod just does."""


def open_bucket(settings: BucketSettings) -> CheckedBucket:
    """The bucket that settings name, in a store of their kind."""
    if isinstance(settings, gcs.BucketSettings):
        return GcsBucket(settings)
    return AzureContainer(settings) if isinstance(settings, azure.ContainerSettings) else S3Bucket(settings)


def check_bucket(bucket: CheckedBucket, *, timeout: int, create: bool) -> None:
    """Wait until the bucket answers; create it if it is missing and may be created."""
    wait, is_missing = Wait(bucket.name, timeout), False
    while True:
        try:
            if is_missing:
                bucket.create()
                is_missing = False
            bucket.check()
        except Failure as failure:
            if failure.code == bucket.codes.bucket_missing and create:
                create, is_missing = False, True
            elif failure.code != bucket.codes.unreachable or wait.is_over():
                raise
            else:
                wait.again(str(failure))
        else:
            return
