"""restore.checks: what a manifest says."""

import pytest

from backup.artifacts import INDEX
from common.exit_codes import ExitCode
from common.process import Failure
from restore.checks import check_manifest


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
