"""backup.dumps: the schemas that are backed up."""

import pytest

from backup import dumps
from common.exit_codes import ExitCode
from common.process import Failure

HEADS = {"tracking": "t2", "auth": "a2"}
MODERN = {"tracking": {"alembic_version": "t2"}, "auth": {"alembic_version_auth": "a2"}}


@pytest.fixture(autouse=True)
def _release(monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _: "3.18.0")


@pytest.mark.parametrize(
    ("found", "has_auth"),
    [
        (MODERN, True),
        ({"tracking": {"alembic_version": "t2"}}, False),
        # Both schemas in one database.
        ({"tracking": {"alembic_version": "t2", "alembic_version_auth": "a2"}}, True),
        # Releases before 3.6, and one that was upgraded from there.
        ({"tracking": {"alembic_version": "t2"}, "auth": {"alembic_version": "a2"}}, True),
        (
            {"tracking": {"alembic_version": "t2"}, "auth": {"alembic_version": "a1", "alembic_version_auth": "a2"}},
            True,
        ),
    ],
)
def test_schemas_of_the_release_are_backed_up(found, has_auth):
    dumps.check_schema(HEADS, found, has_auth=has_auth)


@pytest.mark.parametrize(
    ("found", "has_auth", "said"),
    [
        (MODERN | {"tracking": {"alembic_version": "t1"}}, True, "the tracking schema is at revision t1"),
        (MODERN | {"tracking": {}}, True, "the tracking schema is at revision none"),
        (MODERN | {"auth": {"alembic_version_auth": "a1"}}, True, "the auth schema is at revision a1"),
        (MODERN | {"auth": {"alembic_version": "a1"}}, True, "the auth schema is at revision a1"),
        # The revision of the tracking schema is never that of the auth schema in the same database.
        ({"tracking": {"alembic_version": "t2"}}, True, "the auth schema is at revision none"),
    ],
)
def test_schemas_of_another_release_are_refused(found, has_auth, said):
    with pytest.raises(Failure, match=said) as error:
        dumps.check_schema(HEADS, found, has_auth=has_auth)
    assert error.value.code is ExitCode.SCHEMA_DIFFERS


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("pg_dump: error: could not write: No space left on device", ExitCode.STORE_FULL),
        ("pg_dump: error: Disk quota exceeded", ExitCode.STORE_FULL),
        ("pg_dump: error: permission denied for table users", ExitCode.DATABASE_PERMISSION),
        ("pg_dump: error: something else", ExitCode.DUMP_FAILED),
    ],
)
def test_errors_of_pg_dump_have_codes(said, code):
    class Store:
        where = "/backups"

    assert dumps.dump_failure(Store(), "mlflow", said).code is code  # type: ignore[arg-type]
