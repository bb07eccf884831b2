"""common.s3: the variables of a bucket."""

import pytest

from backup import bucket_names
from common import object_store, s3
from common.exit_codes import ExitCode
from common.process import Failure, Variables
from prepare import settings as prepare

READERS = [
    (prepare.BUCKET.s3, prepare.BUCKET_CODES),
    (bucket_names.ARTIFACTS.s3, object_store.ARTIFACTS),
    (bucket_names.STORE.s3, object_store.STORE),
]


def complete(names):
    """A value for each variable, which is its name."""
    return {name: name for name in vars(names).values() if name} | {names.addressing: "path"}


@pytest.mark.parametrize(("names", "codes"), READERS)
def test_a_bucket_is_read_from_its_own_variables(names, codes):
    variables = Variables(complete(names))
    settings = s3.read_bucket(variables, names, codes)
    variables.check()
    assert settings == s3.BucketSettings(
        bucket=names.bucket,
        codes=codes,
        prefix=names.prefix,
        endpoint=names.endpoint,
        region=names.region,
        addressing="path",
        access_key=names.access_key,
        secret_key=names.secret_key,
        encryption=names.encryption,
        kms_key=names.kms_key,
        verify=names.ca_bundle,
    )
    assert s3.read_bucket(Variables({}), names, codes) is None


@pytest.mark.parametrize(("names", "codes"), READERS[1:])
def test_without_keys_a_bucket_is_that_of_the_identity(names, codes):
    without = {name: value for name, value in complete(names).items() if "_KEY" not in name}
    variables = Variables(without)
    settings = s3.read_bucket(variables, names, codes)
    variables.check()
    assert settings is not None
    assert (settings.access_key, settings.secret_key) == (None, None)


@pytest.mark.parametrize(("names", "codes"), READERS[1:])
@pytest.mark.parametrize("half", ["access_key", "secret_key"])
def test_half_a_key_is_an_issue(names, codes, half):
    given = complete(names)
    missing = getattr(names, half)
    del given[missing]
    variables = Variables(given)
    s3.read_bucket(variables, names, codes)
    with pytest.raises(Failure, match=f"{missing} is not set"):
        variables.check()


@pytest.mark.parametrize(("names", "codes"), READERS)
def test_each_reader_checks_the_addressing_style(names, codes):
    variables = Variables(complete(names) | {names.addressing: "paths"})
    s3.read_bucket(variables, names, codes)
    with pytest.raises(Failure, match=f"{names.addressing} is 'paths'; use one of auto, path, virtual") as error:
        variables.check()
    assert error.value.code is ExitCode.CONFIGURATION


@pytest.mark.parametrize(("names", "codes"), READERS[:2])
def test_certificates_of_the_artifacts_are_not_checked_if_mlflow_does_not(names, codes):
    settings = s3.read_bucket(Variables(complete(names) | {"MLFLOW_S3_IGNORE_TLS": "True"}), names, codes)
    assert settings is not None
    assert settings.verify is False
