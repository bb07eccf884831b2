"""common.postgresql: refusals and names."""

import pytest

from common.exit_codes import ExitCode
from common.postgresql import classify, quote_identifier, schema_issue


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


@pytest.mark.parametrize(
    ("path", "schemas", "issue"),
    [
        (["public"], {"public"}, None),
        (["public"], set(), None),
        # A schema of the role's own name that MLflow does not use.
        (["mlflow", "public"], {"public"}, None),
        (["mlflow", "public"], {"mlflow", "public"}, "tables are in mlflow"),
        (["mlflow"], {"mlflow"}, "search_path is mlflow"),
        ([], set(), "search_path is empty"),
    ],
)
def test_only_the_schema_that_a_restore_replaces_is_backed_up(path, schemas, issue):
    found = schema_issue(path, schemas)
    assert found is None if issue is None else issue in (found or "")


def test_a_name_keeps_every_character():
    assert quote_identifier('a"b c') == '"a""b c"'
