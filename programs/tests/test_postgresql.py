"""common.postgresql: refusals and names."""

import pytest

from common.exit_codes import ExitCode
from common.postgresql import classify, quote_identifier


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('database "mlflow" does not exist', ExitCode.DATABASE_MISSING),
        ('password authentication failed for user "x"', ExitCode.DATABASE_LOGIN),
        ("SSL error: certificate verify failed", ExitCode.DATABASE_LOGIN),
        ("connection refused", ExitCode.DATABASE_UNREACHABLE),
        ("sorry, too many clients already", ExitCode.DATABASE_UNREACHABLE),
    ],
)
def test_a_refused_connection_has_a_code(said, code):
    assert classify(said) is code


def test_a_name_keeps_every_character():
    assert quote_identifier('a"b c') == '"a""b c"'
