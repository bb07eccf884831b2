"""server.artifact_deletion: what is deleted with a path."""

from types import SimpleNamespace

import pytest

from server.artifact_deletion import delete_artifacts

KEYS = ["1/a", "1/b/c", "1", "10/a", "1-2/a", "100", "root/1/a", "root/10/a", "2/1/a"]


class Store:
    """A bucket, of which two objects are listed at a time."""

    def __init__(self, uri):
        self.artifact_uri = uri
        self.keys = list(KEYS)

    def parse_s3_compliant_uri(self, uri):
        bucket, _, path = uri.removeprefix("s3://").partition("/")
        return bucket, path

    def _get_s3_client(self):
        return SimpleNamespace(get_paginator=lambda _: self, delete_objects=self.delete)

    def paginate(self, Bucket, Prefix):  # noqa: N803
        assert Bucket == "bucket"
        found = [{"Key": key} for key in self.keys if key.startswith(Prefix)]
        for start in range(0, len(found), 2):
            yield {"Contents": found[start : start + 2]}
        yield {}

    def delete(self, Bucket, Delete):  # noqa: N803
        assert Bucket == "bucket"
        gone = {each["Key"] for each in Delete["Objects"]}
        self.keys = [key for key in self.keys if key not in gone]


@pytest.mark.parametrize(
    ("uri", "path", "gone"),
    [
        ("s3://bucket", "1", {"1/a", "1/b/c", "1"}),
        ("s3://bucket/1", None, {"1/a", "1/b/c", "1"}),
        ("s3://bucket/1/", None, {"1/a", "1/b/c", "1"}),
        ("s3://bucket", "1/", {"1/a", "1/b/c", "1"}),
        ("s3://bucket/root", "1", {"root/1/a"}),
        ("s3://bucket", "1/b", {"1/b/c"}),
        ("s3://bucket", "10", {"10/a"}),
        ("s3://bucket", "3", set()),
        ("s3://bucket", None, set(KEYS)),
    ],
)
def test_only_what_is_at_the_path_goes(uri, path, gone):
    store = Store(uri)
    delete_artifacts(store, path)
    assert set(KEYS) - set(store.keys) == gone
