"""What the garbage collection may remove, as the tracking database has it."""

from __future__ import annotations

import collections
import itertools
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from garbage_collection.locations import ArtifactRoot, outside

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

# Ids as they are in the locations of a run's files and of a logged model's.
RUN = re.compile(r"(?<![\w-])[0-9a-f]{32}(?![\w-])")
MODEL = re.compile(r"(?<![\w-])m-[0-9a-f]{32}(?![\w-])")


class Row(NamedTuple):
    """A deleted run or logged model, or one of a deleted experiment."""

    id: str
    experiment: int
    is_old: bool
    location: str


class Place(NamedTuple):
    """Where an experiment is: its workspace, if the server has any, and the folder of its files."""

    workspace: str | None
    location: str


@dataclass(frozen=True)
class Experiment:
    """An experiment that goes, with its runs and what `mlflow gc` leaves of it: folders below locations."""

    workspace: str | None
    id: int
    runs: list[str]
    has_traces: bool
    files: list[tuple[str, str | None]]


@dataclass(frozen=True)
class Garbage:
    """What was deleted long enough ago and is of no use to anybody; runs and models by workspace."""

    runs: dict[str | None, list[str]] = field(default_factory=lambda: collections.defaultdict(list))
    models: dict[str | None, list[str]] = field(default_factory=lambda: collections.defaultdict(list))
    experiments: list[Experiment] = field(default_factory=list)
    # What stays although it is old, with the reason.
    kept: list[str] = field(default_factory=list)

    def ids(self) -> dict[str, list[str] | list[int]]:
        """All ids by kind."""
        return {
            "run": list(itertools.chain(*self.runs.values())),
            "logged model": list(itertools.chain(*self.models.values())),
            "experiment": [experiment.id for experiment in self.experiments],
        }


@dataclass(frozen=True)
class Deleted:
    """What the database has of deleted things, and what of it a registered model needs."""

    runs: list[Row]
    models: list[Row]
    experiments: list[int]
    places: dict[int, Place]
    traced: set[int]
    needed_runs: set[str]
    needed_models: set[str]


def find_garbage(cursor: Cursor, milliseconds: int, root: ArtifactRoot, *, workspaces: bool) -> Garbage:
    """What was deleted longer ago than so many milliseconds, below the artifact root."""
    return select_garbage(read_deleted(cursor, int(time.time() * 1000) - milliseconds, workspaces=workspaces), root)


def read_deleted(cursor: Cursor, before: int, *, workspaces: bool) -> Deleted:
    """What is deleted; old is what was deleted before a time in milliseconds."""
    in_deleted = "experiment_id IN (SELECT experiment_id FROM experiments WHERE lifecycle_stage = 'deleted')"
    cursor.execute(
        "SELECT concat(source, ' ', storage_location) FROM model_versions"
        " WHERE current_stage IS DISTINCT FROM 'Deleted_Internal'"
    )
    locations = " ".join(text for (text,) in cursor)
    cursor.execute(
        "SELECT run_uuid, experiment_id, lifecycle_stage = 'deleted' AND coalesce(deleted_time <= %s, false),"
        f" coalesce(artifact_uri, '') FROM runs WHERE lifecycle_stage = 'deleted' OR {in_deleted}",
        (before,),
    )
    runs = [Row(*row) for row in cursor]
    cursor.execute(
        "SELECT model_id, experiment_id, lifecycle_stage = 'deleted' AND last_updated_timestamp_ms <= %s,"
        f" coalesce(artifact_location, '') FROM logged_models WHERE lifecycle_stage = 'deleted' OR {in_deleted}",
        (before,),
    )
    models = [Row(*row) for row in cursor]
    cursor.execute(
        "SELECT experiment_id FROM experiments WHERE lifecycle_stage = 'deleted' AND last_update_time < %s", (before,)
    )
    experiments = sorted(experiment for (experiment,) in cursor)
    workspace = "workspace" if workspaces else "NULL"
    cursor.execute(f"SELECT experiment_id, {workspace}, coalesce(artifact_location, '') FROM experiments")
    places = {experiment: Place(workspace, location.rstrip("/")) for experiment, workspace, location in cursor}
    cursor.execute("SELECT DISTINCT experiment_id FROM trace_info")
    traced = {experiment for (experiment,) in cursor}
    needed_runs, needed_models = set(RUN.findall(locations)), set(MODEL.findall(locations))
    return Deleted(runs, models, experiments, places, traced, needed_runs, needed_models)


def select_garbage(deleted: Deleted, root: ArtifactRoot) -> Garbage:
    """What of it goes: nothing whose files are elsewhere than below the artifact root."""
    garbage = Garbage()
    kinds = (
        ("run", deleted.runs, deleted.needed_runs, garbage.runs),
        ("logged model", deleted.models, deleted.needed_models, garbage.models),
    )
    for kind, rows, needed, old in kinds:
        for row in rows:
            if row.is_old and row.id in needed:
                garbage.kept.append(f"{kind} {row.id}: a registered model needs its files")
            elif row.is_old and not root.contains(row.location):
                garbage.kept.append(f"{kind} {row.id}: {outside(row.location)}")
            elif row.is_old:
                old[deleted.places[row.experiment].workspace].append(row.id)
    for experiment in deleted.experiments:
        runs = [row for row in deleted.runs if row.experiment == experiment]
        models = [row for row in deleted.models if row.experiment == experiment]
        is_needed = any(run.id in deleted.needed_runs for run in runs)
        if is_needed or any(model.id in deleted.needed_models for model in models):
            garbage.kept.append(f"experiment {experiment}: a registered model needs files of it")
        elif not all(run.is_old for run in runs):
            garbage.kept.append(f"experiment {experiment}: it contains a run that is not deleted, or was later")
        elif elsewhere := [each for each in locations_of(deleted, experiment, runs, models) if not root.contains(each)]:
            garbage.kept.append(f"experiment {experiment}: {outside(elsewhere[0])}")
        else:
            garbage.experiments.append(
                Experiment(
                    workspace=deleted.places[experiment].workspace,
                    id=experiment,
                    runs=[run.id for run in runs],
                    has_traces=experiment in deleted.traced,
                    files=remaining_files(deleted, experiment, models),
                )
            )
    return garbage


def locations_of(deleted: Deleted, experiment: int, runs: list[Row], models: list[Row]) -> list[str]:
    """Where the files of an experiment are."""
    return [deleted.places[experiment].location, *(row.location for row in [*runs, *models])]


def remaining_files(deleted: Deleted, experiment: int, models: list[Row]) -> list[tuple[str, str | None]]:
    """What `mlflow gc` leaves of an experiment: locations, each with a folder in it or None for all of it."""
    location = deleted.places[experiment].location
    others = [place.location for each, place in deleted.places.items() if each != experiment]
    if location.endswith(f"/{experiment}") and not any(f"{other}/".startswith(f"{location}/") for other in others):
        return [(location, "models"), (location, "traces")]  # no other experiment uses it
    return [(model.location, None) for model in models]
