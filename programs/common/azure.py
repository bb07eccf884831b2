"""Azure Blob Storage: one way to a client, and one table of what its errors mean."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from common.object_store import Changed, Codes, Missing, folder_of
from common.process import Failure, Variables, describe, log

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

# Answers of status 400.
BAD_LOGINS = {"InvalidAuthenticationInfo", "AuthenticationFailed"}
NO_KEY = "a key in the Secret is empty, or the pod has no identity (AZURE_CLIENT_ID, AZURE_TENANT_ID and its token)"


@dataclass(frozen=True)
class ContainerSettings:
    """A folder of a container, and how to log in there."""

    account_url: str
    bucket: str
    codes: Codes
    prefix: str = ""
    # An account key or a SAS. None: the pod has an identity.
    access_key: str | None = field(default=None, repr=False)

    @property
    def folder(self) -> str:
        """What all keys start with: the prefix with a slash at its end, or nothing."""
        return folder_of(self.prefix)

    @property
    def uri(self) -> str:
        """How MLflow begins the locations below the folder."""
        return f"wasbs://{self.bucket}@{urlsplit(self.account_url).netloc}/{self.folder}"

    @property
    def where(self) -> str:
        """Which container it is, for messages."""
        return f"container {self.bucket!r} at {self.account_url}"


@dataclass(frozen=True)
class Names:
    """The variables of a container."""

    account_url: str
    container: str
    prefix: str
    # MLflow's own name: it uses a SAS in its place as well.
    access_key: str = "AZURE_STORAGE_ACCESS_KEY"


def read_container(variables: Variables, names: Names, codes: Codes) -> ContainerSettings | None:
    """A container, or None if the variables name none."""
    container = variables.optional(names.container)
    if container is None:
        return None
    access_key = variables.optional(names.access_key)
    if access_key and (issue := issue_of(access_key)):
        variables.issues.append(f"{names.access_key} {issue}")
    return ContainerSettings(
        account_url=variables.required(names.account_url),
        bucket=container,
        codes=codes,
        prefix=variables.text(names.prefix, ""),
        access_key=access_key,
    )


def is_sas(access_key: str) -> bool:
    """Whether it is a SAS rather than an account key, which has no `&`."""
    return "&" in access_key


def issue_of(access_key: str) -> str | None:
    """Why MLflow could not use something as it is, without any of it."""
    if "AccountKey=" in access_key or "SharedAccessSignature=" in access_key:
        return "is a connection string; use the account key in it alone"
    if "://" in access_key:
        return "is a URL; use the SAS in it alone, which follows the ?"
    if is_sas(access_key):
        if not access_key.isascii() or access_key.split() != [access_key]:
            return "contains a space, a line break or another character that no SAS has"
        return None if parse_qs(access_key.lstrip("?")).get("sig") else "has no signature (sig=), which each SAS has"
    try:
        is_key = bool(base64.b64decode("".join(access_key.split()), validate=True))
    except (binascii.Error, ValueError):
        is_key = False
    return None if is_key else "is neither an account key, which is base64, nor a SAS"


def create_client(settings: ContainerSettings, **config: Any) -> ContainerClient:
    """A client of the container; `config` is that of the SDK: timeouts, retries, sizes."""
    from azure.storage.blob import ContainerClient

    credential: Any = settings.access_key
    if credential is None:
        from azure.identity import WorkloadIdentityCredential

        try:
            credential = WorkloadIdentityCredential()
        except ValueError as error:
            raise Failure(settings.codes.login, f"no login at {settings.account_url}: {NO_KEY}") from error
    return ContainerClient(settings.account_url, settings.bucket, credential=credential, **config)


def create_container(client: ContainerClient, settings: ContainerSettings) -> None:
    """Create a container, unless another pod just does. Raises errors of the SDK."""
    from azure.core.exceptions import ResourceExistsError

    try:
        client.create_container()
    except ResourceExistsError as error:
        if str(getattr(error, "error_code", "")) != "ContainerAlreadyExists":
            raise
    else:
        log(f"created container {settings.bucket!r}")


def failure_of(error: Exception, settings: ContainerSettings) -> Failure | None:
    """What an exception of the SDK amounts to, or None for one of another library."""
    from azure.core import exceptions as azure

    codes, reason = settings.codes, describe(error)
    if isinstance(error, azure.HttpResponseError):
        if is_of_login(error, settings):
            return token_failure(error, codes)
        return answer_failure(error, settings, reason)
    if isinstance(error, azure.AzureError):  # no answer, or half of one
        return Failure(codes.unreachable, f"{settings.where}: {reason}")
    if isinstance(error, OSError):  # the file of the token
        return Failure(codes.login, f"no login at {settings.account_url}: {reason}; {NO_KEY}")
    return None


def answer_failure(error: Any, settings: ContainerSettings, reason: str) -> Failure:
    """What an answer of the store amounts to."""
    codes, status, code = settings.codes, error.status_code or 0, code_of(error)
    if code == "ContainerNotFound":
        return Failure(codes.bucket_missing, f"container {settings.bucket!r} does not exist at {settings.account_url}")
    if code == "BlobNotFound":
        return Missing(codes.other, f"{settings.where}: {reason}")
    if status == 412:
        return Changed(codes.other, f"{settings.where}: {reason}")
    if code == "ContainerBeingDeleted" or status >= 500 or status in (408, 429):
        return Failure(codes.unreachable, f"{settings.where}: {reason}")
    if status in (401, 403) or not status or code in BAD_LOGINS:  # without a status: the key could not sign
        return Failure(codes.login, refusal(settings, status, code))
    return Failure(codes.other, f"{settings.where}: {reason}")


def refusal(settings: ContainerSettings, status: int, code: str) -> str:
    """Why the store may refuse a login of this kind."""
    if settings.access_key is None:
        what, why = "identity", "it has no role there (Storage Blob Data Contributor), or was given it only minutes ago"
    elif is_sas(settings.access_key):
        what, why = "SAS", "it is expired, of another container, or lacks a permission (read, write, delete and list)"
    else:
        what, why = "account key", "it is of another account, was replaced, or keys are disabled there"
    return (
        f"{settings.account_url} refuses container {settings.bucket!r} to this {what} (HTTP {status}, {code}): {why}, "
        "or the firewall of the account does not allow the cluster"
    )


def code_of(error: Any) -> str:
    """The code of an answer, as the documentation of Azure has it."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "no code")


def is_of_login(error: Any, settings: ContainerSettings) -> bool:
    """Whether an error is one of Microsoft Entra ID, which gives tokens, rather than of the store."""
    asked = str(getattr(getattr(error.response, "request", None), "url", settings.account_url))
    return type(error).__module__.startswith("azure.identity") or not asked.startswith(settings.account_url)


def token_failure(error: Any, codes: Codes) -> Failure:
    """What it means that the pod gets no token."""
    status = error.status_code or 0
    if status >= 500:
        return Failure(codes.unreachable, f"Microsoft Entra ID: {describe(error)}")
    message = (
        f"Microsoft Entra ID gives this pod no token for the client {os.environ.get('AZURE_CLIENT_ID')}: "
        f"{describe(error)} (its federated credential must name the issuer of the cluster, the audience "
        "api://AzureADTokenExchange and the ServiceAccount of the pod)"
    )
    return Failure(codes.login, message)
