"""backup.chosen and restore.statements: what a manifest says."""

import pytest

from backup.artifacts import INDEX
from backup.chosen import check_manifest
from backup.postgresql_client import LOGGED
from common.exit_codes import ExitCode
from common.process import Failure
from restore.statements import ends_transaction


def manifest(**changes):
    entry = {"database": "mlflow", "file": "tracking.dump", "schema": {}, "rows": {"experiments": 1, "runs": 2}}
    file = {"size": 1, "sha256": ""}
    return {"databases": {"tracking": entry | changes}, "files": {"tracking.dump": file, INDEX: file}}


def test_a_manifest_with_its_dump_and_the_counted_tables_is_restored():
    check_manifest("backup", manifest())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file": "missing.dump"}, "names no dump of the tracking database"),
        ({"file": INDEX}, "names no dump of the tracking database"),
        ({"schema": {"users; DROP TABLE users": "1"}}, "names 'users; DROP TABLE users' as the table of a revision"),
        ({"rows": {"runs; DROP TABLE runs": 1}}, "counts rows of 'runs; DROP TABLE runs'"),
    ],
)
def test_a_manifest_that_cannot_be_restored_is_a_damaged_backup(changes, said):
    with pytest.raises(Failure, match=f"backup/manifest.json {said}") as error:
        check_manifest("backup", manifest(**changes))
    assert error.value.code is ExitCode.BACKUP_DAMAGED


@pytest.mark.parametrize(
    "statements",
    [
        *("COMMIT;", "end", " rollback and chain;", "ABORT WORK", "prepare\ntransaction 'x'", "-- x\nCOMMIT"),
        *("/* ; */END;", "SELECT ';'; COMMIT; BEGIN", 'SELECT 1 AS "a;"; END', "SELECT $$;$$;ROLLBACK"),
    ],
)
def test_statements_that_end_a_transaction_are_known(statements):
    assert ends_transaction(statements)


@pytest.mark.parametrize(
    "statements",
    [
        *("SELECT 'x; COMMIT'", "DO $do$ BEGIN EXECUTE 'x'; END $do$;", "-- x; COMMIT\nSELECT 1"),
        *('ALTER TABLE x ADD "; END" text', "SELECT 'it''s; END'", "BEGIN", "CREATE TABLE ended ();", ""),
    ],
)
def test_others_end_none(statements):
    assert not ends_transaction(statements)


@pytest.mark.parametrize(
    "frame", [("********* QUERY **********", "*" * 26), ("/******** QUERY *********/", "/" + "*" * 24 + "/")]
)
def test_statements_are_found_in_the_log_of_psql(frame):
    begin, end = frame
    text = "".join(f"{begin}\n{each}\n{end}\n\n1|2\n" for each in ("SELECT 1", "COMMIT;\n-- x", "END"))
    assert LOGGED.findall(text) == ["SELECT 1", "COMMIT;\n-- x", "END"]
