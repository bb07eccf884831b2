"""common.artifact_deletion: what is deleted with a path."""

from types import SimpleNamespace

import pytest

from common.artifact_deletion import delete_from_gcs, delete_from_s3

KEYS = ["1/a", "1/b/c", "1", "10/a", "1-2/a", "100", "root/1/a", "root/10/a", "2/1/a"]


class RefusedError(Exception):
    """An error of boto3."""

    def __init__(self, code):
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class Store:
    """A bucket, of which two objects are listed at a time."""

    def __init__(self, uri, refusal=None, kept=()):
        self.artifact_uri, self.refusal, self.kept = uri, refusal, set(kept)
        self.keys = list(KEYS)

    def parse_s3_compliant_uri(self, uri):
        bucket, _, path = uri.removeprefix("s3://").partition("/")
        return bucket, path

    def _get_s3_client(self):
        return SimpleNamespace(get_paginator=lambda _: self, delete_objects=self.delete, delete_object=self.delete_one)

    def paginate(self, Bucket, Prefix):  # noqa: N803
        assert Bucket == "bucket"
        found = [{"Key": key} for key in self.keys if key.startswith(Prefix)]
        for start in range(0, len(found), 2):
            yield {"Contents": found[start : start + 2]}
        yield {}

    def delete(self, Bucket, Delete):  # noqa: N803
        assert Bucket == "bucket"
        if self.refusal:
            raise RefusedError(self.refusal)
        gone = {each["Key"] for each in Delete["Objects"]} - self.kept
        self.keys = [key for key in self.keys if key not in gone]
        return {"Errors": [{"Key": key, "Code": "AccessDenied"} for key in self.kept]}

    def delete_one(self, Bucket, Key):  # noqa: N803
        assert Bucket == "bucket"
        self.keys.remove(Key)

    def parse_gcs_uri(self, uri):
        return self.parse_s3_compliant_uri(uri.replace("gs://", "s3://"))

    @property
    def client(self):
        return self

    def list_blobs(self, bucket, prefix):
        assert bucket == "bucket"
        for key in [key for key in self.keys if key.startswith(prefix or "")]:
            yield SimpleNamespace(name=key, delete=lambda key=key: self.keys.remove(key))


PATHS = [
    ("s3://bucket", "1", {"1/a", "1/b/c", "1"}),
    ("s3://bucket/1", None, {"1/a", "1/b/c", "1"}),
    ("s3://bucket/1/", None, {"1/a", "1/b/c", "1"}),
    ("s3://bucket", "1/", {"1/a", "1/b/c", "1"}),
    ("s3://bucket/root", "1", {"root/1/a"}),
    ("s3://bucket", "1/b", {"1/b/c"}),
    ("s3://bucket", "10", {"10/a"}),
    ("s3://bucket", "3", set()),
    ("s3://bucket", None, set(KEYS)),
]


@pytest.mark.parametrize(("uri", "path", "gone"), PATHS)
@pytest.mark.parametrize(
    ("delete", "refusal"),
    [
        (delete_from_s3, None),
        (delete_from_s3, "NotImplemented"),
        (delete_from_s3, "InvalidArgument"),
        (delete_from_gcs, None),
    ],
)
def test_only_what_is_at_the_path_goes(delete, refusal, uri, path, gone):
    store = Store(uri, refusal)
    delete(store, path)
    assert set(KEYS) - set(store.keys) == gone


def test_what_the_store_keeps_is_an_error():
    with pytest.raises(OSError, match="1/a was not deleted: AccessDenied"):
        delete_from_s3(Store("s3://bucket", kept=["1/a"]), "1")
    with pytest.raises(RefusedError, match="AccessDenied"):
        delete_from_s3(Store("s3://bucket", "AccessDenied"), "1")
