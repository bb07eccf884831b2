"""Azure Blob Storage: logins, what errors mean, what is deleted, and whole writes."""

import base64
import io
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from backup import bucket_names
from backup.azure import BLOCK, AzureObjects
from backup.bucket import Bucket
from backup.streams import Checked, Damaged
from common import azure, object_store
from common.artifact_deletion import delete_from_azure
from common.exit_codes import ExitCode
from common.object_store import Changed, Missing
from common.process import Failure, Variables, redact
from prepare import settings as prepare
from prepare.azure import expiry
from tests.azure_modules import AzureError, HttpResponseError, ResourceNotFoundError, azure_modules

__all__ = ["azure_modules"]

KEY = base64.b64encode(bytes(range(192, 256))).decode()
SAS = "se=2030-01-01T00%3A00%3A00Z&sp=rcwdl&sv=2026-10-06&sr=c&sig=a%2Bb%2Fc%3D"
URL = "https://models.blob.core.windows.net"


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
    settings = azure.read_container(variables, names, codes)
    variables.check()
    assert settings == azure.ContainerSettings(names.account_url, names.container, codes, names.prefix, KEY)
    assert azure.read_container(Variables({}), names, codes) is None


def settings(access_key=None):
    return azure.ContainerSettings(URL, "mlflow", object_store.ARTIFACTS, access_key=access_key)


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


# --- what is deleted -------------------------------------------------------------------------------------------

NAMES = ["1", "1/a", "1/b/c", "10/a", "1-2/a", "root/1/a", "root/10/a", "root2/1/a"]


class Container:
    """A container that lists folders too, and removes only those that are empty."""

    def __init__(self, root):
        self.artifact_uri = f"wasbs://mlflow@models.blob.core.windows.net{root}"
        self.names = list(NAMES)
        self.client = self

    def parse_wasbs_uri(self, uri):
        path = uri.removeprefix("wasbs://mlflow@models.blob.core.windows.net").removeprefix("/")
        return "mlflow", "models", path, "blob.core.windows.net"

    def get_container_client(self, name):
        assert name == "mlflow"
        return self

    def list_blobs(self, name_starts_with):
        return [SimpleNamespace(name=each) for each in self.names if each.startswith(name_starts_with or "")]

    def delete_blob(self, name):
        if name == "10/a":
            raise ResourceNotFoundError(status=404)
        assert not any(each.startswith(f"{name}/") for each in self.names), "the folder is not empty"
        self.names.remove(name)


@pytest.mark.usefixtures("azure_modules")
@pytest.mark.parametrize(
    ("root", "path", "gone"),
    [
        ("", "1", {"1", "1/a", "1/b/c"}),
        ("/1/", None, {"1", "1/a", "1/b/c"}),
        ("/root", "1", {"root/1/a"}),
        ("/root", None, {"root/1/a", "root/10/a"}),
        ("", "1/b", {"1/b/c"}),
        ("", "10", set()),
        ("", "3", set()),
    ],
)
def test_only_what_is_at_the_path_goes_and_nothing_is_no_error(root, path, gone):
    container = Container(root)
    delete_from_azure(container, path)
    assert set(NAMES) - set(container.names) == gone


class Tree:
    """A container of an account with a hierarchical namespace, with these blobs and the folders that they are in."""

    def __init__(self, *blobs):
        self.blobs: dict[str, dict[str, str]] = {each: {} for each in blobs}
        for each in blobs:
            parts = each.split("/")[:-1]
            self.blobs |= {"/".join(parts[: count + 1]): {"hdi_isfolder": "true"} for count in range(len(parts))}

    def list_blobs(self, name_starts_with, include=()):
        for name, metadata in sorted(self.blobs.items()):
            if name.startswith(name_starts_with or ""):
                yield SimpleNamespace(
                    name=name, size=0, etag='"e"', metadata=metadata if "metadata" in include else None
                )

    def delete_blob(self, name, delete_snapshots=None):
        assert delete_snapshots in (None, "include")
        if name not in self.blobs:
            raise ResourceNotFoundError(status=404, code="BlobNotFound")
        if any(each.startswith(f"{name}/") for each in self.blobs):
            raise HttpResponseError("DirectoryIsNotEmpty", status=409, code="DirectoryIsNotEmpty")
        del self.blobs[name]


@pytest.mark.usefixtures("azure_modules")
def test_a_folder_goes_with_the_folders_in_it_and_no_other_does():
    store = objects()
    store.client = Tree(
        "mlflow/b1/tracking.dump", "mlflow/b1/x/y/z", "mlflow/b10/tracking.dump", "mlflow/artifacts/a/1"
    )
    bucket = Bucket(store, "mlflow/")
    assert bucket.sizes("b1") == {"b1/tracking.dump": 0, "b1/x/y/z": 0}
    bucket.remove_folder("b1")
    left = {"mlflow", "mlflow/b10", "mlflow/b10/tracking.dump", "mlflow/artifacts", "mlflow/artifacts/a"}
    assert set(store.client.blobs) == left | {"mlflow/artifacts/a/1"}
    bucket.remove_folder("b1")


@pytest.mark.usefixtures("azure_modules")
def test_a_folder_into_which_something_else_writes_stays():
    store = objects()
    store.client = Tree("mlflow/b1/tracking.dump")
    delete = store.client.delete_blob

    def meanwhile(name, **more):
        delete(name, **more)
        store.client.blobs.setdefault("mlflow/b1/other", {})

    store.client.delete_blob = meanwhile
    with pytest.raises(Failure, match="DirectoryIsNotEmpty"):
        Bucket(store, "mlflow/").remove_folder("b1")


# --- whole writes ----------------------------------------------------------------------------------------------


class Blobs:
    """A container with the blobs that were committed."""

    def __init__(self):
        self.stored, self.blocks, self.key = {}, {}, ""

    def get_blob_client(self, key):
        self.key = key
        return self

    def upload_blob(self, data, overwrite):
        assert overwrite
        self.stored[self.key] = data

    def stage_block(self, name, data, length):
        assert length == len(data) <= BLOCK
        self.blocks[name] = data

    def commit_block_list(self, names):
        self.stored[self.key] = b"".join(self.blocks[each] for each in names)


class Slow(io.BytesIO):
    """A stream that returns fewer bytes than were asked for."""

    def read(self, amount=-1, /):
        return super().read(min(amount, 1_000_001) if amount > 0 else amount)


def objects():
    found = AzureObjects.__new__(AzureObjects)
    found.settings, found.client, found.where = settings(), Blobs(), f"{URL}/mlflow/"
    return found


@pytest.mark.usefixtures("azure_modules")
@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 7])
def test_a_blob_is_written_whole(size):
    store, data = objects(), bytes(range(251)) * (size // 251 + 1)
    store.write("a/b", Slow(data[:size]), size)
    assert store.client.stored == {"a/b": data[:size]}


@pytest.mark.usefixtures("azure_modules")
@pytest.mark.parametrize("size", [0, 1, BLOCK, BLOCK + 1, 2 * BLOCK])
@pytest.mark.parametrize("expected", [{"size": 7}, {"sha256": "0" * 64}])
def test_what_is_not_as_expected_at_its_end_is_not_written(size, expected):
    store = objects()
    with pytest.raises(Damaged):
        store.write("a/b", Checked(io.BytesIO(b"x" * size), **expected), size)
    assert store.client.stored == {}
