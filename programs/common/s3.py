"""S3: one way to a client, and one table of what its errors mean."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.object_store import Codes, Missing, folder_of, invalid_failure
from common.process import Failure, Variables, describe, log, without_login

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FULL_CODES = {
    "XMinioStorageFull",
    "QuotaExceeded",
    "XMinioAdminBucketQuotaExceeded",
    "InsufficientCapacity",
    "NotEnoughSpace",
}


NO_KEYS = (
    "a key in the Secret is empty, or the identity of the pod has no role: with EKS Pod Identity, the association "
    "must exist before the pod starts"
)
# How botocore begins to say that the agent answered with 4xx.
REFUSED_BY_AGENT = "non 200 response 4"


@dataclass(frozen=True)
class BucketSettings:
    """A folder of a bucket, and how to reach it. What is None, boto3 reads from its own variables."""

    bucket: str
    codes: Codes
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    addressing: str = "auto"
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    # False: any certificate; a path: those that it signs.
    verify: bool | str | None = None
    # What each upload requests of the store: "AES256" or "aws:kms", and the key of the latter.
    encryption: str | None = None
    kms_key: str | None = None

    @property
    def folder(self) -> str:
        """What all keys start with: the prefix with a slash at its end, or nothing."""
        return folder_of(self.prefix)

    @property
    def uri(self) -> str:
        """How MLflow begins the locations below the folder."""
        return f"s3://{self.bucket}/{self.folder}"

    @property
    def address(self) -> str:
        """Where the bucket is, for messages."""
        return without_login(self.endpoint or "AWS")

    @property
    def where(self) -> str:
        """Which bucket it is, for messages."""
        return f"bucket {self.bucket!r} at {self.address}"


@dataclass(frozen=True)
class Names:
    """The variables of a bucket: as MLflow has them, except where a program says otherwise.

    What has no name here, boto3 reads from its own variables.
    """

    bucket: str
    prefix: str
    endpoint: str = "MLFLOW_S3_ENDPOINT_URL"
    addressing: str = "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE"
    ignore_tls: str | None = "MLFLOW_S3_IGNORE_TLS"
    ca_bundle: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    encryption: str | None = None
    kms_key: str | None = None


def read_bucket(variables: Variables, names: Names, codes: Codes) -> BucketSettings | None:
    """A bucket, or None if the variables name none."""
    bucket = variables.optional(names.bucket)
    if bucket is None:
        return None
    ignored = variables.optional(names.ignore_tls) if names.ignore_tls else None
    bundle = variables.optional(names.ca_bundle) if names.ca_bundle else None
    access_key, secret_key = read_keys(variables, names)
    return BucketSettings(
        bucket=bucket,
        codes=codes,
        prefix=variables.text(names.prefix, ""),
        endpoint=variables.optional(names.endpoint),
        region=variables.optional(names.region) if names.region else None,
        addressing=variables.choice(names.addressing, "auto", "auto", "path", "virtual"),
        access_key=access_key,
        secret_key=secret_key,
        encryption=variables.optional(names.encryption) if names.encryption else None,
        kms_key=variables.optional(names.kms_key) if names.kms_key else None,
        verify=False if ignored and ignored.lower() in ("true", "1") else bundle,
    )


def read_keys(variables: Variables, names: Names) -> tuple[str | None, str | None]:
    """Both keys, or neither: then boto3 looks for them, and finds those of the identity that the pod has."""
    both = [name for name in (names.access_key, names.secret_key) if name]
    if not any(variables.optional(name) for name in both):
        return None, None
    access_key, secret_key = (variables.required(name) for name in both)
    return access_key, secret_key


def create_client(settings: BucketSettings, **config: Any) -> S3Client:
    """A client of boto3; `config` is botocore's: timeouts, retries, connections."""
    import boto3
    from botocore.client import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=settings.endpoint,
        region_name=settings.region,
        verify=settings.verify,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        config=Config(s3={"addressing_style": settings.addressing}, **config),  # type: ignore[arg-type]  # a checked choice
    )


def answer_of(error: Exception) -> tuple[str | None, int]:
    """The code and the HTTP status that a server answered with, if this is an error with an answer."""
    response = getattr(error, "response", None) or {}
    return response.get("Error", {}).get("Code"), response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def failure_of(error: Exception, settings: BucketSettings) -> Failure | None:
    """What an exception of boto3 amounts to, or None for one of another library."""
    from boto3.exceptions import Boto3Error
    from botocore import exceptions as boto

    codes = settings.codes
    if isinstance(error, boto.ClientError):
        code, status = answer_of(error)
        reason = describe(error)
        if error.operation_name == "AssumeRoleWithWebIdentity":
            return role_failure(codes, status, reason)
        if "html" in error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("content-type", ""):
            reason += " (the answer is a web page; is this the address of the S3 API?)"
        if code == "NoSuchBucket":
            return Failure(codes.bucket_missing, f"bucket {settings.bucket!r} does not exist at {settings.address}")
        if code in ("NoSuchKey", "404"):
            return Missing(codes.other, f"{settings.where}: {reason}")
        if code in FULL_CODES or status == 507:
            return Failure(codes.full, f"{settings.where}: {reason}")
        if status in (401, 403) or code == "XAdminUserNotFound":  # versitygw's word for an unknown key
            message = (
                f"{settings.address} refuses bucket {settings.bucket!r} to this access key (HTTP {status}, {code}): "
                "wrong key, wrong secret, no permission, or a clock more than 15 minutes off"
            )
            return Failure(codes.login, message)
        return Failure(codes.unreachable if status >= 500 else codes.other, f"{settings.where}: {reason}")
    if isinstance(error, (boto.HTTPClientError, boto.ConnectionError)):
        return Failure(codes.unreachable, f"{settings.where}: {describe(error)}")
    if isinstance(error, (boto.NoCredentialsError, boto.PartialCredentialsError)):
        return Failure(codes.login, f"no S3 credentials: {describe(error)}; {NO_KEYS}")
    if isinstance(error, boto.CredentialRetrievalError):
        # The agent of the node refuses for good, or cannot be reached yet.
        refused = REFUSED_BY_AGENT in str(error)
        return Failure(
            codes.login if refused else codes.unreachable, f"no S3 credentials: {describe(error)}; {NO_KEYS}"
        )
    if isinstance(error, boto.BotoCoreError):  # of its own checks: nothing was sent
        return invalid_failure(error, settings)
    if isinstance(error, Boto3Error):
        return Failure(codes.other, f"{settings.where}: {describe(error)}")
    return None


def role_failure(codes: Codes, status: int, reason: str) -> Failure:
    """What it means that STS gives no keys for the token of the pod."""
    if status >= 500:
        return Failure(codes.unreachable, f"STS: {reason}")
    message = (
        f"STS does not give this pod the role {os.environ.get('AWS_ROLE_ARN')}: {reason} (its trust policy must name "
        "the issuer of the cluster, the audience and the ServiceAccount of the pod)"
    )
    return Failure(codes.login, message)


def create_bucket(client: S3Client, settings: BucketSettings) -> None:
    """Create a bucket, unless another pod just does."""
    region = client.meta.region_name
    in_region = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    more: Any = {} if region in (None, "us-east-1", "aws-global") else in_region
    try:
        client.create_bucket(Bucket=settings.bucket, **more)
        log(f"created bucket {settings.bucket!r}")
    except Exception as error:
        if answer_of(error)[0] in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):  # another pod was faster
            return
        failure = failure_of(error, settings)
        if failure is None:
            raise
        raise Failure(failure.code, f"cannot create the bucket: {failure}") from error
