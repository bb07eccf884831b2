"""Blobs of Azure: what is deleted, folders of a hierarchical namespace, and whole writes."""

import io
from types import SimpleNamespace

import pytest

from backup.azure import BLOCK, AzureObjects
from backup.bucket import Bucket
from backup.streams import Checked, Damaged
from common.artifact_deletion import delete_from_azure
from common.process import Failure
from tests.azure_modules import URL, HttpResponseError, ResourceNotFoundError, azure_modules, settings

__all__ = ["azure_modules"]

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
