"""garbage_collection.garbage: what goes and what stays."""

import pytest

from garbage_collection.garbage import MODEL, RUN, Deleted, Place, Row, select_garbage

# Experiment 1 exists, 2 and 3 were deleted; 3 is in a folder that others use too.
PLACES = {
    1: Place(None, "mlflow-artifacts:/1"),
    2: Place("space", "mlflow-artifacts:/2"),
    3: Place(None, "s3://bucket/shared"),
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
        )
    )
    return dict(found.runs), dict(found.models), found.experiments, found.kept


@pytest.mark.parametrize(
    ("row", "needed", "removed", "kept"),
    [
        (Row("old", 1, True), [], {None: ["old"]}, 0),
        (Row("old", 2, True), [], {"space": ["old"]}, 0),
        (Row("young", 1, False), [], {}, 0),
        (Row("old", 1, True), ["old"], {}, 1),
        (Row("young", 1, False), ["young"], {}, 0),
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
        ({"runs": [Row("old", 2, True)]}, True),
        ({"runs": [Row("old", 2, True), Row("young", 2, False)]}, False),
        ({"runs": [Row("young", 1, False)]}, True),
        ({"runs": [Row("old", 2, True)], "needed_runs": ["old"]}, False),
        ({"models": [Row("young", 2, False)]}, True),
        ({"models": [Row("young", 2, False)], "needed_models": ["young"]}, False),
    ],
)
def test_an_experiment_goes_with_its_runs_unless_something_in_it_is_needed(given, goes):
    _, _, experiments, kept = select(experiments=[2], **given)
    assert [experiment.id for experiment in experiments] == ([2] if goes else [])
    assert any(line.startswith("experiment 2: ") for line in kept) is not goes


def test_the_files_of_an_experiment_go_as_folders_only_if_no_other_one_uses_its_location():
    model = Row("m", 3, True, "s3://bucket/shared/models/m")
    _, _, [own, shared], _ = select(models=[model], experiments=[2, 3], traced=[2])
    assert own.files == [("mlflow-artifacts:/2", "models"), ("mlflow-artifacts:/2", "traces")]
    assert (own.workspace, own.has_traces) == ("space", True)
    assert shared.files == [("s3://bucket/shared/models/m", None)]
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
