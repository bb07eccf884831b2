"""Google Cloud Storage: one way to a client, and one table of what its errors mean."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.exit_codes import ExitCode
from common.object_store import Changed, Codes, Missing, explained, folder_of
from common.process import Failure, Variables, Wait, describe, log, without_login

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession
    from google.cloud.storage import Client

# Seconds in which a pod has its identity.
PATIENCE = 30
URL = "https://storage.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/devstorage.full_control",)
# What the API says of an object whose bucket is missing.
NO_BUCKET = "bucket does not exist"
NO_LOGIN = (
    "with identity, the pods must run on GKE with Workload Identity Federation; without, the Secret must contain "
    "the key file of a service account"
)


@dataclass(frozen=True)
class BucketSettings:
    """A folder of a bucket, and how to reach it. What is None, Google's client finds by itself."""

    bucket: str
    codes: Codes
    prefix: str = ""
    key_file: str | None = None
    endpoint: str | None = None
    project: str | None = None

    @property
    def folder(self) -> str:
        """What all keys start with: the prefix with a slash at its end, or nothing."""
        return folder_of(self.prefix)

    @property
    def uri(self) -> str:
        """How MLflow begins the locations below the folder."""
        return f"gs://{self.bucket}/{self.folder}"

    @property
    def address(self) -> str:
        """Where the bucket is, for messages."""
        return without_login(self.endpoint or "Google Cloud Storage")

    @property
    def where(self) -> str:
        """Which bucket it is, for messages."""
        return f"bucket {self.bucket!r} at {self.address}"


@dataclass(frozen=True)
class Names:
    """The variables of a bucket."""

    bucket: str
    prefix: str
    endpoint: str = "API_ENDPOINT_OVERRIDE"
    key_file: str = "GOOGLE_APPLICATION_CREDENTIALS"


def read_bucket(variables: Variables, names: Names, codes: Codes) -> BucketSettings | None:
    """A bucket, or None if the variables name none."""
    bucket = variables.optional(names.bucket)
    if bucket is None:
        return None
    return BucketSettings(
        bucket=bucket,
        codes=codes,
        prefix=variables.text(names.prefix, ""),
        key_file=variables.optional(names.key_file),
        endpoint=variables.optional(names.endpoint),
        project=variables.optional("GOOGLE_CLOUD_PROJECT"),
    )


def create_client(settings: BucketSettings, patience: float = PATIENCE) -> tuple[Client, AuthorizedSession]:
    """A client of Google, and the session by which it sends requests. `patience`: seconds to wait for an identity."""
    require_package()
    import google.auth
    from google.auth.transport.requests import AuthorizedSession
    from google.cloud import storage

    if settings.key_file:
        credentials, project = google.auth.load_credentials_from_file(settings.key_file, scopes=SCOPES)
    else:
        credentials, project = credentials_of_pod(patience)
    session = AuthorizedSession(credentials)
    options = {"api_endpoint": settings.endpoint} if settings.endpoint else None
    client = storage.Client(
        project=settings.project or project, credentials=credentials, client_options=options, _http=session
    )
    return client, session


def credentials_of_pod(patience: float) -> tuple[Any, str | None]:
    """The login of the pod's identity, and its project. The metadata server of GKE needs seconds for a new pod."""
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    wait = Wait("a login for Google Cloud Storage", patience)
    while True:
        try:
            return google.auth.default(scopes=SCOPES)  # type: ignore[no-any-return]
        except DefaultCredentialsError as error:
            if wait.is_over():
                raise
            wait.again(describe(error))


def require_package() -> None:
    """Fail by a message that says what to do if the image lacks the client, which MLflow needs too."""
    try:
        import google.cloud.storage  # noqa: F401
    except ModuleNotFoundError as error:
        message = (
            f"this image lacks the Python module {error.name!r}: use an image with the package google-cloud-storage "
            "(docs/google-cloud-storage.md says how to build one)"
        )
        raise Failure(ExitCode.CONFIGURATION, message) from error


def known_errors() -> tuple[type[Exception], ...]:
    """The exceptions that failure_of() explains."""
    import requests
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.storage import exceptions as storage

    return (GoogleAPIError, GoogleAuthError, storage.InvalidResponse, storage.DataCorruption, requests.RequestException)


def failure_of(error: Exception, settings: BucketSettings) -> Failure | None:
    """What an exception of Google's client amounts to, or None for one of another library."""
    from google.auth import exceptions as auth

    codes = settings.codes
    if not isinstance(error, known_errors()):
        return None
    # One that was tried again for too long names what it failed with.
    causes = list(_causes(error))
    status = next(filter(None, map(_status, causes)), 0)
    reason = describe(error)
    if isinstance(error, auth.DefaultCredentialsError):
        code = codes.login if settings.key_file else codes.unreachable
        return Failure(code, f"no login for Google Cloud Storage: {reason}; {NO_LOGIN}")
    if isinstance(error, auth.RefreshError):
        if getattr(error, "retryable", False) or any(isinstance(each, auth.TransportError) for each in causes):
            return Failure(codes.unreachable, f"no token for Google Cloud Storage: {reason}")
        return Failure(codes.login, f"no token for Google Cloud Storage: {reason}; {NO_LOGIN}")
    if status == 404:
        if NO_BUCKET in reason:
            return missing_bucket(settings)
        return Missing(codes.other, f"{settings.where}: {reason}")
    if status == 412:
        return Changed(codes.other, f"{settings.where}: {reason}")
    if status in (401, 403):
        message = (
            f"{settings.address} refuses bucket {settings.bucket!r} to this service account (HTTP {status}): {reason} "
            "(grant it the role Storage Object User on the bucket)"
        )
        return Failure(codes.login, message)
    if status in (408, 429) or status >= 500 or status == 0:
        return Failure(codes.unreachable, f"{settings.where}: {reason}")
    return Failure(codes.other, f"{settings.where}: {reason}")


def missing_bucket(settings: BucketSettings) -> Failure:
    """There is no such bucket."""
    return Failure(settings.codes.bucket_missing, f"bucket {settings.bucket!r} does not exist at {settings.address}")


@contextlib.contextmanager
def listing(settings: BucketSettings) -> Iterator[None]:
    """Turn errors of a listing into failures: it misses nothing but the bucket."""
    try:
        with explained(failure_of, settings):
            yield
    except Missing as failure:
        raise missing_bucket(settings) from failure


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: list[Any] = [error]
    while found and len(found) < 10:
        each = found.pop()
        if isinstance(each, BaseException):
            yield each
            found += [each.__cause__, getattr(each, "cause", None), *each.args]


def _status(error: BaseException) -> int:
    """The HTTP status that a server answered with, if this is an error with an answer."""
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", 0) or getattr(error, "code", 0) or 0)


def create_bucket(client: Client, settings: BucketSettings) -> None:
    """Create a bucket, unless another pod just does."""
    from google.api_core.exceptions import Conflict

    try:
        client.create_bucket(settings.bucket)
        log(f"created bucket {settings.bucket!r}")
    except Conflict:
        return
    except ValueError as error:  # without a project
        raise Failure(settings.codes.other, f"cannot create the bucket: {describe(error)}") from error
    except Exception as error:
        failure = failure_of(error, settings)
        if failure is None:
            raise
        raise Failure(failure.code, f"cannot create the bucket: {failure}") from error
