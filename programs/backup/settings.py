"""What the variables of the Jobs of backup and restore say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common import postgresql, s3
from common.exit_codes import ExitCode
from common.process import Variables

STORE = s3.Codes(
    unreachable=ExitCode.STORE_UNREACHABLE,
    login=ExitCode.STORE_LOGIN,
    bucket_missing=ExitCode.STORE_BUCKET_MISSING,
    full=ExitCode.STORE_FULL,
    other=ExitCode.STORE_OTHER,
)


@dataclass(frozen=True)
class Retention:
    """How many backups stay, and for how many seconds; None: whatever their age."""

    count: int
    seconds: int | None


@dataclass(frozen=True)
class Request:
    """What a person asks of a restore."""

    # Its name, "latest", or "list" to see which ones exist.
    backup: str
    overwrite: bool
    with_artifacts: bool


@dataclass(frozen=True)
class Settings:
    """All of it. Passwords of PostgreSQL are not part of it: libpq reads them."""

    tracking_database: str
    auth_database: str | None
    # Whose backups they are, as in "mlflow/mlflow".
    instance: str
    # Where this program and the container with PostgreSQL's programs meet.
    work: str
    connect: postgresql.ConnectOptions
    lock_timeout: int
    create_databases: bool
    # Where backups are stored: a folder, or a folder in a bucket.
    destination: str | s3.BucketSettings
    # Where artifacts are, when they are part of it.
    artifacts: s3.BucketSettings | None
    create_bucket: bool
    retention: Retention
    # A person looked, and that there is less than before is intended.
    accept_fewer: bool
    request: Request

    @property
    def databases(self) -> dict[str, str]:
        """Label and name of each database. One that contains both schemas is there once."""
        names = {"tracking": self.tracking_database}
        if self.auth_database and self.auth_database != self.tracking_database:
            names["auth"] = self.auth_database
        return names


def read_settings(environment: Mapping[str, str]) -> Settings:
    """All variables at once, so that one message names all issues in them. An empty one counts as not set."""
    variables = Variables(environment)
    postgresql.require_variables(variables)
    timeout = variables.number("BACKUP_TIMEOUT", 300)
    settings = Settings(
        tracking_database=variables.required("BACKUP_TRACKING_DATABASE"),
        auth_database=variables.optional("BACKUP_AUTH_DATABASE"),
        instance=variables.text("BACKUP_INSTANCE", "mlflow"),
        work=variables.required("BACKUP_WORK"),
        connect=postgresql.ConnectOptions(
            timeout=timeout,
            login_grace=variables.number("BACKUP_LOGIN_GRACE", 60),
            maintenance_database=variables.text("BACKUP_MAINTENANCE_DATABASE", "postgres"),
        ),
        lock_timeout=variables.number("BACKUP_LOCK_TIMEOUT", timeout),
        create_databases=variables.flag("BACKUP_CREATE_DATABASES"),
        destination=_destination(variables),
        artifacts=_artifacts(variables),
        create_bucket=variables.flag("BACKUP_CREATE_BUCKET"),
        retention=Retention(
            count=variables.number("BACKUP_RETENTION_COUNT", 14),
            seconds=variables.optional_number("BACKUP_RETENTION_SECONDS"),
        ),
        accept_fewer=variables.flag("ACCEPT_FEWER"),
        request=Request(
            backup=variables.text("BACKUP", "latest"),
            overwrite=variables.flag("OVERWRITE"),
            with_artifacts=variables.flag("ARTIFACTS", True),
        ),
    )
    variables.check()
    return settings


def _destination(variables: Variables) -> str | s3.BucketSettings:
    bucket = variables.optional("BACKUP_BUCKET")
    if bucket is None:
        return variables.required("BACKUP_FOLDER")
    return s3.BucketSettings(
        bucket=bucket,
        codes=STORE,
        prefix=variables.text("BACKUP_PREFIX", ""),
        endpoint=variables.optional("BACKUP_S3_ENDPOINT_URL"),
        region=variables.optional("BACKUP_AWS_DEFAULT_REGION"),
        addressing=variables.text("BACKUP_S3_ADDRESSING_STYLE", "auto"),
        access_key=variables.required("BACKUP_AWS_ACCESS_KEY_ID"),
        secret_key=variables.required("BACKUP_AWS_SECRET_ACCESS_KEY"),
        verify=variables.optional("BACKUP_AWS_CA_BUNDLE"),
    )


def _artifacts(variables: Variables) -> s3.BucketSettings | None:
    bucket = variables.optional("BACKUP_ARTIFACTS_BUCKET")
    if bucket is None:
        return None
    return s3.BucketSettings(
        bucket=bucket,
        codes=s3.ARTIFACTS,
        prefix=variables.text("BACKUP_ARTIFACTS_PREFIX", ""),
        endpoint=variables.optional("MLFLOW_S3_ENDPOINT_URL"),
        region=variables.optional("AWS_DEFAULT_REGION"),
        addressing=variables.text("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", "auto"),
        access_key=variables.required("AWS_ACCESS_KEY_ID"),
        secret_key=variables.required("AWS_SECRET_ACCESS_KEY"),
        verify=variables.optional("BACKUP_ARTIFACTS_CA_BUNDLE"),
    )
