"""common.gcs and backup.gcs: what needs none of Google's packages."""

import io

import pytest

from backup import bucket_names
from backup.gcs import Sized
from backup.streams import Checked, Damaged
from common import gcs, object_store
from common.process import Variables
from prepare import settings as prepare

READERS = [
    (prepare.BUCKET.gcs, prepare.BUCKET_CODES),
    (bucket_names.ARTIFACTS.gcs, object_store.ARTIFACTS),
    (bucket_names.STORE.gcs, object_store.STORE),
]


@pytest.mark.parametrize(("names", "codes"), READERS)
def test_a_bucket_is_read_from_its_own_variables(names, codes):
    given = {name: name for name in vars(names).values()} | {"GOOGLE_CLOUD_PROJECT": "project"}
    settings = gcs.read_bucket(Variables(given), names, codes)
    assert settings == gcs.BucketSettings(
        bucket=names.bucket,
        codes=codes,
        prefix=names.prefix,
        key_file=names.key_file,
        endpoint=names.endpoint,
        project="project",
    )
    assert settings.folder == f"{names.prefix}/"
    assert gcs.read_bucket(Variables({}), names, codes) is None


def test_backups_and_artifacts_share_no_key_file():
    files = [names.key_file for names, _ in READERS]
    assert len(set(files)) == len(files)


@pytest.mark.parametrize("size", [0, 1, 10])
@pytest.mark.parametrize("amount", [1, 3, 10, -1])
def test_a_stream_is_checked_before_its_last_bytes_are_sent(size, amount):
    data = b"x" * size
    good = Sized(Checked(io.BytesIO(data), size), size)
    read = b""
    while len(read) < size:
        assert good.tell() == len(read)
        read += good.read(amount)
    assert read == data


@pytest.mark.parametrize("difference", [-1, 1])
@pytest.mark.parametrize("amount", [1, 3, 10, -1])
def test_a_stream_that_is_not_what_was_expected_fails_before_its_last_bytes_are_sent(difference, amount):
    stream = Sized(Checked(io.BytesIO(b"x" * (9 + difference)), 9), 9)
    with pytest.raises(Damaged):
        [stream.read(amount) for _ in range(10)]
