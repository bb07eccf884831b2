"""common.schema_heads: the revisions of a folder of migrations, and those that a database notes."""

from unittest.mock import Mock

import pytest

from common import schema_heads
from common.exit_codes import ExitCode
from common.process import Failure
from common.schema_heads import noted_revisions, read_revisions


def migration(folder, revision, follows):
    text = f'revision = "{revision}"\ndown_revision: str | None = {follows!r}\n'
    (folder / f"{revision}.py").write_text(text)


def test_the_head_is_the_revision_that_no_other_one_follows(tmp_path):
    migration(tmp_path, "a", None)
    migration(tmp_path, "b", "a")
    migration(tmp_path, "c", "b")
    revisions = read_revisions(str(tmp_path))
    assert revisions.head == "c"
    assert revisions.known == {"a", "b", "c"}


@pytest.fixture
def noted(monkeypatch):
    """What a database notes that has these tables."""

    def read(tables):
        monkeypatch.setattr(schema_heads, "tables_of", lambda _: [*tables, "experiments"])
        rows = {f"SELECT version_num FROM {table}": [(each,) for each in found] for table, found in tables.items()}
        monkeypatch.setattr(schema_heads, "query", lambda _, statement: rows[statement])
        return noted_revisions(Mock())

    return read


def test_each_table_notes_one_revision_at_most(noted):
    assert noted({}) == {}
    assert noted({"alembic_version": ["a"], "alembic_version_auth": []}) == {"alembic_version": "a"}
    both = {"alembic_version": "a", "alembic_version_auth": "b"}
    assert noted({table: [revision] for table, revision in both.items()}) == both


def test_a_second_revision_is_a_failure(noted):
    with pytest.raises(Failure, match="alembic_version notes several revisions: a, b") as failure:
        noted({"alembic_version": ["b", "a"]})
    assert failure.value.code == ExitCode.SCHEMA_DIFFERS
