"""What the variables of the Jobs of backup and restore say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backup import bucket_names
from backup.files import FilesSettings
from common import object_store, postgresql
from common.buckets import BucketSettings, read_bucket
from common.process import Variables

VERIFICATION_SPACE = "backup.verification.temporaryStorage"


@dataclass(frozen=True)
class Retention:
    """How many backups stay, and for how many seconds; None: whatever their age."""

    count: int
    seconds: int | None
    # The longest time between two runs of the schedule, in seconds.
    interval: int


@dataclass(frozen=True)
class Request:
    """What a person asks of a restore."""

    # Its name, "latest", or "list" to see which ones exist.
    backup: str
    overwrite: bool
    with_artifacts: bool


@dataclass(frozen=True)
class Verification:
    """How much a verification may use, and reads."""

    # Temporary storage in MiB; None: as much as there is.
    room: int | None
    # Of the artifacts, in each run.
    percentage: int


@dataclass(frozen=True)
class Settings:
    """All of it. Passwords of PostgreSQL are not part of it: libpq reads them."""

    tracking_database: str
    auth_database: str | None
    # Whose backups they are, as in "mlflow/mlflow".
    instance: str
    # Where this program and the container with PostgreSQL's programs meet.
    work: str
    # The key that says how much space it has.
    space: str
    connect: postgresql.ConnectOptions
    lock_timeout: int
    create_databases: bool
    # Where backups are stored: a folder, or a folder in a bucket.
    destination: str | BucketSettings
    # Where artifacts are, when they are part of it.
    artifacts: BucketSettings | FilesSettings | None
    create_bucket: bool
    retention: Retention
    # A person looked, and that there is less than before is intended.
    accept_fewer: bool
    request: Request
    verification: Verification

    @property
    def databases(self) -> dict[str, str]:
        """Label and name of each database. One that contains both schemas is there once."""
        names = {"tracking": self.tracking_database}
        if self.auth_database and self.auth_database != self.tracking_database:
            names["auth"] = self.auth_database
        return names


def read_settings(environment: Mapping[str, str], *, logs_in: bool = True) -> Settings:
    """All variables at once, so that one message names all issues in them. An empty one counts as not set.

    `logs_in`: whether the program uses the databases of the instance, as all but the verification do.
    """
    variables = Variables(environment)
    if logs_in:
        postgresql.require_variables(variables)
    timeout = variables.number("BACKUP_TIMEOUT", 300)
    artifacts = read_artifacts(variables)
    settings = Settings(
        tracking_database=variables.required("BACKUP_TRACKING_DATABASE"),
        auth_database=variables.optional("BACKUP_AUTH_DATABASE"),
        instance=variables.text("BACKUP_INSTANCE", "mlflow"),
        work=variables.required("BACKUP_WORK"),
        space="backup.temporaryStorage" if logs_in else VERIFICATION_SPACE,
        connect=postgresql.ConnectOptions(
            timeout=timeout,
            login_grace=variables.number("BACKUP_LOGIN_GRACE", 60),
            maintenance_database=variables.text("BACKUP_MAINTENANCE_DATABASE", "postgres"),
        ),
        lock_timeout=variables.number("BACKUP_LOCK_TIMEOUT", timeout),
        create_databases=variables.flag("BACKUP_CREATE_DATABASES"),
        destination=read_destination(variables),
        artifacts=artifacts,
        # A new volume is empty.
        create_bucket=isinstance(artifacts, FilesSettings) or variables.flag("BACKUP_CREATE_BUCKET"),
        retention=Retention(
            count=variables.number("BACKUP_RETENTION_COUNT", 14),
            seconds=variables.optional_number("BACKUP_RETENTION_SECONDS"),
            interval=variables.number("BACKUP_INTERVAL_SECONDS", 86_400),
        ),
        accept_fewer=variables.flag("ACCEPT_FEWER"),
        request=Request(
            backup=variables.text("BACKUP", "latest"),
            overwrite=variables.flag("OVERWRITE"),
            with_artifacts=variables.flag("ARTIFACTS", True),
        ),
        verification=Verification(
            room=variables.optional_number("BACKUP_ROOM"),
            percentage=variables.number("BACKUP_ARTIFACT_PERCENTAGE", 100),
        ),
    )
    variables.check()
    return settings


def read_destination(variables: Variables) -> str | BucketSettings:
    """A bucket, or the folder of a volume."""
    return read_bucket(variables, bucket_names.STORE, object_store.STORE) or variables.required("BACKUP_FOLDER")


def read_artifacts(variables: Variables) -> BucketSettings | FilesSettings | None:
    """A bucket, or the folder of a volume."""
    folder = variables.optional("BACKUP_ARTIFACTS_FOLDER")
    if folder:
        return FilesSettings(folder.rstrip("/"))
    return read_bucket(variables, bucket_names.ARTIFACTS, object_store.ARTIFACTS)
