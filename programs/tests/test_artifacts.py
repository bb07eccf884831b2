"""backup.artifacts: copies that are tried again."""

from dataclasses import replace

import pytest

from backup import artifacts
from common import s3
from common.exit_codes import ExitCode
from common.process import Failure

CODES = replace(s3.ARTIFACTS, unreachable=ExitCode.SERVER_UNREACHABLE)


@pytest.mark.parametrize(
    ("code", "attempts"),
    [
        (CODES.unreachable, artifacts.ATTEMPTS),
        (s3.STORE.unreachable, artifacts.ATTEMPTS),
        (s3.ARTIFACTS.unreachable, 1),
        (CODES.full, 1),
    ],
)
def test_a_copy_is_tried_again_while_one_of_its_two_buckets_is_unreachable(monkeypatch, code, attempts):
    monkeypatch.setattr("time.sleep", lambda _: None)
    tried = []

    def fail():
        tried.append(code)
        raise Failure(code, "no")

    with pytest.raises(Failure):
        artifacts.retry(fail, CODES)
    assert len(tried) == attempts
