"""common.object_store: what errors of a client amount to, whichever it is."""

from types import SimpleNamespace
from typing import Any

import pytest

from common.exit_codes import ExitCode
from common.object_store import ARTIFACTS, STORE, explained
from common.process import Failure
from prepare.settings import BUCKET_CODES


def settings(codes=STORE):
    found: Any = SimpleNamespace(codes=codes, where="bucket 'b'")
    return found


def failure_of(error, _settings):
    return Failure(ExitCode.STORE_LOGIN, "explained") if isinstance(error, PermissionError) else None


def fail(error, codes=STORE):
    expected = Failure if isinstance(error, (ValueError, PermissionError)) else type(error)
    with pytest.raises(expected) as raised, explained(failure_of, settings(codes)):
        raise error
    return raised.value


def test_an_error_that_the_client_explains_is_a_failure():
    failure = fail(PermissionError("no"))
    assert (failure.code, str(failure)) == (ExitCode.STORE_LOGIN, "explained")


@pytest.mark.parametrize("error", [Failure(ExitCode.S3_FULL, "full"), ImportError("no package"), KeyError("a bug")])
def test_any_other_error_stays_as_it_is(error):
    assert fail(error) is error


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        (STORE, ExitCode.STORE_OTHER),
        (ARTIFACTS, ExitCode.S3_OTHER),
        (BUCKET_CODES, ExitCode.CONFIGURATION),
    ],
)
def test_a_name_that_cannot_be_one_has_a_code_of_its_bucket_and_names_it(codes, code):
    failure = fail(ValueError("no such name"), codes)
    assert (failure.code, str(failure)) == (code, "bucket 'b': no such name")
