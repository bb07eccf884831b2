"""prepare.foreign_rows: which locations are the server's own."""

import re

import pytest

from prepare.foreign_rows import own_locations
from prepare.settings import read_settings

DATABASE = {"PGHOST": "db", "PGUSER": "mlflow", "PGPASSWORD": "secret", "PREPARE_TRACKING_DATABASE": "mlflow"}


@pytest.mark.parametrize("prefix", ["", "team.a", "team.a/"])
@pytest.mark.parametrize(
    ("location", "is_own"),
    [
        ("mlflow-artifacts:/1", True),
        ("mlflow-artifacts:///1", True),
        ("mlflow-artifacts:/", False),
        ("mlflow-artifacts://host/1", False),
        ("s3://bucket/team.a/1", True),
        ("s3://bucket/teamXa/1", None),
        ("s3://bucket", False),
        ("s3://bucketed/team.a/1", False),
        ("runs:/run/model", True),
        ("models:/m-1", True),
        ("dummy-source", True),
        ("prompt-template", True),
        ("prompt-templates", False),
        ("http://host/1", False),
        ("/mlruns/0", False),
        ("", False),
    ],
)
def test_own_locations(prefix, location, is_own):
    settings = read_settings({**DATABASE, "PREPARE_BUCKET": "bucket", "PREPARE_BUCKET_PREFIX": prefix})
    # None: without a prefix, the whole bucket is the server's.
    assert bool(re.search(own_locations(settings), location)) is (is_own if is_own is not None else not prefix)


def test_without_a_bucket_no_other_bucket_is_known():
    assert re.search(own_locations(read_settings(DATABASE)), "s3://bucket/1")
