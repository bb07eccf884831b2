"""The bucket of the artifacts: it answers, and exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common import s3
from common.exit_codes import ExitCode
from common.process import Failure, Wait, describe, log

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

# None of boto3's own: what goes wrong is logged, and waited for here.
CONFIG = {"connect_timeout": 5, "read_timeout": 15, "retries": {"max_attempts": 0}}


def check_bucket(settings: s3.BucketSettings, *, timeout: int, create: bool) -> None:
    """List the bucket as MLflow does: a listing, unlike HeadBucket, is answered with the reason of a refusal."""
    from botocore import exceptions as boto

    wait = Wait("S3", timeout)
    try:
        client, is_missing = None, False
        while True:
            try:
                # With an identity, it gets its first keys here.
                client = client or s3.create_client(settings, **CONFIG)
                if is_missing:
                    s3.create_bucket(client, settings)
                    is_missing = False
                listing = client.list_objects_v2(Bucket=settings.bucket, Prefix=settings.prefix, MaxKeys=1)
            except (
                Failure,
                boto.ClientError,
                boto.HTTPClientError,
                boto.ConnectionError,
                boto.CredentialRetrievalError,
            ) as error:
                failure = error if isinstance(error, Failure) else s3.failure_of(error, settings)
                if failure is None:
                    raise
                if failure.code == settings.codes.bucket_missing and create:
                    create, is_missing = False, True
                elif failure.code != settings.codes.unreachable or wait.is_over():
                    raise failure from error
                else:
                    wait.again(str(failure))
            else:
                check_listing(client, listing, settings)
                return
    except (boto.NoCredentialsError, boto.PartialCredentialsError) as error:
        raise Failure(settings.codes.login, f"no S3 credentials: {describe(error)}; {s3.NO_KEYS}") from error
    except (boto.BotoCoreError, ValueError) as error:
        raise Failure(ExitCode.CONFIGURATION, f"S3, {settings.where}: {describe(error)}") from error


def check_listing(client: S3Client, listing: ListObjectsV2OutputTypeDef, settings: s3.BucketSettings) -> None:
    """What answered is an S3 server, of the bucket's own region."""
    if "Name" not in listing:
        raise Failure(settings.codes.other, f"what answers at {settings.address} is not an S3 server")
    log(f"{settings.where} is reachable")
    if listing["ResponseMetadata"].get("RetryAttempts"):  # it retries nothing else; an upload may not get that far
        log(
            f"warning: the store sent the request on to another region than {client.meta.region_name}; set "
            "artifacts.s3.region to the bucket's, or uploads may fail"
        )
