"""What the variables of the init container say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from common import azure, gcs, object_store, postgresql, s3
from common.buckets import BucketSettings, Names, read_bucket
from common.exit_codes import ExitCode
from common.process import Variables

# What a user may do with everything, the least first: each allows what those before it do.
PERMISSIONS = ("NO_PERMISSIONS", "READ", "EDIT", "MANAGE")
TLS_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
BUCKET = Names(
    s3=s3.Names(bucket="PREPARE_BUCKET", prefix="PREPARE_BUCKET_PREFIX"),
    gcs=gcs.Names(bucket="PREPARE_GCS_BUCKET", prefix="PREPARE_BUCKET_PREFIX"),
    azure=azure.Names("PREPARE_AZURE_ACCOUNT_URL", "PREPARE_AZURE_CONTAINER", "PREPARE_AZURE_PREFIX"),
)
# A store with no room still lists what it has, later if not now.
BUCKET_CODES = replace(object_store.ARTIFACTS, full=ExitCode.S3_UNREACHABLE, invalid=ExitCode.CONFIGURATION)


@dataclass(frozen=True)
class User:
    """A user that the environment declares, and what its Secret contains."""

    name: str
    permission: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Auth:
    """Basic authentication: its database, its accounts, and the file that the server reads."""

    database: str
    admin_username: str
    admin_password: str = field(repr=False)
    # Whether a password may have "any" characters or "ascii" alone.
    characters: str
    sync_admin_password: bool
    users: tuple[User, ...]
    default_permission: str
    cache_seconds: int | None
    config_path: str


@dataclass(frozen=True)
class App:
    """An authentication app in place of basic authentication: its entry point, and its database if it has one."""

    name: str
    database: str | None


@dataclass(frozen=True)
class Settings:
    """All of it."""

    tracking_database: str
    create_databases: bool
    connect: postgresql.ConnectOptions
    # "auto", "create" (only a first schema) or "check" (nothing).
    migrate: str
    servers_timeout: int
    metrics: bool
    auth: Auth | None
    app: App | None
    bucket: BucketSettings | None
    create_bucket: bool
    # The folder of the artifacts, if they are files on a volume.
    folder: str | None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """All variables at once, so that one message names all issues in them. An empty one counts as not set."""
    variables = Variables(environment)
    postgresql.require_variables(variables)
    variables.optional_number("PGPORT")
    variables.choice("PGSSLMODE", "prefer", *TLS_MODES)
    auth_database = _database(variables, "PREPARE_AUTH_DATABASE", variables.text("PREPARE_AUTH_DATABASE", ""))
    tracking_database = variables.required("PREPARE_TRACKING_DATABASE")
    _database(variables, "PREPARE_TRACKING_DATABASE", tracking_database)
    maintenance_database = variables.text("PREPARE_MAINTENANCE_DATABASE", "postgres")
    create_databases = variables.flag("PREPARE_CREATE_DATABASES")
    migrate = variables.choice("PREPARE_MIGRATE", "auto", "auto", "create", "check")
    connect = postgresql.ConnectOptions(
        timeout=variables.number("PREPARE_TIMEOUT", 300),
        login_grace=variables.number("PREPARE_LOGIN_GRACE", 60),
        maintenance_database=maintenance_database,
    )
    settings = Settings(
        tracking_database=tracking_database,
        create_databases=create_databases,
        connect=connect,
        migrate=migrate,
        servers_timeout=variables.number("PREPARE_SERVERS_TIMEOUT", 60),
        auth=_auth(variables, auth_database) if auth_database else None,
        app=_app(variables),
        metrics=variables.flag("PREPARE_METRICS"),
        bucket=read_bucket(variables, BUCKET, BUCKET_CODES),
        create_bucket=variables.flag("PREPARE_CREATE_BUCKET"),
        folder=variables.optional("PREPARE_ARTIFACTS_FOLDER"),
    )
    variables.check()
    return settings


def _database(variables: Variables, name: str, value: str) -> str:
    if re.search("[%?]", value):  # SQLAlchemy 2.0 and 2.1 read these differently in a URI
        variables.issues.append(f"{name} contains a percent sign or a question mark; use another name for the database")
    return value


def _auth(variables: Variables, database: str) -> Auth:
    return Auth(
        database=database,
        admin_username=variables.required("PREPARE_ADMIN_USERNAME"),
        admin_password=variables.required("PREPARE_ADMIN_PASSWORD"),
        characters=variables.choice("PREPARE_ADMIN_CHARACTERS", "any", "any", "ascii"),
        sync_admin_password=variables.flag("PREPARE_SYNC_ADMIN_PASSWORD", True),
        users=_users(variables),
        default_permission=variables.choice(
            "PREPARE_DEFAULT_PERMISSION", "READ", "READ", "EDIT", "MANAGE", "NO_PERMISSIONS"
        ),
        cache_seconds=variables.optional_number("PREPARE_AUTH_CACHE_SECONDS"),
        config_path=variables.text("MLFLOW_AUTH_CONFIG_PATH", "/tmp/auth_config_resolved.ini"),
    )


def _app(variables: Variables) -> App | None:
    name, database = variables.optional("PREPARE_APP_NAME"), variables.optional("PREPARE_APP_DATABASE")
    return App(name, _database(variables, "PREPARE_APP_DATABASE", database) if database else None) if name else None


def _users(variables: Variables) -> tuple[User, ...]:
    prefixes = (f"PREPARE_USER_{number}" for number in itertools.count())
    declared = itertools.takewhile(lambda prefix: variables.optional(f"{prefix}_NAME"), prefixes)
    return tuple(
        User(
            name=variables.text(f"{prefix}_NAME", ""),
            permission=variables.choice(f"{prefix}_PERMISSION", "", *PERMISSIONS),
            username=variables.required(f"{prefix}_USERNAME"),
            password=variables.required(f"{prefix}_PASSWORD"),
        )
        for prefix in declared
    )
