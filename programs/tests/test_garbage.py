"""garbage_collection.garbage: what goes and what stays."""

import pytest

from garbage_collection.collector import GuardedStore, OutsideError
from garbage_collection.garbage import MODEL, RUN, Deleted, Place, Row, select_garbage
from garbage_collection.locations import ArtifactRoot

ROOT = ArtifactRoot("s3://bucket/team", "http://mlflow:5000/prefix")
OWN = "mlflow-artifacts:/1/files"

# Experiment 1 exists, 2 and 3 were deleted; 3 is in a folder that others use too.
PLACES = {
    1: Place(None, "mlflow-artifacts:/1"),
    2: Place("space", "mlflow-artifacts:/2"),
    3: Place(None, "s3://bucket/team/shared"),
}


def select(runs=(), models=(), experiments=(), traced=(), needed_runs=(), needed_models=()):
    found = select_garbage(
        Deleted(
            runs=list(runs),
            models=list(models),
            experiments=list(experiments),
            places=PLACES,
            traced=set(traced),
            needed_runs=set(needed_runs),
            needed_models=set(needed_models),
        ),
        ROOT,
    )
    return dict(found.runs), dict(found.models), found.experiments, found.kept


@pytest.mark.parametrize(
    ("row", "needed", "removed", "kept"),
    [
        (Row("old", 1, True, OWN), [], {None: ["old"]}, 0),
        (Row("old", 2, True, OWN), [], {"space": ["old"]}, 0),
        (Row("young", 1, False, OWN), [], {}, 0),
        (Row("old", 1, True, OWN), ["old"], {}, 1),
        (Row("young", 1, False, OWN), ["young"], {}, 0),
    ],
)
def test_runs_and_models_go_once_they_are_old_and_no_registered_model_needs_them(row, needed, removed, kept):
    runs, _, _, said = select(runs=[row], needed_runs=needed)
    assert (runs, len(said)) == (removed, kept)
    _, models, _, said = select(models=[row], needed_models=needed)
    assert (models, len(said)) == (removed, kept)


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        ({}, True),
        ({"runs": [Row("old", 2, True, OWN)]}, True),
        ({"runs": [Row("old", 2, True, OWN), Row("young", 2, False, OWN)]}, False),
        ({"runs": [Row("young", 1, False, OWN)]}, True),
        ({"runs": [Row("old", 2, True, OWN)], "needed_runs": ["old"]}, False),
        ({"models": [Row("young", 2, False, OWN)]}, True),
        ({"models": [Row("young", 2, False, OWN)], "needed_models": ["young"]}, False),
    ],
)
def test_an_experiment_goes_with_its_runs_unless_something_in_it_is_needed(given, goes):
    _, _, experiments, kept = select(experiments=[2], **given)
    assert [experiment.id for experiment in experiments] == ([2] if goes else [])
    assert any(line.startswith("experiment 2: ") for line in kept) is not goes


def test_the_files_of_an_experiment_go_as_folders_only_if_no_other_one_uses_its_location():
    model = Row("m", 3, True, "s3://bucket/team/shared/models/m")
    _, _, [own, shared], _ = select(models=[model], experiments=[2, 3], traced=[2])
    assert own.files == [("mlflow-artifacts:/2", "models"), ("mlflow-artifacts:/2", "traces")]
    assert (own.workspace, own.has_traces) == ("space", True)
    assert shared.files == [("s3://bucket/team/shared/models/m", None)]
    assert shared.has_traces is False


@pytest.mark.parametrize(
    ("location", "runs", "models"),
    [
        ("runs:/" + "a" * 32 + "/model", ["a" * 32], []),
        ("models:/m-" + "b" * 32, [], ["m-" + "b" * 32]),
        ("s3://x/1/models/m-" + "b" * 32 + "/artifacts", [], ["m-" + "b" * 32]),
        ("s3://x/" + "a" * 33, [], []),
    ],
)
def test_ids_are_found_in_locations(location, runs, models):
    assert (RUN.findall(location), MODEL.findall(location)) == (runs, models)


OWN_LOCATIONS = [
    "mlflow-artifacts:/1",
    "mlflow-artifacts:/1/",
    "mlflow-artifacts:///workspaces/a b/1/r/artifacts",
    "mlflow-artifacts://mlflow:5000/1",
    "s3://bucket/team/1/r/artifacts",
]
OTHER_LOCATIONS = [
    "",
    "/",
    "/tmp/12",
    "12",
    "file:///tmp/12",
    "mlflow-artifacts:",
    "mlflow-artifacts:1",
    "mlflow-artifacts:/",
    "mlflow-artifacts:///",
    "mlflow-artifacts://other:5000/1",
    "mlflow-artifacts://mlflow/1",
    "mlflow-artifacts://mlflow:5000@other/1",
    "mlflow-artifacts://mlflow:5000",
    "mlflow-artifacts:////other/1",
    "mlflow-artifacts:/../../other",
    "mlflow-artifacts:/1/%2e%2e/%2e%2e/other",
    "mlflow-artifacts:/1/./2",
    "mlflow-artifacts:/1?a=b",
    "mlflow-artifacts:/1#a",
    "mlflow-artifacts:/1\\..\\2",
    "mlflow-artifacts:/1\n/2",
    "http://mlflow:5000/api/2.0/mlflow-artifacts/artifacts/1",
    "https://other/1",
    "ftp://user:password@other/1",
    "hdfs://other/1",
    "dbfs:/1",
    "s3://bucket/team",
    "s3://bucket/team/",
    "s3://bucket/teams/1",
    "s3://bucket/1",
    "s3://bucket/team/../1",
    "s3://other/team/1",
    "s3://bucket@other/team/1",
    "S3://bucket/team/1",
    "gs://bucket/team/1",
]


@pytest.mark.parametrize("location", OWN_LOCATIONS)
def test_the_artifact_root_contains(location):
    assert ROOT.contains(location)


@pytest.mark.parametrize("location", OTHER_LOCATIONS)
def test_what_is_elsewhere_stays_and_is_named(location, monkeypatch):
    assert not ROOT.contains(location)
    row = Row("old", 1, True, location)
    runs, _, _, [kept] = select(runs=[row])
    assert (runs, kept.partition(":")[0]) == ({}, "run old")
    _, models, _, [kept] = select(models=[row])
    assert (models, kept.partition(":")[0]) == ({}, "logged model old")
    for given in ({"runs": [Row("old", 2, True, location)]}, {"models": [Row("old", 2, True, location)]}):
        _, _, experiments, kept = select(experiments=[2], **given)
        assert experiments == []
        assert any(line.startswith("experiment 2: its files are at ") for line in kept)
    monkeypatch.setitem(PLACES, 2, Place(None, location))
    _, _, experiments, [kept] = select(experiments=[2])
    assert (experiments, kept.partition(":")[0]) == ([], "experiment 2")


class Found:
    """What a store returns of a run, or of a logged model."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


@pytest.mark.parametrize(
    ("method", "found"),
    [
        ("get_run", lambda location: Found(info=Found(artifact_uri=location))),
        ("get_logged_model", lambda location: Found(artifact_location=location)),
    ],
)
def test_a_row_that_changed_since_it_was_selected_is_left_alone(method, found):
    def store(location):  # which may be None in old rows
        return GuardedStore(Found(**{method: lambda _: found(location)}), ["1"], ROOT)

    assert getattr(store(OWN), method)("1")
    for location in ("http://other/1", "", None):
        with pytest.raises(OutsideError, match=location or "''"):
            getattr(store(location), method)("1")
