"""What collect_garbage.py may remove, as the tracking database has it."""

import collections
import itertools
import re
import time

# Ids as they stand in the locations of a run's files and of a logged model's.
RUN, MODEL = re.compile(r"(?<![\w-])[0-9a-f]{32}(?![\w-])"), re.compile(r"(?<![\w-])m-[0-9a-f]{32}(?![\w-])")
Experiment = collections.namedtuple("Experiment", "workspace id runs has_traces files")


class Garbage:
    """What was deleted longer ago than so many milliseconds and is of no use to anybody, by workspace."""

    def __init__(self, cursor, milliseconds, workspaces):
        before = int(time.time() * 1000) - milliseconds
        in_deleted = "experiment_id IN (SELECT experiment_id FROM experiments WHERE lifecycle_stage = 'deleted')"
        needed_runs, needed_models = self.needed(cursor)
        cursor.execute("SELECT run_uuid, experiment_id, lifecycle_stage = 'deleted' AND coalesce(deleted_time <= %s, false)"
                       f" FROM runs WHERE lifecycle_stage = 'deleted' OR {in_deleted}", (before,))
        runs = cursor.fetchall()
        cursor.execute("SELECT model_id, experiment_id, lifecycle_stage = 'deleted' AND last_updated_timestamp_ms <= %s, artifact_location"
                       f" FROM logged_models WHERE lifecycle_stage = 'deleted' OR {in_deleted}", (before,))
        models = cursor.fetchall()
        cursor.execute("SELECT experiment_id FROM experiments WHERE lifecycle_stage = 'deleted' AND last_update_time < %s", (before,))
        old_experiments = sorted(experiment for (experiment,) in cursor)
        cursor.execute(f"SELECT experiment_id, {'workspace' if workspaces else 'NULL'}, coalesce(artifact_location, '') FROM experiments")
        places = {experiment: (workspace, location.rstrip("/")) for experiment, workspace, location in cursor}
        cursor.execute("SELECT DISTINCT experiment_id FROM trace_info")
        traced = {experiment for (experiment,) in cursor}

        self.kept = []
        self.runs, self.models, self.experiments = collections.defaultdict(list), collections.defaultdict(list), []
        for kind, rows, needed, old in (("run", runs, needed_runs, self.runs), ("logged model", models, needed_models, self.models)):
            for each, experiment, is_old, *_ in rows:
                if is_old and each in needed:
                    self.kept.append(f"{kind} {each}: a registered model needs its files")
                elif is_old:
                    old[places[experiment][0]].append(each)
        for experiment in old_experiments:
            inner_runs = [row for row in runs if row[1] == experiment]
            inner_models = [row for row in models if row[1] == experiment]
            if any(run in needed_runs for run, *_ in inner_runs) or any(model in needed_models for model, *_ in inner_models):
                self.kept.append(f"experiment {experiment}: a registered model needs files of it")
            elif not all(is_old for _, _, is_old in inner_runs):
                self.kept.append(f"experiment {experiment}: it holds a run that is not deleted, or was later")
            else:
                workspace, location = places[experiment]
                files = [(location, None) for *_, location in inner_models]
                others = [other for each, (_, other) in places.items() if each != experiment]
                if location.endswith(f"/{experiment}") and not any(f"{other}/".startswith(f"{location}/") for other in others):
                    files = [(location, "models"), (location, "traces")]  # of nobody else
                self.experiments.append(Experiment(workspace, experiment, [run for run, *_ in inner_runs], experiment in traced, files))

    def all(self):
        return {
            "run": list(itertools.chain(*self.runs.values())),
            "logged model": list(itertools.chain(*self.models.values())),
            "experiment": [experiment.id for experiment in self.experiments],
        }

    @staticmethod
    def needed(cursor):
        """The runs and logged models in whose files the versions in the model registry are."""
        cursor.execute("SELECT concat(source, ' ', storage_location) FROM model_versions WHERE current_stage IS DISTINCT FROM 'Deleted_Internal'")
        locations = " ".join(text for (text,) in cursor)
        return set(RUN.findall(locations)), set(MODEL.findall(locations))
