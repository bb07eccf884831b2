"""permissions.known_runs: which experiment a run is in is read once."""

from types import SimpleNamespace

import pytest

from permissions import known_runs


class Tracking:
    """A store that says what it was asked."""

    def __init__(self, **experiments):
        self.experiments, self.asked = experiments, []

    def get_run(self, run_id):
        self.asked.append(run_id)
        return SimpleNamespace(info=SimpleNamespace(experiment_id=self.experiments[run_id]))

    def get_trace_info(self, trace_id):
        return f"info of {trace_id}"


@pytest.fixture
def tracking():
    return Tracking(one="1", two="2")


def test_known_runs_reads_a_run_once(tracking):
    store = known_runs.Store(lambda: tracking, lambda: None)
    assert [store.get_run(each).info.experiment_id for each in ("one", "two", "one", "two")] == ["1", "2", "1", "2"]
    assert tracking.asked == ["one", "two"]


def test_known_runs_has_no_more_of_a_run_than_its_experiment(tracking):
    run = known_runs.Store(lambda: tracking, lambda: None).get_run("one")
    assert (vars(run).keys(), vars(run.info).keys()) == ({"info"}, {"experiment_id"})


def test_known_runs_does_not_remember_that_a_run_is_missing(tracking):
    store = known_runs.Store(lambda: tracking, lambda: None)
    with pytest.raises(KeyError):
        store.get_run("later")
    tracking.experiments["later"] = "3"
    assert store.get_run("later").info.experiment_id == "3"


def test_known_runs_knows_a_run_in_its_workspace_alone(tracking):
    workspace = "a"
    store = known_runs.Store(lambda: tracking, lambda: workspace)
    assert store.get_run("one").info.experiment_id == "1"
    workspace = "b"
    del tracking.experiments["one"]
    with pytest.raises(KeyError):
        store.get_run("one")


def test_known_runs_forgets_the_oldest(tracking, monkeypatch):
    monkeypatch.setattr(known_runs, "MAXIMUM", 1)
    store = known_runs.Store(lambda: tracking, lambda: None)
    for each in ("one", "two", "one"):
        store.get_run(each)
    assert tracking.asked == ["one", "two", "one"]


def test_known_runs_asks_the_store_for_all_else(tracking):
    auth = SimpleNamespace(_get_tracking_store=lambda: tracking)
    known_runs.install(auth)
    assert auth._get_tracking_store().get_trace_info("x") == "info of x"
    assert auth._get_tracking_store() is auth._get_tracking_store()
