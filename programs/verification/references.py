"""Whether the artifacts of a backup are those that its database names."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from backup.manifest import ArtifactsEntry
from common.exit_codes import ExitCode
from common.process import Failure, describe, log
from verification.databases import Server

PROXIED = "mlflow-artifacts:"
# What MLflow 3 writes when all files of a logged model are there.
READY = 2
# How many of each kind are looked up.
NEWEST = 50
# Fewer may all have been deleted.
ENOUGH = 3

# Kind, name and location of what has files: logged models, model versions, and runs that logged tables or images.
NAMED = f"""
(SELECT json_build_array('logged model', model_id, artifact_location) FROM logged_models
  WHERE lifecycle_stage = 'active' AND status = {READY} ORDER BY creation_timestamp_ms DESC LIMIT {NEWEST})
UNION ALL
(SELECT json_build_array('run', run_uuid, artifact_uri) FROM runs
  WHERE lifecycle_stage = 'active' AND EXISTS (SELECT FROM tags WHERE tags.run_uuid = runs.run_uuid
         AND key IN ('mlflow.loggedArtifacts', 'mlflow.loggedImages'))
  ORDER BY start_time DESC LIMIT {NEWEST})
UNION ALL
(SELECT json_build_array('model version', name || '/' || version, coalesce(storage_location, source))
   FROM model_versions WHERE current_stage <> 'Deleted_Internal' ORDER BY creation_time DESC LIMIT {NEWEST})
"""


def check_references(server: Server, copied: ArtifactsEntry, keys: Sequence[str]) -> None:
    """Look up the newest runs and models that must have files. Without any, these are artifacts of something else."""
    ordered, found, missing = sorted(keys), 0, []
    for kind, name, location in server.ask("tracking", NAMED):
        folder = folder_of(str(location), copied)
        if folder is None:  # in a store of its own
            continue
        if has_files(ordered, folder):
            found += 1
        else:
            missing.append(f"{kind} {name}")
    if not found and len(missing) >= ENOUGH:
        message = (
            f"none of the {len(missing)} newest runs and models with files has any in the backup "
            f"({describe(missing[0])} is one): its artifacts are not those of its database"
        )
        raise Failure(ExitCode.BACKUP_DAMAGED, message)
    log(f"artifacts: {found} of the {found + len(missing)} newest runs and models with files have them in the backup")
    if missing:
        names = ", ".join(map(describe, missing[:5]))
        log(f"warning: files of {names} are not in the backup; they may have been deleted")


def folder_of(location: str, copied: ArtifactsEntry) -> str | None:
    """What the keys of the files of a location begin with, or None if the location may be in another store."""
    if location.startswith(PROXIED):
        rest = location.removeprefix(PROXIED)
        return rest.removeprefix("//").partition("/")[2] if rest.startswith("//") else rest.removeprefix("/")
    # A version of a model may name the run or the logged model that it is of.
    root = copied.get("root")
    return location.removeprefix(root) if root and location.startswith(root) else None


def has_files(ordered: Sequence[str], folder: str) -> bool:
    """Whether one of the keys, in order, is below a folder."""
    prefix = folder.rstrip("/") + "/"
    index = bisect.bisect_left(ordered, prefix)
    return index < len(ordered) and ordered[index].startswith(prefix)
