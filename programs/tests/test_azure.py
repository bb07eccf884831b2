"""Azure Blob Storage: logins, and what errors mean."""

import base64
from datetime import datetime, timezone

import pytest

from backup import bucket_names
from common import azure, object_store
from common.exit_codes import ExitCode
from common.object_store import Changed, Missing
from common.process import Variables, redact
from prepare import settings as prepare
from prepare.azure import expiry
from tests.azure_modules import URL, AzureError, HttpResponseError, azure_modules, settings

__all__ = ["azure_modules"]

KEY = base64.b64encode(bytes(range(192, 256))).decode()
SAS = "se=2030-01-01T00%3A00%3A00Z&sp=rcwdl&sv=2026-10-06&sr=c&sig=a%2Bb%2Fc%3D"


@pytest.mark.parametrize("login", [KEY, f"{KEY}\n", SAS, f"?{SAS}", "sv=1&sig=x"])
def test_an_account_key_and_a_sas_are_logins(login):
    assert azure.issue_of(login) is None


@pytest.mark.parametrize(
    ("login", "issue"),
    [
        (f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={KEY}", "is a connection string"),
        (f"BlobEndpoint={URL};SharedAccessSignature={SAS}", "is a connection string"),
        (f"{URL}/mlflow?{SAS}", "is a URL"),
        (f"{SAS}\n", "contains a space, a line break"),
        (f" {SAS}", "contains a space, a line break"),
        (SAS.replace("sv", "ß"), "another character"),
        ("sv=1&se=2", "has no signature"),
        ("sv=1&sig=", "has no signature"),
        ("no key", "is neither an account key"),
        (KEY[:-1], "is neither an account key"),
        (f"-{KEY}", "is neither an account key"),
        ("pässwörd", "is neither an account key"),
    ],
)
def test_what_cannot_work_is_named_without_its_value(login, issue):
    found = azure.issue_of(login)
    assert found is not None
    assert issue in found
    assert login not in found


READERS = [
    (prepare.BUCKET.azure, prepare.BUCKET_CODES),
    (bucket_names.ARTIFACTS.azure, object_store.ARTIFACTS),
    (bucket_names.STORE.azure, object_store.STORE),
]


@pytest.mark.parametrize(("names", "codes"), READERS)
def test_a_container_is_read_from_its_own_variables(names, codes):
    given = {name: name for name in vars(names).values()} | {names.access_key: KEY}
    variables = Variables(given)
    found = azure.read_container(variables, names, codes)
    variables.check()
    assert found == azure.ContainerSettings(names.account_url, names.container, codes, names.prefix, KEY)
    assert azure.read_container(Variables({}), names, codes) is None


LOGIN = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token"


@pytest.mark.usefixtures("azure_modules")
@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (AzureError("no answer"), ExitCode.S3_UNREACHABLE, "no answer"),
        (HttpResponseError(status=503, code="ServerBusy"), ExitCode.S3_UNREACHABLE, "container 'mlflow'"),
        (HttpResponseError(status=429), ExitCode.S3_UNREACHABLE, "container 'mlflow'"),
        (HttpResponseError(status=409, code="ContainerBeingDeleted"), ExitCode.S3_UNREACHABLE, "mlflow"),
        (HttpResponseError(status=404, code="ContainerNotFound"), ExitCode.S3_BUCKET_MISSING, "does not exist"),
        (HttpResponseError(status=403, code="AuthorizationFailure"), ExitCode.S3_LOGIN, "AuthorizationFailure"),
        (HttpResponseError(status=401, code="NoAuthenticationInformation"), ExitCode.S3_LOGIN, "HTTP 401"),
        (HttpResponseError(status=400, code="InvalidAuthenticationInfo"), ExitCode.S3_LOGIN, "HTTP 400"),
        (HttpResponseError(status=409, code="BlobImmutableDueToPolicy"), ExitCode.S3_OTHER, "mlflow"),
        (HttpResponseError("AADSTS7", status=401, url=LOGIN), ExitCode.S3_LOGIN, "Microsoft Entra ID gives this pod"),
        (HttpResponseError("AADSTS7", status=401, url=LOGIN), ExitCode.S3_LOGIN, "AADSTS7 (its federated credential"),
        (HttpResponseError(status=502, url=LOGIN), ExitCode.S3_UNREACHABLE, "Microsoft Entra ID"),
        (FileNotFoundError("token"), ExitCode.S3_LOGIN, "the pod has no identity"),
    ],
)
def test_each_error_has_a_code_and_a_message(error, code, said):
    failure = azure.failure_of(error, settings())
    assert failure is not None
    assert failure.code is code
    assert said in str(failure)


@pytest.mark.usefixtures("azure_modules")
def test_a_refusal_names_what_may_be_wrong_with_that_login():
    error = HttpResponseError(status=403, code="AuthorizationFailure")
    said = [str(azure.failure_of(error, settings(each))) for each in (None, KEY, SAS)]
    assert ["this identity" in said[0], "this account key" in said[1], "this SAS" in said[2]] == [True, True, True]
    assert "Storage Blob Data Contributor), or was given it only minutes ago" in said[0]


@pytest.mark.usefixtures("azure_modules")
def test_other_errors_are_not_explained():
    assert isinstance(azure.failure_of(HttpResponseError(status=404, code="BlobNotFound"), settings()), Missing)
    assert azure.failure_of(KeyError("a bug"), settings()) is None


@pytest.mark.usefixtures("azure_modules")
def test_a_blob_that_was_replaced_while_it_was_read_is_told_from_other_errors():
    failure = azure.failure_of(HttpResponseError(status=412, code="ConditionNotMet"), settings())
    assert isinstance(failure, Changed)
    assert failure.code is ExitCode.S3_OTHER


def test_the_end_of_a_sas_is_read():
    assert expiry(SAS) == datetime(2030, 1, 1, tzinfo=timezone.utc)
    assert expiry("se=2030-01-01&sig=x") == datetime(2030, 1, 1, tzinfo=timezone.utc)
    assert [expiry(each) for each in (KEY, "", "si=policy&sig=x", "se=soon&sig=x")] == [None] * 4


def test_a_signature_is_hidden_wherever_it_is():
    text = f"Max retries exceeded with url: /mlflow?comp=list&{SAS}&restype=container (caused by …)"
    assert "a%2Bb" not in redact(text)
    assert "sig=***&restype=container" in redact(text)
